"""Nobody who has not confirmed is named anywhere: pages, search, exports, feeds."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.core.dutch import fold_text
from app.core.errors import InvalidInputError
from app.search.documents import IndexedDocument, SearchSynonym, SearchTerm
from directory.models.contact import Contact
from directory.models.listing import Listing, RetiredSlug
from directory.names import full_name, surname_of
from directory.queries.listings import get_listing
from directory.services import listings
from directory.services.exports import EXPORTS, export_directory
from directory.services.imports import import_starter
from tests.support.factories import make_account

DOORS = ("netwerken", "regio", "onderzoek", "bronnen", "scholing")
FIXED_PAGES = (
    "/",
    *(f"/{door}" for door in DOORS),
    "/matrix",
    "/onderwerpen",
    "/onderwerpen.jsonld",
    *(f"/gids.{name}" for name in ("csv", "yaml", "jsonld", "opml")),
    "/nieuws.atom",
    "/nieuws.opml",
)


def list_names(seed: dict[str, Any]) -> set[str]:
    """Full names, and surnames that are no ordinary word in the seed."""
    people = {person for entry in seed["entries"] for person in entry["people"]}
    names = {full_name(person) for person in people} | {surname_of(person) for person in people}
    return names - {""}


def find_names(text: str, names: set[str]) -> list[str]:
    """Names in `text` as separate words with their capitals; addresses in small letters are not."""
    return [name for name in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)]


def test_the_seed_names_people(seed: dict[str, Any]):
    assert len({person for entry in seed["entries"] for person in entry["people"]}) == 16


@pytest.mark.usefixtures("gids")
def test_no_page_names_anybody(client: FlaskClient, seed: dict[str, Any]):
    names = list_names(seed)
    paths = [
        *FIXED_PAGES,
        *(f"/gids/{entry['slug']}" for entry in seed["entries"]),
        *(f"/onderwerp/{topic['slug']}" for topic in seed["topics"]),
    ]

    found = {path: find_names(client.get(path).text, names) for path in paths}

    assert {path: hits for path, hits in found.items() if hits} == {}


@pytest.mark.usefixtures("gids")
def test_search_finds_nobody_by_name(client: FlaskClient, seed: dict[str, Any]):
    people = {person for entry in seed["entries"] for person in entry["people"]}

    for person in people:
        page = client.get("/zoeken", query_string={"q": surname_of(person)}).text
        assert "Niets gevonden" in page, person


def test_the_index_holds_no_name(gids: Flask, seed: dict[str, Any]):
    surnames = {
        surname_of(person).lower() for entry in seed["entries"] for person in entry["people"]
    }

    with gids.app_context():
        rows = session().scalars(select(IndexedDocument)).all()
        words = {
            word
            for row in rows
            for word in f"{row.title} {row.text} {row.detail} {row.title_tokens} "
            f"{row.text_tokens}".lower().split()
        }
        words |= set(session().scalars(select(SearchTerm.term)))
        words |= set(session().scalars(select(SearchSynonym.tokens)))

    assert len(rows) > 85
    assert words & surnames == set()


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_no_export_names_anybody(gids: Flask, seed: dict[str, Any], name: str):
    with gids.test_request_context():
        text = export_directory(name)

    assert find_names(text, list_names(seed)) == []


def test_no_handle_holds_the_name_of_a_person(gids: Flask, seed: dict[str, Any]):
    with gids.app_context():
        handles = session().scalars(select(Listing.handle)).all()

    words = {word for handle in handles for word in handle.split("_")}
    assert words & {name.lower() for name in list_names(seed)} == set()


def test_names_in_notes_and_descriptions_are_withheld(gids: Flask):
    with gids.app_context():
        rows = session().scalars(select(Listing).order_by(Listing.position))
        withheld = {row.slug: row.withheld for row in rows if row.withheld}

    assert withheld == {
        "lectoraat-leeromgevingen-in-het-beroepsonderwijs-hu": ["note"],
        "team-teaching-wat-waarom-hoe-en-met-welke-resultaten-een": ["description"],
    }


def test_no_address_holds_a_name_that_is_kept_back(gids: Flask):
    with gids.app_context():
        rows = session().scalars(select(Contact).where(Contact.confirmed_at.is_(None))).all()
        kept = session().scalars(select(Listing))
        addresses = {row.id: (row.slug, row.handle) for row in kept}
        telling = {
            address
            for row in rows
            for address in addresses[row.listing_id]
            if set(re.split("[-_]", address)) & set(fold_text(surname_of(row.name)).split())
        }

    assert len(rows) > 10
    assert telling == set()


def test_the_address_that_told_a_name_is_gone(gids: Flask, client: FlaskClient):
    assert client.get("/gids/meirsschaut-ruys-2017").status_code == 404


def test_an_address_from_before_loses_the_name_when_the_directory_is_loaded_again(gids: Flask):
    former = "meirsschaut-ruys-2017"
    with gids.app_context(), unit_of_work():
        listing = session().scalars(select(Listing).filter_by(source_id=former)).one()
        neutral, listing.slug = listing.slug, former
        listing.edited_at = utcnow()

    with gids.app_context(), unit_of_work():
        report = import_starter()

    with gids.app_context():
        again = session().scalars(select(Listing).filter_by(source_id=former)).one()
        assert (again.slug, report.changed, report.kept) == (neutral, 1, 0)
        assert session().get(RetiredSlug, former) is None


def test_no_editor_puts_a_hidden_name_in_an_address(gids: Flask):
    with gids.app_context():
        admin = make_account("beheer_anna", admin=True)
        called = select(Listing).filter_by(source_id="meirsschaut-ruys-2017")
        listing = session().scalars(called).one()
        draft = listings.ListingDraft(
            slug="verkenning-van-ruys",
            names=listing.names,
            descriptions=listing.descriptions,
            joining={},
            institution="",
            links={},
            topic_slugs=[],
            is_confirmed=False,
        )
        with unit_of_work(), pytest.raises(InvalidInputError) as refused:
            listings.edit_listing(listing, draft, admin)

    assert refused.value.field == "slug"


def test_a_reader_is_told_that_something_is_hidden(gids: Flask, client: FlaskClient):
    page = client.get("/gids/team-teaching-wat-waarom-hoe-en-met-welke-resultaten-een").text

    assert "De bron noemt 2 personen." in page
    assert "Een deel van de tekst noemt iemand en is daarom verborgen." in page


def test_who_confirms_is_named_and_their_text_comes_back(gids: Flask, client: FlaskClient):
    slug = "lectoraat-leeromgevingen-in-het-beroepsonderwijs-hu"
    with gids.app_context():
        admin = make_account("beheer_anna", admin=True)
        with unit_of_work():
            listing = get_listing(slug, admin)
            contact = session().scalars(select(Contact).filter_by(listing_id=listing.id)).one()
            name = contact.name
            listings.confirm_contact(listing, contact.id, admin)

    page = client.get(f"/gids/{slug}").text

    assert page.count(name) >= 3  # once as a contact, twice in the note
    assert "daarom verborgen" not in page
