from datetime import UTC, datetime

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from feeds.formats.errors import InvalidOpmlError
from feeds.formats.opml import OpmlDocument, OpmlFeed, read_opml, write_opml
from tests.feeds.formats.golden_documents import check_golden

LIST = OpmlDocument(
    title="Bronnen van Verbindplaats",
    updated=datetime(2024, 3, 1, 8, tzinfo=UTC),
    feeds=(
        OpmlFeed(
            title="Toetsen & beoordelen",
            feed_url="https://toetsnetwerk.voorbeeld.example/feed/",
            home_url="https://toetsnetwerk.voorbeeld.example/",
            description="Samen leren over toetsen",
            language="nl",
            path=("Netwerken", "Toetsing"),
        ),
        OpmlFeed(title="Los", feed_url="https://los.voorbeeld.example/feed"),
        OpmlFeed(
            title="Lectoraat", feed_url="https://lectoraat.voorbeeld.example/a", path=("Netwerken",)
        ),
    ),
)


def opml(body, head="<head><title>Mijn lijst</title></head>", prolog=""):
    return f'{prolog}<opml version="1.0">{head}<body>{body}</body></opml>'.encode()


def test_the_list_we_give_along_equals_its_golden_file():
    check_golden("list.opml", write_opml(LIST))


def test_a_list_written_and_read_again_is_the_same_list():
    back = read_opml(write_opml(LIST))

    assert {feed.feed_url: feed for feed in back.feeds} == {
        feed.feed_url: feed for feed in LIST.feeds
    }
    assert (back.title, back.skipped) == (LIST.title, 0)


def test_every_outline_has_the_text_the_specification_demands():
    outlines = list(fromstring(write_opml(LIST)).iter("outline"))

    assert len(outlines) == 5
    assert all(outline.get("text") for outline in outlines)


def test_a_list_without_date_and_title_is_written():
    document = OpmlDocument(title=None, feeds=())

    assert read_opml(write_opml(document)) == document


def test_lists_of_other_programs_are_read():
    document = read_opml(
        opml(
            '<outline text="Map"><outline text="A" xmlUrl="https://a.example/f"/>'
            '<outline title="B" xmlurl="https://b.example/f"/></outline>'
            '<outline xmlUrl="https://a.example/f" text="dubbel"/>'
            '<outline xmlUrl="javascript:x"/><outline xmlUrl="http://127.0.0.1/"/>'
        )
    )

    assert [(feed.title, feed.path) for feed in document.feeds] == [
        ("A", ("Map",)),
        ("B", ("Map",)),
    ]
    assert (document.title, document.skipped) == ("Mijn lijst", 2)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "well-formed"),
        (b"<opml><body>", "well-formed"),
        (b"<rss/>", "not an OPML"),
        (b"<opml><head/></opml>", "not an OPML"),
        (b"\x00\xff", "well-formed"),
        (opml("", prolog="<!DOCTYPE opml>"), "document type"),
        (opml("&a;", prolog='<!DOCTYPE opml [<!ENTITY a "b">]>'), "document type"),
        (opml("", prolog='<!DOCTYPE opml SYSTEM "file:///etc/hostname">'), "document type"),
        (opml(" " * 256 * 1024), "larger than 256 KB"),
        (b'<?xml version="1.0" encoding="onzin"?><opml/>', "well-formed"),
    ],
)
def test_what_is_not_a_safe_list_is_refused(body, problem):
    with pytest.raises(InvalidOpmlError, match=problem):
        read_opml(body)


def test_deeply_nested_folders_are_flattened():
    depth = 5_000
    nested = '<outline text="m">' * depth + '<outline xmlUrl="https://a.example/f"/>'

    feed = read_opml(opml(nested + "</outline>" * depth)).feeds[0]

    assert feed.path == ("m",) * 20


@given(st.binary(max_size=100) | st.text(max_size=60).map(lambda text: opml(text)))
def test_any_bytes_are_a_list_or_a_clear_refusal(body):
    try:
        document = read_opml(body)
    except InvalidOpmlError:
        return

    assert isinstance(document, OpmlDocument)
