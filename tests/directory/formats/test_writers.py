"""The exports: parse back, complete, safe."""

import csv
import io
import json
from typing import Any

import pytest
import yaml
from defusedxml import ElementTree
from flask import Flask

from app.core.db import session, unit_of_work
from directory.formats.document import DirectoryDocument, EntryDocument
from directory.formats.read_yaml import read_yaml
from directory.formats.write_csv import write_csv
from directory.formats.write_jsonld import describe_entry, write_for_page
from directory.formats.write_yaml import write_yaml
from directory.models.listing import Listing
from directory.queries.listings import get_listing
from directory.services.exports import export_directory
from directory.services.feeds import join_feed
from directory.services.imports import import_directory

HIDDEN = {
    "lectoraat-leeromgevingen-in-het-beroepsonderwijs-hu": "note",
    "team-teaching-wat-waarom-hoe-en-met-welke-resultaten-een": "description",
}


@pytest.fixture(scope="session")
def seed(shown_seed: dict[str, Any]) -> dict[str, Any]:
    return shown_seed


def export(app: Flask, name: str) -> str:
    with app.test_request_context():
        return export_directory(name)


def without_people(seed: dict[str, Any]) -> dict[str, Any]:
    entries = [
        {
            **entry,
            "people": [],
            **({HIDDEN[entry["slug"]]: None} if entry["slug"] in HIDDEN else {}),
        }
        for entry in seed["entries"]
    ]
    return {**seed, "entries": entries}


def test_yaml_is_the_seed_without_unconfirmed_people(gids: Flask, seed: dict[str, Any]):
    exported = yaml.safe_load(export(gids, "yaml"))

    assert exported == without_people(seed)
    assert list(exported) == list(seed)
    assert list(exported["entries"][0]) == list(seed["entries"][0])


def test_yaml_loads_into_an_empty_directory_and_comes_out_the_same(gids: Flask, make_app):
    exported = export(gids, "yaml")
    other = make_app("http://ander.test")

    with other.app_context(), unit_of_work():
        import_directory(exported.encode(), "copy")

    assert export(other, "yaml") == exported


def test_loading_our_own_export_takes_nothing_away(gids: Flask):
    exported = export(gids, "yaml")

    with gids.app_context(), unit_of_work():
        import_directory(exported.encode(), "copy")
        listing = get_listing("team-teaching-wat-waarom-hoe-en-met-welke-resultaten-een", None)

        assert len(listing.contacts) == 2
        assert listing.descriptions

    assert export(gids, "yaml") == exported


def test_yaml_carries_what_was_added_here(gids: Flask, make_app):
    with gids.app_context(), unit_of_work():
        listing = get_listing("surf", None)
        listing.names = {**listing.names, "en": "SURF in English"}
        listing.joining = {"nl": "Schrijf je in."}
        join_feed(listing, "http://voorbeeld.test/feed.xml")
    exported = export(gids, "yaml")
    other = make_app("http://ander.test")

    with other.app_context(), unit_of_work():
        import_directory(exported.encode(), "copy")
        copy = get_listing("surf", None)

        assert copy.names["en"] == "SURF in English"
        assert copy.joining == {"nl": "Schrijf je in."}
    assert "http://voorbeeld.test/feed.xml" in export(other, "yaml")


def test_csv_has_a_row_per_listing(gids: Flask, seed: dict[str, Any]):
    rows = list(csv.DictReader(io.StringIO(export(gids, "csv"))))

    assert [row["slug"] for row in rows] == [entry["slug"] for entry in seed["entries"]]
    assert [row["url"] for row in rows] == [entry["url"] or "" for entry in seed["entries"]]
    assert rows[0]["page"] == "http://ons.test/gids/themagroep-flexibel-opleiden"


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_is_a_formula(name: str):
    document = DirectoryDocument({}, (), (EntryDocument("x", {"nl": name}, "netwerk"),))

    (row,) = csv.DictReader(io.StringIO(write_csv(document), newline=""))

    assert row["name"] == f"'{name}"


def test_jsonld_describes_every_listing(gids: Flask, seed: dict[str, Any]):
    content = json.loads(export(gids, "jsonld"))

    parts = content["hasPart"]
    assert content["@context"] == "https://schema.org"
    assert [part["name"] for part in parts] == [entry["name"] for entry in seed["entries"]]
    by_id = {part["@id"]: part for part in parts}
    assert by_id["http://ons.test/o/surf"]["knowsAbout"][0]["name"] == "Blended learning"
    assert by_id["http://ons.test/o/netwerk_toetsbekwaamheid_home"]["sameAs"] == [
        "http://ons.test/gids/netwerk-toetsbekwaamheid-hbo"
    ]


def test_skos_holds_every_topic_both_ways(gids: Flask, seed: dict[str, Any]):
    graph = json.loads(export(gids, "skos"))["@graph"]
    concepts = {row["notation"]: row for row in graph if row["@type"] == "Concept"}

    assert set(concepts) == {topic["slug"] for topic in seed["topics"]}
    for topic in seed["topics"]:
        concept = concepts[topic["slug"]]
        broader = topic["broader"]
        assert concept["prefLabel"] == {"nl": topic["label"]}
        if broader:
            assert concept["broader"] == concepts[broader]["@id"]
            assert concept["@id"] in concepts[broader]["narrower"]
    assert concepts["leerwegonafhankelijke-toetsing"]["hiddenLabel"] == {
        "nl": ["Leerwegaafhankelijke toetsing"]
    }
    assert concepts["leerwegonafhankelijke-toetsing"]["altLabel"] == {"nl": ["LOT"]}


def test_opml_lists_the_feeds_of_listings(gids: Flask):
    with gids.app_context(), unit_of_work():
        join_feed(get_listing("surf", None), "http://voorbeeld.test/feed.xml")

    body = ElementTree.fromstring(export(gids, "opml")).find("body")

    assert body is not None
    (outline,) = [one for one in body.iter("outline") if one.get("xmlUrl")]
    assert outline.get("xmlUrl") == "http://voorbeeld.test/feed.xml"
    assert outline.get("text") == "SURF"


def test_yaml_that_we_write_is_yaml_that_we_read(gids: Flask):
    text = export(gids, "yaml")

    assert write_yaml(read_yaml(text.encode())) == text


def test_json_in_a_page_cannot_leave_its_script_element():
    entry = EntryDocument("x", {"nl": "</script><script>alert(1)</script>&\u2028<!--"}, "netwerk")

    text = write_for_page(describe_entry(entry, {}, [], {}))

    assert not set("<>&\u2028") & set(text)
    assert json.loads(text)["name"] == entry.names["nl"]


def test_only_public_listings_are_exported(gids: Flask):
    with gids.app_context(), unit_of_work():
        session().get_one(Listing, get_listing("surf", None).id).visibility = "local"

    exported = yaml.safe_load(export(gids, "yaml"))

    assert "surf" not in {entry["slug"] for entry in exported["entries"]}
    assert exported["meta"]["entries"] == 84
