import pytest

from app.core.outgoing import http_client
from feeds.ingest.discover import discover_feeds, list_named_feeds
from tests.support.feedserver import item, rss

PAGE = """<html><head>
<link rel="alternate" type="application/rss+xml" href="/comments/feed/">
<link rel='alternate' type='application/rss+xml' title="Nieuws" href='/feed/?a=1&amp;b=2'>
<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">
<link rel="alternate" hreflang="en" href="/en/">
<link rel="stylesheet" type="text/css" href="/x.css">
<link rel=alternate type=application/rss+xml href=javascript:alert(1)>
</head></html>"""


@pytest.fixture
def find(ctx, server):
    return lambda path="/": discover_feeds(http_client(), server.url(path))


def test_a_page_names_its_feeds():
    assert list(list_named_feeds(PAGE, "https://n.test/over/")) == [
        "https://n.test/comments/feed/",
        "https://n.test/feed/?a=1&b=2",
    ]


def test_feeds_that_can_be_read_are_offered_posts_before_comments(find, server):
    server.put("/", PAGE)
    server.put("/comments/feed/", rss(item(1), item(2), item(3)))
    server.put("/feed/?a=1&b=2", rss(item(1), item(2)))

    found = find()

    assert [(one.url, one.count) for one in found] == [
        (server.url("/feed/?a=1&b=2"), 2),
        (server.url("/comments/feed/"), 3),
    ]
    assert found[0].newest is not None


def test_a_soft_404_is_not_offered(find, server):
    server.put("/", "<html><body>Welkom</body></html>")
    server.put("/feed/", "<html><body>Niet gevonden</body></html>")
    server.put("/rss.xml", rss())

    assert [one.url for one in find()] == [server.url("/rss.xml")]


def test_a_feed_itself_is_the_only_result(find, server):
    server.put("/", rss())

    assert [one.url for one in find()] == [server.url("/")]


def test_a_site_without_feeds_gives_nothing(find, server):
    server.put("/", "<html></html>")

    assert find() == []
    assert find("/weg") == []
