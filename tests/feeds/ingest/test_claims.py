from datetime import timedelta

from app.core.db import session, unit_of_work
from app.core.leases import LEASE, free_all_leases
from app.core.outgoing import http_client
from feeds.ingest.claims import claim_due_feeds, find_next_due, list_jobs
from feeds.ingest.fetch import fetch_feed
from feeds.ingest.outcomes import record_all
from feeds.services.feeds import stop_feed
from feeds.services.hosts import open_lanes
from tests.support.feedserver import rss

SECOND = timedelta(seconds=1)


def test_a_claimed_feed_is_claimed_once(add, server, clock):
    add(server.url())

    first, second = claim_due_feeds(8), claim_due_feeds(8)

    assert len(first) == 1
    assert second == []


def test_each_host_is_asked_one_thing_at_a_time(add, server, clock):
    for number in range(3):
        add(server.url(f"/{number}"))
    add(server.url("/x", host="localhost"))

    jobs = claim_due_feeds(8)

    assert sorted(job.host.partition(":")[0] for job in jobs) == ["127.0.0.1", "localhost"]
    assert claim_due_feeds(8) == []


def test_who_waited_longest_goes_first(add, server, clock):
    late = add(server.url("/laat"))
    early = add(server.url("/vroeg"))
    with unit_of_work():
        early.next_fetch_at = clock() - timedelta(hours=2)
        late.next_fetch_at = clock() - timedelta(hours=1)

    (job,) = claim_due_feeds(8)

    assert job.feed_id == early.id


def test_no_more_is_claimed_than_there_are_hands(add, clock):
    for port in range(1, 13):
        add(f"http://127.0.0.1:{port}/")

    assert len(claim_due_feeds(8)) == 8
    assert claim_due_feeds(0) == []


def test_a_worker_that_dies_leaves_a_claim_that_lapses_and_one_fetch_follows(add, server, clock):
    server.put("/feed", rss())
    feed = add(server.url())
    claim_due_feeds(8)

    clock.advance(LEASE - SECOND)
    too_early = claim_due_feeds(8)
    clock.advance(2 * SECOND)
    (job,) = claim_due_feeds(8)
    record_all([fetch_feed(http_client(), job)])

    assert too_early == []
    assert server.paths() == ["/feed"]
    assert claim_due_feeds(8) == []
    assert feed.lease_until is None


def test_a_feed_that_is_being_fetched_is_left_alone_though_its_host_is_free(add, server, clock):
    feed = add(server.url())
    claim_due_feeds(8)
    with unit_of_work():
        open_lanes([feed.host], clock())

    during = claim_due_feeds(8)
    clock.advance(LEASE + SECOND)

    assert during == []
    assert [job.feed_id for job in claim_due_feeds(8)] == [feed.id]


def test_a_starting_server_frees_what_a_dead_one_held(add, server, clock):
    add(server.url())
    claim_due_feeds(8)

    with unit_of_work():
        free_all_leases()

    assert len(claim_due_feeds(8)) == 1


def test_a_stopped_feed_is_not_claimed(add, server, clock):
    feed = add(server.url())
    with unit_of_work():
        stop_feed(feed)

    assert claim_due_feeds(8) == []
    assert list_jobs() == []
    assert find_next_due() is None


def test_the_next_turn_is_the_later_of_feed_and_host(add, server, clock):
    feed = add(server.url())
    with unit_of_work():
        feed.next_fetch_at = clock() + timedelta(hours=1)

    assert find_next_due() == clock() + timedelta(hours=1)
    assert session().is_active
