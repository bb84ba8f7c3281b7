"""Nobody who has not confirmed is named anywhere: pages, search, exports, feeds."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core.db import session, unit_of_work
from app.search.documents import IndexedDocument, SearchSynonym, SearchTerm
from directory.models.contact import Contact
from directory.models.listing import Listing
from directory.names import full_name, surname_of
from directory.queries.listings import get_listing
from directory.services import listings
from directory.services.exports import EXPORTS, export_directory
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
        "meirsschaut-ruys-2017": ["description"],
    }


def test_a_reader_is_told_that_something_is_hidden(gids: Flask, client: FlaskClient):
    page = client.get("/gids/meirsschaut-ruys-2017").text

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
