import json
import re
import socket
import time
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from feeds.formats.detect import READERS, read_feed
from feeds.formats.document import FeedDocument
from feeds.formats.errors import NotAFeedError, NotAFeedReason
from tests.feeds.formats.feed_texts import NOW, URL, atom, read, rss

RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/"><channel/><item><title>x</title></item></rdf:RDF>"""
ITEM = "<item><title>Studiedag</title><link>https://a.example/1</link></item>"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", NotAFeedReason.EMPTY),
        (b"\xef\xbb\xbf \n\t", NotAFeedReason.EMPTY),
        (b"<!DOCTYPE html><html><body>Inloggen</body></html>", NotAFeedReason.HTML),
        (b"<p>hallo</p><body>x", NotAFeedReason.HTML),
        (b'<?xml version="1.0"?><note/>', NotAFeedReason.XML),
        (b"zomaar tekst", NotAFeedReason.TEXT),
        (b'{"title": "x", "items": []}', NotAFeedReason.JSON),
        (b"[1, 2]", NotAFeedReason.JSON),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": [', NotAFeedReason.UNREADABLE),
        (b"[" * 100_000, NotAFeedReason.UNREADABLE),
        (b"x" * (8 * 1024 * 1024 + 1), NotAFeedReason.TOO_LARGE),
    ],
)
def test_what_is_not_a_feed_is_refused_with_what_it_is(body, reason):
    with pytest.raises(NotAFeedError) as refused:
        read(body)

    assert refused.value.reason is reason
    assert str(refused.value)


@pytest.mark.parametrize(
    "content_type", ["text/html", "application/octet-stream", "image/png", "", "text/plain; q=x"]
)
def test_the_content_type_decides_nothing(content_type):
    document = read(rss(ITEM), content_type=content_type)

    assert (document.kind, len(document.entries)) == ("rss", 1)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (rss(ITEM), "rss"),
        (b'<rss version="0.91"><channel><item><title>x</title></item></channel></rss>', "rss"),
        (atom("<entry><title>x</title></entry>"), "atom"),
        (b'<entry xmlns="http://www.w3.org/2005/Atom"><title>x</title></entry>', "atom"),
        (b'<CHANNEL HREF="/"><ITEM HREF="/1"><TITLE>x</TITLE></ITEM></CHANNEL>', "cdf"),
        (RDF, "rdf"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1"}]}', "json"),
    ],
)
def test_every_kind_of_feed_is_recognised(body, kind):
    document = read(body)

    assert (document.kind, len(document.entries)) == (kind, 1)


def test_a_php_warning_before_the_feed_is_passed_over():
    document = read(b"<br />\n<b>Warning</b>: mysql_connect() in x.php<br />" + rss(ITEM))

    assert document.entries[0].title == "Studiedag"


def test_a_feed_without_entries_is_a_feed():
    assert read(rss("")).entries == ()


def test_readers_cover_both_families():
    assert set(READERS) == {"xml", "json"}


def numbered(count):
    moments = (datetime(2020, 1, 1 + n % 28, n // 1000, tzinfo=UTC) for n in range(count))
    dates = (f"{moment:%a, %d %b %Y %H:%M:%S} GMT" for moment in moments)
    return "".join(
        f"<item><guid>{n}</guid><pubDate>{date}</pubDate></item>" for n, date in enumerate(dates)
    )


def test_of_twenty_thousand_items_the_newest_five_hundred_stay_in_document_order():
    started = time.monotonic()
    document = read(rss(numbered(20_000)))

    assert (len(document.entries), document.total) == (500, 20_000)
    assert all(entry.published.day == 28 for entry in document.entries)
    assert [int(entry.id) for entry in document.entries] == sorted(
        int(entry.id) for entry in document.entries
    )
    assert time.monotonic() - started < 100


BOMB = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">\n' for n in range(10))
FLAT_BOMB = f'<!ENTITY a "{"A" * 199}">'


@pytest.mark.parametrize(
    ("entities", "title"),
    [(BOMB, "&l9;"), (BOMB.replace("\n", ""), "&l9;"), (FLAT_BOMB, "&a;" * 500_000)],
)
def test_entity_bombs_end_soon(entities, title):
    body = rss(f"<item><title>{title}</title></item>", prolog=f"<!DOCTYPE rss [\n{entities}]>")
    started = time.monotonic()

    try:
        size = len(read(body).entries[0].title)
    except NotAFeedError:
        size = 0

    assert size < 2_000
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    "entity",
    [
        '<!ENTITY x SYSTEM "file:///etc/hostname">',
        '<!ENTITY x SYSTEM "http://127.0.0.1:9/x">',
        '<!ENTITY % p SYSTEM "http://127.0.0.1:9/p">%p;',
    ],
)
def test_external_entities_read_no_file_and_open_no_socket(entity, monkeypatch):
    opened = []
    monkeypatch.setattr(socket.socket, "connect", lambda *where: opened.append(where))
    told = "<item><title>[&x;]</title></item>"

    document = read(rss(told, prolog=f"<!DOCTYPE rss [{entity}]>"))

    assert document.entries[0].title == "[&x;]"
    assert opened == []


def test_short_entities_of_the_doctype_are_written_out():
    entities = '<!DOCTYPE rss [<!ENTITY naam "Netwerk &#233;&#233;n"><!ENTITY kort "Stu">]>'

    document = read(rss("<item><title>&kort;die</title></item>", prolog=entities))

    assert document.entries[0].title == "Studie"


def test_twenty_thousand_nested_elements_are_flattened_within_two_seconds():
    nested = "<div>" * 20_000 + "diep" + "</div>" * 20_000
    started = time.monotonic()

    summary = read(rss(f"<item><description><![CDATA[{nested}]]></description></item>"))

    text = summary.entries[0].summary
    assert text.count("<div>") == text.count("</div>") == 200
    assert "diep" in text
    assert time.monotonic() - started < 20


def test_an_item_with_thousands_of_categories_is_refused_at_once():
    many = "".join(f"<category>c{n}</category>" for n in range(20_000))
    started = time.monotonic()

    with pytest.raises(NotAFeedError, match="categories"):
        read(rss(f"<item>{many}</item>"))

    assert time.monotonic() - started < 20


def test_more_tags_than_any_feed_has_are_refused():
    with pytest.raises(NotAFeedError, match="tags"):
        read(rss("<b/>" * 200_001))


def test_an_endless_author_does_not_keep_the_reader_busy():
    started = time.monotonic()

    document = read(rss(f"<item><author>{'a.' * 400_000}</author></item>"))

    assert len(document.entries) == 1
    assert time.monotonic() - started < 50


ATOM_START = "<feed xmlns='http://www.w3.org/2005/Atom'>"
PIECES = st.sampled_from(
    [
        "<rss version='2.0'>", "<channel>", "<item>", "</item>", "<title>", "</title>", "<link>",
        "</link>", "<guid>", "</guid>", "<pubDate>", "</pubDate>", ATOM_START, "<entry>",
        "</entry>", "<content type='xhtml'>", "</content>", "<![CDATA[",
        "]]>", "<!--", "-->", "&#1114112;", "&#xD800;", "&amp;", "&nbsp;", "&", "<", ">", '"',
        "<a href='javascript:x'>", "\x00", "ma 5 feb 2024", "xml:base='//['", "<dc:creator>", "<?",
        "<!DOCTYPE x [", "<!ENTITY a 'b'>", "http://[", "<enclosure url='x' length='-'/>", "a@b.nl",
        "<media:content url='http://a.nl/'/>", "<itunes:duration>::</itunes:duration>", "</rss>",
        '{"version":"https://jsonfeed.org/version/1.1","items":[', '{"id":', "1e999", "]}", "[{",
    ]
)  # fmt: skip
DOCUMENTS = st.one_of(
    st.binary(max_size=300),
    st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=25).map(
        lambda parts: "".join(parts).encode("utf-8", "replace")
    ),
    st.lists(PIECES, max_size=25).map(
        lambda parts: f"<rss><channel>{''.join(parts)}</channel></rss>".encode()
    ),
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(body=DOCUMENTS, content_type=st.sampled_from(["", "text/xml; charset=idna", "x;charset="]))
@example(body=b"<rss><channel><item><title>&#1114112;<</title></item>", content_type="")
@example(body=b"\xff\xfe<\x00r\x00", content_type="")
def test_any_bytes_give_a_document_or_a_clear_refusal(body, content_type):
    try:
        document = read_feed(body, url=URL, content_type=content_type, now=NOW)
    except NotAFeedError:
        return

    assert isinstance(document, FeedDocument)
    for entry in document.entries:
        texts = [entry.id, entry.title, entry.author, entry.summary, entry.content]
        assert not any(re.search("[\x00\ud800-\udfff]", text) for text in texts if text)
        assert entry.url is None or entry.url.startswith(("http://", "https://"))
        assert entry.published is None or entry.published.tzinfo is UTC


@settings(max_examples=200, deadline=None)
@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["id", "url", "title", "authors", "tags", "attachments", "name"]),
                inner,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_value_in_any_place_of_a_json_feed_is_survived(value):
    fields = ["title", "home_page_url", "authors", "author", "hubs", "language", "icon"]
    parts = ["id", "url", "title", "content_text", "content_html", "authors", "tags", "summary"]
    item = dict.fromkeys([*parts, "attachments", "date_published", "image", "language"], value)
    feed = dict.fromkeys(fields, value)
    feed |= {"version": "https://jsonfeed.org/version/1.1", "items": [item, value, {"id": "goed"}]}

    document = read(json.dumps(feed).encode())

    assert document.entries[-1].id == "goed"
