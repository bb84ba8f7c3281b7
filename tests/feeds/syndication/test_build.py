from datetime import timedelta

import feedparser
import pytest

from app.core.db import unit_of_work
from feeds.formats.opml import read_opml, write_opml
from feeds.formats.read_jsonfeed import read_jsonfeed
from feeds.formats.source import FeedSource
from feeds.queries import list_feeds, list_newest
from feeds.syndication.build import About, build_news, build_opml, build_posts
from feeds.syndication.write import WRITERS
from tests.support.factories import make_account, make_community, make_post
from tests.support.feedserver import item, rss

ABOUT = About("Nieuws", "/nieuws", "/nieuws.atom")
ENCLOSURE = '<enclosure url="https://n.test/a.pdf" length="9" type="application/pdf"/>'


@pytest.fixture
def news(server, add, fetch):
    with_file = item(2).replace("</item>", f"{ENCLOSURE}</item>")
    server.put("/feed", rss(item(1, title="2 &lt; 3 &amp; meer"), with_file, item(3, pubDate="")))
    fetch(add(server.url()))
    return build_news(ABOUT, list_newest(50))


@pytest.mark.parametrize("extension", ["atom", "rss"])
def test_what_we_write_another_parser_reads(news, extension):
    parsed = feedparser.parse(WRITERS[extension].write(news))

    assert not parsed.bozo
    assert parsed.feed.title == "Nieuws"
    assert {link.rel for link in parsed.feed.links} >= {"self"}
    titles = [entry.title for entry in parsed.entries]
    assert [title.replace("&lt;", "<").replace("&amp;", "&") for title in titles] == [
        "Bericht 3",
        "Bericht 2",
        "2 < 3 & meer",
    ]
    assert [entry.link for entry in parsed.entries] == [
        f"https://netwerk.test/{n}" for n in (3, 2, 1)
    ]
    assert parsed.entries[1].enclosures[0].href == "https://n.test/a.pdf"
    assert all(entry.source.title == "Netwerk Toetsen" for entry in parsed.entries)
    assert all(entry.id.startswith("urn:uuid:") for entry in parsed.entries)
    assert all("published" in entry or "updated" in entry for entry in parsed.entries)


def test_what_we_write_as_json_we_read_back(news):
    text = WRITERS["json"].write(news).decode()

    document = read_jsonfeed(FeedSource(text))

    assert [entry.title for entry in document.entries] == [one.title for one in news.entries]
    assert document.self_url is None or document.self_url.endswith("/nieuws.atom")


def test_the_same_news_gives_the_same_bytes_and_a_revision_moves_only_updated(
    news, server, add, fetch, clock
):
    (feed,) = list_feeds()
    again = build_news(ABOUT, list_newest(50))
    clock.advance(timedelta(hours=1))
    server.put("/feed", rss(item(1), item(2, title="Bericht 2, herzien"), item(3, pubDate="")))
    fetch(feed)

    revised = build_news(ABOUT, list_newest(50))

    assert again == news
    assert [one.id for one in revised.entries] == [one.id for one in news.entries]
    assert [one.published for one in revised.entries] == [one.published for one in news.entries]
    assert revised.entries[1].updated == clock()
    assert revised.updated == clock()


def test_threads_go_out_whole_with_their_own_ids(ctx, clock):
    anna = make_account("anna")
    post = make_post(
        make_community("toetsing", owner=anna), anna, body="Wij zoeken **een** rubric."
    )

    document = build_posts(About("Toetsing", "/c/toetsing", "/c/toetsing/feed.atom"), [post])

    (entry,) = document.entries
    assert entry.id == post.uri
    assert "<strong>een</strong>" in entry.content
    assert entry.author == "Anna"


def test_the_list_of_feeds_can_be_brought_along(add):
    add("https://b.test/feed", name="Tweede")
    add("https://a.test/feed?x=1&y=2", name="Eerste & meer")

    document = read_opml(write_opml(build_opml("Bronnen", list_feeds())))

    assert [(one.title, one.feed_url) for one in document.feeds] == [
        ("Eerste & meer", "https://a.test/feed?x=1&y=2"),
        ("Tweede", "https://b.test/feed"),
    ]


def test_an_empty_feed_is_still_a_feed(ctx):
    document = build_news(ABOUT, [])

    assert not feedparser.parse(WRITERS["atom"].write(document)).bozo
    with unit_of_work():
        assert build_opml("Bronnen", []).feeds == ()
