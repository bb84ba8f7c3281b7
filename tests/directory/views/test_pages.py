"""The pages of the directory, as a reader without an account sees them."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.core.db import db, session, unit_of_work
from directory.models.listing import Listing, RetiredSlug
from directory.queries.listings import get_listing
from directory.services.findable import put_listings

DOORS = {
    "netwerk": "/netwerken",
    "samenwerkingsverband": "/regio",
    "onderzoeksgroep": "/onderzoek",
    "bron(info)": "/bronnen",
    "scholing": "/scholing",
}
ANCHORS = {
    "netwerk": "netwerken",
    "samenwerkingsverband": "regio",
    "onderzoeksgroep": "onderzoek",
    "bron(info)": "bronnen",
    "scholing": "scholing",
}
MAX_STATEMENTS = 12


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Collect the statements that are sent to the database."""
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA")):
            statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def main_of(page: str) -> str:
    return page[page.index("<main") : page.index("<footer")]


def listed(page: str) -> set[str]:
    return set(re.findall(r'<a class="title" href="/gids/([a-z0-9-]+)"', main_of(page)))


@pytest.mark.usefixtures("gids")
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_page_is_there_in_both_languages(
    client: FlaskClient, seed: dict[str, Any], language: str
):
    paths = [
        *DOORS.values(),
        "/matrix",
        "/onderwerpen",
        *(f"/gids/{entry['slug']}" for entry in seed["entries"]),
        *(f"/onderwerp/{topic['slug']}" for topic in seed["topics"]),
    ]

    answers = {path: client.get(path, headers={"Accept-Language": language}) for path in paths}

    assert {path for path, answer in answers.items() if answer.status_code != 200} == set()
    assert all(f'<html lang="{language}"' in answer.text for answer in answers.values())


@pytest.mark.usefixtures("gids")
@pytest.mark.parametrize("category", list(DOORS))
def test_a_door_lists_all_its_listings_by_their_name(
    client: FlaskClient, seed: dict[str, Any], category: str
):
    wanted = [entry for entry in seed["entries"] if entry["category"] == category]

    page = client.get(DOORS[category]).text

    assert listed(page) == {entry["slug"] for entry in wanted}
    for entry in wanted:
        assert entry["name"].replace("&", "&amp;").replace("'", "&#39;") in page


@pytest.mark.usefixtures("gids")
def test_every_cell_of_the_matrix_leads_both_ways(client: FlaskClient, seed: dict[str, Any]):
    page = client.get("/matrix").text

    for topic in seed["topics"]:
        for category, door in DOORS.items():
            assert f'href="{door}?onderwerp={topic["slug"]}"' in page
            assert f'href="/onderwerp/{topic["slug"]}#{ANCHORS[category]}"' in page


@pytest.mark.usefixtures("gids")
def test_every_cell_counts_what_is_behind_it(client: FlaskClient, seed: dict[str, Any]):
    matrix = client.get("/matrix").text

    for topic in seed["topics"]:
        for category, door in DOORS.items():
            entries = [entry for entry in seed["entries"] if entry["category"] == category]
            main = {e["slug"] for e in entries if topic["slug"] in {t["slug"] for t in e["topics"]}}
            ours = {e["slug"] for e in entries if topic["slug"] in e["topic_candidates"]}
            cell = re.search(rf'href="{door}\?onderwerp={topic["slug"]}"[^>]*>(\d+)', matrix)
            assert cell is not None
            assert int(cell[1]) == len(main)
            assert listed(client.get(f"{door}?onderwerp={topic['slug']}").text) == main | ours


@pytest.mark.usefixtures("gids")
def test_a_topic_shows_the_same_listings_from_its_side(client: FlaskClient, seed: dict[str, Any]):
    for topic in seed["topics"]:
        page = client.get(f"/onderwerp/{topic['slug']}").text
        wanted = {
            entry["slug"]
            for entry in seed["entries"]
            if topic["slug"] in {t["slug"] for t in entry["topics"]}
            or topic["slug"] in entry["topic_candidates"]
        }
        assert listed(page) == wanted
        assert all(f'id="{anchor}"' in page for anchor in [*ANCHORS.values(), "gesprekken"])


@pytest.mark.usefixtures("gids")
def test_a_topic_shows_its_words_and_neighbours_but_no_misprint(client: FlaskClient):
    page = main_of(client.get("/onderwerp/leerwegonafhankelijke-toetsing").text)
    broader = main_of(client.get("/onderwerp/toetsing").text)

    assert "LOT" in page
    assert 'href="/onderwerp/toetsing"' in page
    assert 'href="/onderwerp/leerwegonafhankelijke-toetsing"' in broader
    assert "leerwegaafhankelijke toetsing" not in page.lower()


@pytest.mark.usefixtures("gids")
def test_a_listing_without_address_says_so_with_the_printed_words(
    client: FlaskClient, seed: dict[str, Any]
):
    for entry in seed["entries"]:
        page = main_of(client.get(f"/gids/{entry['slug']}").text)
        assert ("We hebben geen werkend adres" in page) is (entry["url"] is None), entry["slug"]
        if entry["url"] is None and entry["link_text"]:
            printed = entry["link_text"].replace("&", "&amp;").replace("'", "&#39;")
            assert printed in page
        assert "nog niet door eigenaar bevestigd" in page


@pytest.mark.usefixtures("gids")
def test_a_damaged_address_is_text_and_its_correction_is_marked(
    client: FlaskClient, seed: dict[str, Any]
):
    damaged = [entry for entry in seed["entries"] if entry["url_candidate"]]

    for entry in damaged:
        page = main_of(client.get(f"/gids/{entry['slug']}").text)
        assert f"<code>{entry['url']}</code>" in page
        assert f'href="{entry["url"]}"' not in page
        assert f'href="{entry["url_candidate"]}"' in page
        assert "(niet gecontroleerd)" in page
    assert len(damaged) == 7


@pytest.mark.usefixtures("gids")
def test_every_printed_good_address_is_a_link(client: FlaskClient, seed: dict[str, Any]):
    for entry in seed["entries"]:
        if entry["url"] and not entry["url_candidate"]:
            page = main_of(client.get(f"/gids/{entry['slug']}").text)
            assert f'href="{entry["url"]}"' in page
            assert 'rel="external nofollow noopener noreferrer"' in page


@pytest.mark.usefixtures("gids")
def test_every_relation_is_on_both_pages(client: FlaskClient, seed: dict[str, Any]):
    for relation in seed["relations"]:
        subject = main_of(client.get(f"/gids/{relation['subject']}").text)
        other = main_of(client.get(f"/gids/{relation['object']}").text)
        assert f'href="/gids/{relation["object"]}"' in subject
        assert f'href="/gids/{relation["subject"]}"' in other


@pytest.mark.usefixtures("gids")
def test_a_succession_is_told_with_the_sentence_it_rests_on(client: FlaskClient):
    page = main_of(client.get("/gids/raps-po").text)

    assert "Gaat op in" in page
    assert "regionaal samenkomen in onderwijsregio" in page
    assert "Hierin gaan op" in main_of(client.get("/gids/onderwijsregios").text)


def test_an_old_address_leads_to_the_new_one_for_good(gids: Flask, client: FlaskClient):
    with gids.app_context(), unit_of_work():
        listing = get_listing("surf", None)
        session().add(RetiredSlug(slug="surfnet", listing_id=listing.id))

    answer = client.get("/gids/surfnet")

    assert answer.status_code == 301
    assert answer.headers["Location"].endswith("/gids/surf")


@pytest.mark.usefixtures("gids")
@pytest.mark.parametrize("path", ["/gids/bestaat-niet", "/onderwerp/bestaat-niet"])
def test_what_is_not_there_is_404_in_the_look_of_the_site(client: FlaskClient, path: str):
    answer = client.get(path)

    assert answer.status_code == 404
    assert "site-header" in answer.text


@pytest.mark.usefixtures("gids")
@pytest.mark.parametrize(
    "query",
    ["onderwerp=bestaat-niet", "onderwerp=%F0%9F%A6%8A", "pagina=-1", "pagina=x", "pagina=%C2%B2"],
)
def test_nonsense_in_a_filter_shows_everything(client: FlaskClient, query: str):
    page = client.get(f"/netwerken?{query}").text

    assert len(listed(page)) == 9


@pytest.mark.usefixtures("gids")
def test_a_page_beyond_the_last_is_empty_and_no_error(client: FlaskClient):
    answer = client.get("/netwerken?pagina=50")

    assert answer.status_code == 200
    assert listed(answer.text) == set()


def test_what_is_only_for_our_people_is_hidden_from_others(gids: Flask, client: FlaskClient):
    with gids.app_context(), unit_of_work():
        listing = get_listing("surf", None)
        listing.visibility = "local"
        put_listings([listing])

    assert client.get("/gids/surf").status_code == 404
    assert "surf" not in listed(client.get("/netwerken").text)
    assert "surf" not in listed(client.get("/onderwerp/blended-learning").text)
    assert 'href="/gids/surf"' not in client.get("/zoeken?q=SURF").text


def test_the_description_for_machines_is_safe_and_true(gids: Flask, client: FlaskClient):
    evil = "</script><script>alert(1)</script>"
    with gids.app_context(), unit_of_work():
        session().get_one(Listing, get_listing("surf", None).id).descriptions = {"nl": evil}

    page = client.get("/gids/surf").text

    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    assert json.loads(found[1])["description"] == evil
    assert "<script>alert(1)" not in page


@pytest.mark.usefixtures("gids")
def test_no_page_asks_the_database_more_than_twelve_times(
    gids: Flask, client: FlaskClient, seed: dict[str, Any]
):
    paths = [
        *DOORS.values(),
        "/matrix",
        "/onderwerpen",
        "/onderzoek?onderwerp=toetsing",
        "/zoeken?q=leerwegonafhankelijke+toetsing+opleider",
        *(f"/onderwerp/{topic['slug']}" for topic in seed["topics"]),
        "/gids/surf",
        "/gids/onderwijsregios",
    ]

    counts = {}
    for path in paths:
        with counted(gids) as statements:
            client.get(path)
        counts[path] = len(statements)

    assert {path: count for path, count in counts.items() if count > MAX_STATEMENTS} == {}


@pytest.mark.usefixtures("gids")
@pytest.mark.parametrize(
    ("question", "slug"),
    [
        ("werkplek", "hu-promotieonderzoek-begeleiding-werkplek"),
        ("begeleiden student", "hu-promotieonderzoek-begeleiding-werkplek"),
        ("opleider", "lvm-wat-is-er-nodig"),
        ("regio", "onderwijsregios"),
        ("LOT", "fontys-meer-weten-lot"),
        ("SO&P", "platform-samen-opleiden-professionaliseren"),
        ("leerwegaafhankelijk", "hu-lot-deeltijdexperiment"),
        ("leerwegaafhankelijke toetsing", "fontys-meer-weten-lot"),
        ("werkpleklers", "academie-voor-werkplekleren"),
        ("flexibel onderwijs", "ra-zon"),
        ("ict-coöperatie", "surf"),
        ("cooperatie", "surf"),
        ("Fontys", "lectoraat-wendbare-onderwijsprofessionals-fontys"),
    ],
)
def test_search_finds_a_listing(client: FlaskClient, question: str, slug: str):
    page = client.get("/zoeken", query_string={"q": question, "soort": "listing"}).text

    assert slug in listed(page)


@pytest.mark.usefixtures("gids")
@pytest.mark.parametrize(
    ("question", "slug"),
    [
        ("LOT", "leerwegonafhankelijke-toetsing"),
        ("anders toetsen", "toetsing"),
        ("werkpleklers", "begeleiden-van-werkplekleren"),
        ("ICT", "blended-learning"),
    ],
)
def test_search_finds_a_topic_by_any_of_its_names(client: FlaskClient, question: str, slug: str):
    page = client.get("/zoeken", query_string={"q": question, "soort": "topic"}).text

    assert f'href="/onderwerp/{slug}"' in main_of(page)


@pytest.mark.usefixtures("gids")
def test_the_home_page_has_the_doors_with_their_counts(client: FlaskClient):
    page = main_of(client.get("/").text)

    for text in (
        "9 netwerken",
        "7 samenwerkingsverbanden",
        "22 onderzoeksgroepen",
        "36 bronnen",
        "11 scholingen",
    ):
        assert text in page


@pytest.mark.usefixtures("gids")
@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/gids.csv", "text/csv; charset=utf-8"),
        ("/gids.yaml", "application/yaml; charset=utf-8"),
        ("/gids.jsonld", "application/ld+json"),
        ("/gids.opml", "text/x-opml; charset=utf-8"),
        ("/onderwerpen.jsonld", "application/ld+json"),
    ],
)
def test_the_directory_can_be_taken_away(client: FlaskClient, path: str, media_type: str):
    answer = client.get(path)

    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["ETag"]


def test_an_empty_directory_says_what_to_do(client: FlaskClient):
    assert "Hier staat nog niets." in client.get("/netwerken").text
    assert client.get("/matrix").status_code == 200
    assert client.get("/onderwerpen").status_code == 200
