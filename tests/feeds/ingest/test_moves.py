from datetime import timedelta

import pytest

from app.core.db import unit_of_work
from app.core.errors import ConflictError
from feeds.ingest.fetch import Fetched, FetchJob
from feeds.models.fetch_event import Outcome
from feeds.services.feeds import undo_move
from tests.support.feedserver import item, rss

PERMANENT = "301 Moved Permanently"


@pytest.fixture
def look(server, add, fetch, clock):
    """Read a feed at /feed, then let it redirect and look again after so many days."""
    server.put("/feed", rss(item(1), item(2)))
    server.put("/nieuw", rss(item(1), item(2), item(3)))
    feed = add(server.url("/feed"))
    fetch(feed)

    def look_again(*days, target="/nieuw", status=PERMANENT):
        server.redirect("/feed", target, status)
        for day in days:
            clock.advance(timedelta(days=day))
            fetch(feed)
        return feed

    return look_again


def test_three_sightings_over_a_week_move_a_feed(look, server):
    feed = look(0, 4, 4)

    assert feed.url == server.url("/nieuw")
    assert feed.previous_url == server.url("/feed")


@pytest.mark.parametrize("days", [(0,), (0, 8), (0, 1, 1, 1)])
def test_fewer_sightings_or_a_shorter_time_move_nothing(look, server, days):
    assert look(*days).url == server.url("/feed")


@pytest.mark.parametrize("status", ["302 Found", "303 See Other", "307 Temporary Redirect"])
def test_a_temporary_redirect_never_moves(look, server, status):
    assert look(*([7] * 20), status=status).url == server.url("/feed")


def test_308_is_permanent(look, server):
    assert look(0, 4, 4, status="308 Permanent Redirect").url == server.url("/nieuw")


def test_a_chain_with_one_temporary_hop_is_temporary(look, server):
    server.redirect("/halte", "/nieuw", "302 Found")

    assert look(0, 4, 4, target="/halte").url == server.url("/feed")


def test_another_target_starts_the_count_anew(look, server):
    server.put("/elders", rss(item(1), item(2)))
    look(0, 4)

    feed = look(4, target="/elders")

    assert (feed.url, feed.move_sightings) == (server.url("/feed"), 1)


def test_a_page_at_the_end_is_no_move(look, server):
    server.put("/nieuw", "<html><body>Deze naam is te koop</body></html>")

    feed = look(0, 4, 4, 4)

    assert (feed.url, feed.cause) == (server.url("/feed"), "moved_away")


def test_a_strange_feed_at_the_end_is_no_move(look, server, clock):
    look(0, 4)
    strangers = [item(n, title=f"Vreemd {n}", guid=f"urn:{n}") for n in (11, 12, 13)]
    server.put("/nieuw", rss(*strangers))

    assert look(4).url == server.url("/feed")


def test_a_move_can_be_undone(look, server):
    feed = look(0, 4, 4)

    with unit_of_work():
        undo_move(feed)

    assert (feed.url, feed.previous_url) == (server.url("/feed"), None)
    with pytest.raises(ConflictError):
        undo_move(feed)


def test_a_feed_does_not_move_onto_another(look, server, add):
    add(server.url("/nieuw"))

    assert look(0, 4, 4).url == server.url("/feed")


@pytest.mark.parametrize(
    ("first", "last", "statuses", "is_move"),
    [
        ("https://n.test/a", "https://n.test/b", [301, 308], True),
        ("http://n.test/a", "https://n.test/a", [301], True),
        ("https://n.test/a", "http://n.test/a", [301], False),
        ("https://n.test/a", "https://n.test/b", [301, 302], False),
        ("https://n.test/a", "https://n.test/a", [], False),
    ],
)
def test_only_a_wholly_permanent_way_that_keeps_https_is_a_move(first, last, statuses, is_move):
    fetched = Fetched(
        FetchJob(1, first, "n.test"),
        Outcome.READ,
        final_url=last,
        redirects=tuple((status, last) for status in statuses),
    )

    assert fetched.is_permanent_move is is_move
