from datetime import timedelta

import pytest

from app.core.leases import take_lease
from feeds.ingest.claims import list_jobs
from feeds.ingest.drain import LANE, drain_due_feeds, fetch_now
from feeds.ingest.tasks import fetch_due_feeds
from feeds.queries import list_river
from tests.support.feedserver import item, rss


@pytest.fixture
def drain(ctx, clock):
    """Drain with a clock that moves instead of a process that waits."""
    return lambda: drain_due_feeds(lambda seconds: clock.advance(timedelta(seconds=seconds)))


def test_nothing_due_is_nothing_done(drain):
    assert drain() == 0


def test_forty_feeds_of_one_host_are_read_one_by_one_two_seconds_apart(add, server, clock, drain):
    for number in range(40):
        server.put(
            f"/{number}", rss(item(1, guid=f"urn:{number}", link=f"https://n.test/{number}"))
        )
        add(server.url(f"/{number}"))
    began = clock()

    fetched = drain()

    assert fetched == 40
    assert server.raw.connections <= 40
    assert clock() - began >= timedelta(seconds=2 * 39)
    assert clock() - began < timedelta(minutes=5)


def test_a_broken_feed_does_not_stop_the_others(add, server, clock, drain):
    server.put("/goed", rss())
    add("http://127.0.0.1:9/feed")
    add(server.url("/goed"))

    assert drain() == 2
    assert len(list_river().items) == 1


def test_a_second_worker_leaves_it_to_the_first(add, server, clock, drain):
    server.put("/feed", rss())
    add(server.url())
    take_lease(LANE, "een ander")

    assert drain() == 0
    assert server.asked == []


def test_the_task_run_twice_fetches_once(add, server, clock):
    server.put("/feed", rss())
    add(server.url())

    fetch_due_feeds()
    fetch_due_feeds()

    assert server.paths() == ["/feed"]


def test_fetching_now_asks_every_feed_whatever_its_schedule(add, server, clock, drain):
    for path in ("/a", "/b"):
        server.put(path, rss(item(1, guid=path)))
        add(server.url(path))
    drain()
    told = []

    fetch_now(list_jobs(), lambda fetched: told.append(fetched.job.url))

    assert sorted(told) == [server.url("/a"), server.url("/b")]
    assert len(server.asked) == 4
