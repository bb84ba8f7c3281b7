import json
from datetime import timedelta

import feedparser
import pytest
from defusedxml.ElementTree import fromstring

from app.core.visibility import Visibility
from tests.support.factories import make_account, make_community, make_post
from tests.support.feedserver import item, rss

ADDRESSES = ["/nieuws.atom", "/nieuws.rss", "/nieuws.json", "/nieuws.opml"]
TYPES = {
    "/nieuws.atom": "application/atom+xml; charset=utf-8",
    "/nieuws.rss": "application/rss+xml; charset=utf-8",
    "/nieuws.json": "application/feed+json",
    "/nieuws.opml": "text/x-opml; charset=utf-8",
}


@pytest.fixture
def stocked(server, add, fetch):
    server.put("/feed", rss(item(1), item(2)))
    feed = add(server.url())
    fetch(feed)
    return feed


@pytest.mark.parametrize("url", ADDRESSES)
def test_a_feed_reader_that_has_it_gets_304(client, stocked, url):
    first = client.get(url)

    by_etag = client.get(url, headers={"If-None-Match": first.headers["ETag"]})
    by_date = client.get(
        f"{url}?later", headers={"If-Modified-Since": first.headers["Last-Modified"]}
    )

    assert first.status_code == 200
    assert first.headers["Content-Type"] == TYPES[url]
    assert first.headers["Cache-Control"] == "public, max-age=900"
    assert not first.headers["ETag"].startswith("W/")
    assert (by_etag.status_code, by_etag.data) == (304, b"")
    assert by_date.status_code == 304
    assert "Set-Cookie" not in first.headers


@pytest.mark.parametrize("url", ADDRESSES[:3])
def test_a_new_entry_changes_the_etag(client, stocked, server, fetch, clock, url):
    first = client.get(url)
    clock.advance(timedelta(hours=1))
    server.put("/feed", rss(item(1), item(2), item(3)))
    fetch(stocked)
    second = client.get(f"{url}?later", headers={"If-None-Match": first.headers["ETag"]})

    assert second.status_code == 200
    assert b"Bericht 3" in second.data


@pytest.mark.parametrize("url", ADDRESSES)
def test_without_news_the_feeds_are_there(client, url):
    assert client.get(url).status_code == 200


def test_links_are_absolute_and_the_feed_knows_itself(client, stocked):
    root = fromstring(client.get("/nieuws.atom").data)

    space = "{http://www.w3.org/2005/Atom}"
    links = [link.get("href") for link in root.iter(f"{space}link")]
    assert "http://ons.test/nieuws.atom" in links
    assert all(href.startswith(("http://", "https://")) for href in links)
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "nl"


def test_the_language_of_the_reader_changes_nothing(client, stocked):
    dutch = client.get("/nieuws.atom", headers={"Accept-Language": "nl"})
    english = client.get("/nieuws.atom", headers={"Accept-Language": "en"})

    assert dutch.data == english.data


@pytest.mark.parametrize("extension", ["atom", "rss", "json"])
def test_a_community_goes_out_as_a_feed(client, ctx, extension):
    anna = make_account("anna")
    make_post(make_community("toetsing", owner=anna), anna, "Wie toetst er zo?")

    response = client.get(f"/c/toetsing/feed.{extension}")

    assert response.status_code == 200
    assert "Wie toetst er zo?" in response.text
    again = client.get(
        f"/c/toetsing/feed.{extension}", headers={"If-None-Match": response.headers["ETag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize("visibility", [Visibility.MEMBERS, Visibility.LOCAL])
def test_what_is_not_for_all_is_in_no_feed(client, ctx, visibility):
    anna = make_account("anna")
    closed = make_community("besloten", owner=anna, visibility=visibility)
    make_post(closed, anna, "Geheim")

    assert client.get("/c/besloten/feed.atom").status_code == 404


def test_a_community_elsewhere_and_an_unknown_format_are_not_there(client, ctx):
    make_community("ver", host="ver.test")

    assert client.get("/c/ver@ver.test/feed.atom").status_code == 404
    assert client.get("/c/niets/feed.atom").status_code == 404
    assert client.get("/nieuws.exe").status_code == 404


HOSTILE = [
    "<script>alert(1)</script>",
    "<svg/onload=alert(1)>",
    "<img src=x onerror=alert(1)>",
    '"><script>alert(1)</script>',
    "<math><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<base href='https://boos.test/'><meta http-equiv=refresh content=0>",
    "]]>&lt;script>alert(1)&lt;/script>",
]
LINKS = [
    "javascript:alert(1)",
    "java&#x09;script:alert(1)",
    " JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "vbscript:x",
]


@pytest.fixture
def hostile(server, add, fetch):
    def cdata(text):
        return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"

    items = [
        item(
            n + 1, title=cdata(bad), description=cdata(bad), author=cdata(bad), category=cdata(bad)
        )
        for n, bad in enumerate(HOSTILE)
    ]
    linked = [
        item(n + 11, link=bad, guid=bad, title=f"Link {n}").replace(
            "</item>", f'<enclosure url="{bad}" type="audio/mpeg"/></item>'
        )
        for n, bad in enumerate(LINKS)
    ]
    server.put("/feed", rss(*items, *linked, title=cdata(HOSTILE[0])))
    feed = add(server.url(), "<b>Netwerk</b>", "/gids/x")
    fetch(feed)
    return feed


def test_nothing_hostile_survives_on_any_page(client, hostile):
    for url in ("/nieuws", "/nieuws/bronnen", hostile.path, "/", "/zoeken?q=alert"):
        text = client.get(url).text
        body = text.partition("<main")[2]

        assert "<script>" not in body
        assert "<svg/" not in body
        assert "onerror=alert(1)>" not in body.replace("&gt;", "")
        assert "<iframe" not in body
        assert 'href="javascript' not in body.lower()
        assert 'href="data:' not in body


def test_nothing_hostile_survives_in_any_feed(client, hostile):
    for extension in ("atom", "rss"):
        parsed = feedparser.parse(client.get(f"/nieuws.{extension}").data, sanitize_html=False)
        assert not parsed.bozo
        for entry in parsed.entries:
            assert "<script" not in entry.get("summary", "")
            assert "<img" not in entry.get("summary", "")
            assert entry.link.startswith(("http://", "https://"))
            assert all(one.href.startswith("http") for one in entry.enclosures)
    for one in json.loads(client.get("/nieuws.json").data)["items"]:
        assert "<script" not in one.get("content_html", "")
        assert one["url"].startswith("http")
