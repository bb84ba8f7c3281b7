from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.core.db import session, unit_of_work
from app.core.events import listen
from app.core.outgoing import http_client
from feeds.events import FeedGone
from feeds.ingest import outcomes
from feeds.ingest.claims import FULL_EVERY, claim_due_feeds, make_job
from feeds.ingest.fetch import fetch_feed
from feeds.ingest.outcomes import record_all
from feeds.models.feed import FeedHost, FeedState
from feeds.models.fetch_event import FetchEvent, Outcome
from feeds.queries import find_feed, list_fetch_events, list_river
from feeds.services.feeds import withdraw_feed
from tests.support.feedserver import item, rss

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
GONE = []


def hear_gone(event):
    GONE.append(event.feed_id)


def hours_until(moment, clock):
    return (moment - clock()) / HOUR


def test_a_304_writes_only_the_schedule(server, add, fetch, clock):
    server.put_validated("/feed", rss(), '"1"')
    feed = add(server.url())
    fetch(feed)
    clock.advance(DAY)

    fetch(feed)

    assert feed.fetched_at == feed.succeeded_at == clock()
    assert feed.next_fetch_at > clock()
    assert feed.full_fetch_at == clock() - DAY
    assert [event.outcome for event in list_fetch_events(feed)] == ["not_modified", "read"]


def test_a_304_with_newer_validators_replaces_ours(server, add, fetch):
    server.put_validated("/feed", rss(), '"1"')
    feed = add(server.url())
    fetch(feed)
    headers = ['ETag: "2"', "Cache-Control: max-age=43200"]
    server.put("/feed", status="304 Not Modified", headers=headers)

    fetch(feed)

    assert (feed.etag, feed.max_age_seconds) == ('"2"', 43_200)


def test_after_a_week_of_304_the_whole_document_is_asked_for(server, add, fetch, clock):
    server.put_validated("/feed", rss(), '"1"')
    feed = add(server.url())
    fetch(feed)

    clock.advance(FULL_EVERY)
    fetch(feed)

    assert "if-none-match" not in server.asked[-1].headers
    assert list_fetch_events(feed)[0].outcome == "same"


def test_who_ignores_conditions_is_told(server, add, fetch):
    server.put("/feed", rss(), headers=['ETag: "1"'])
    feed = add(server.url())

    fetch(feed)
    fetch(feed)

    assert feed.ignores_conditions


def test_a_dead_feed_is_asked_ever_less_for_a_year_and_one_success_resets(
    server, add, fetch, clock
):
    server.put("/feed", status="500 Internal Server Error")
    feed = add(server.url())
    waits = []
    for _time in range(50):
        fetch(feed)
        waits.append(hours_until(feed.next_fetch_at, clock))
        clock.set(feed.next_fetch_at)

    server.put("/feed", rss())
    fetch(feed)

    assert waits[0] == pytest.approx(2, rel=0.1)
    assert waits[8] == pytest.approx(72, rel=0.1)
    assert waits[49] == pytest.approx(168, rel=0.1)
    assert (feed.attempts, feed.failing_since, feed.cause) == (0, None, "")
    assert feed.state == FeedState.ACTIVE


def test_a_login_page_is_a_failure_and_the_entries_stay(server, add, fetch):
    server.put("/feed", rss())
    feed = add(server.url())
    fetch(feed)

    server.put("/feed", "<html><body>Log in</body></html>")
    fetch(feed)

    assert feed.cause == "feed_html"
    assert len(list_river().items) == 1


def test_two_410_a_day_apart_stop_a_feed_and_keep_its_entries(server, add, fetch, clock):
    listen(FeedGone, hear_gone)
    GONE.clear()
    server.put("/feed", rss())
    feed = add(server.url())
    fetch(feed)
    server.put("/feed", status="410 Gone")

    fetch(feed)
    clock.advance(HOUR)
    fetch(feed)
    is_still_read = feed.state == FeedState.ACTIVE
    clock.advance(DAY)
    fetch(feed)

    assert is_still_read
    assert feed.state == FeedState.GONE
    assert [feed.id] == GONE
    assert len(list_river().items) == 1


def test_another_answer_between_two_410_starts_the_count_anew(server, add, fetch, clock):
    feed = add(server.url())
    for status in ("410 Gone", "404 Not Found", "410 Gone"):
        server.put("/feed", status=status)
        fetch(feed)
        clock.advance(DAY)

    assert feed.state == FeedState.ACTIVE


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
def test_retry_after_pauses_every_feed_of_the_host_and_is_no_fault(server, add, clock, status):
    server.put("/a", status=status, headers=["Retry-After: 7200"])
    first, second = add(server.url("/a")), add(server.url("/b"))
    (job,) = claim_due_feeds(8)

    record_all([fetch_feed(http_client(), job)])
    clock.advance(HOUR)
    during = claim_due_feeds(8)
    clock.advance(HOUR)
    after = claim_due_feeds(8)

    assert (first.attempts, first.failing_since) == (0, None)
    assert during == []
    assert [job.feed_id for job in after] == [second.id]


def test_fifty_fetches_are_remembered(server, add, fetch):
    server.put_validated("/feed", rss(), '"1"')
    feed = add(server.url())

    for _time in range(53):
        fetch(feed)

    assert session().scalar(select(func.count(FetchEvent.id))) == 50


def test_many_unchanged_feeds_are_written_down_in_one_commit(server, add, clock, monkeypatch):
    feeds = []
    for number in range(30):
        server.put_validated(f"/{number}", rss(item(1, guid=f"urn:{number}")), '"1"')
        feeds.append(add(server.url(f"/{number}")))
    record_all([fetch_feed(http_client(), make_job(feed, clock())) for feed in feeds])
    commits = []
    real = outcomes.unit_of_work
    monkeypatch.setattr(outcomes, "unit_of_work", lambda: commits.append(1) or real())

    record_all([fetch_feed(http_client(), make_job(feed, clock())) for feed in feeds])

    assert len(commits) == 1
    assert all(feed.next_fetch_at > clock() for feed in feeds)


def test_our_own_outage_counts_against_nobody(add, fetch, clock):
    feeds = [add(f"http://127.0.0.1:{port}/feed") for port in range(1, 9)]

    for _time in range(4):
        for feed in feeds:
            fetch(feed)
        clock.advance(timedelta(minutes=15))

    assert {feed.attempts for feed in feeds} == {0}
    assert {feed.failing_since for feed in feeds} == {None}


def test_one_broken_host_among_many_is_no_outage_of_ours(server, add, fetch, clock):
    server.put("/feed", rss())
    for name in ("localhost", "127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"):
        good = add(server.url("/feed", host=name))
        event = FetchEvent(feed_id=good.id, host=name, at=clock(), outcome=Outcome.READ.value)
        with unit_of_work():
            session().add(event)
    broken = add("http://127.0.0.1:9/feed")

    fetch(broken)

    assert broken.attempts == 1


def test_a_document_that_cannot_be_stored_is_a_failed_fetch_and_not_a_loop(
    server, add, fetch, clock, monkeypatch
):
    def refuse(*_arguments):
        raise RuntimeError("een luisteraar viel om")

    monkeypatch.setattr(outcomes, "store_reading", refuse)
    server.put("/feed", rss())
    feed = add(server.url())

    fetch(feed)

    assert feed.cause == "internal"
    assert feed.next_fetch_at > clock() + HOUR


def test_what_is_withdrawn_while_it_is_fetched_is_not_stored(server, add, clock):
    server.put("/feed", rss())
    feed = add(server.url())
    fetched = fetch_feed(http_client(), make_job(feed, clock()))
    with unit_of_work():
        withdraw_feed(find_feed(feed.id))

    record_all([fetched])

    assert list_river().items == []


def test_hosts_are_free_again_two_seconds_later(server, add, clock):
    server.put("/feed", rss())
    add(server.url())
    (job,) = claim_due_feeds(8)

    record_all([fetch_feed(http_client(), job)])

    host = session().scalar(select(FeedHost))
    assert (host.lease_until, host.next_fetch_at) == (None, clock() + timedelta(seconds=2))


def test_hints_of_the_publisher_are_kept(server, add, fetch):
    head = (
        "<ttl>90</ttl><skipHours><hour>3</hour></skipHours><skipDays><day>Sunday</day></skipDays>"
    )
    server.put("/feed", rss(head=head))
    feed = add(server.url())

    fetch(feed)

    assert (feed.ttl_minutes, feed.skip_hours, feed.skip_days) == (90, [3], [6])
