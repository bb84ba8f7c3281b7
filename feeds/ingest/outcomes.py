"""Write down what fetches brought, and when each feed is read again."""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from sqlalchemy import delete, func, insert, select

from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.core.events import emit
from feeds.events import FeedGone
from feeds.ingest.fetch import INTERNAL, NETWORK_CAUSES, Fetched
from feeds.ingest.moves import watch_move
from feeds.ingest.outage import forgive_failures, is_own_outage
from feeds.ingest.schedule import Rhythm, max_age_of, next_after_failure, next_after_success
from feeds.ingest.update import Stored, store_reading
from feeds.models.feed import Feed, FeedState
from feeds.models.fetch_event import KEPT_PER_FEED, FetchEvent, Outcome
from feeds.services.hosts import open_lanes, pause_host

log = logging.getLogger(__name__)

HOST_SPACING: Final = timedelta(seconds=2)
GONE_TWICE_WITHIN: Final = timedelta(hours=20)
GONE_AGAIN: Final = timedelta(hours=24)
NOTHING: Final = Stored(0, 0, 0)
_UNCHANGED: Final = frozenset({Outcome.NOT_MODIFIED, Outcome.SAME})


def record_all(results: Sequence[Fetched]) -> dict[int, Stored]:
    """Write down results: all that changed nothing together, every other in its own commit.

    Returns what was stored by the id of the feed. Nothing here may keep a feed leased: a document
    that cannot be stored counts as a failed fetch.
    """
    unchanged = [one for one in results if one.outcome in _UNCHANGED]
    if unchanged:
        with unit_of_work():
            _record_unchanged(unchanged, utcnow())
    stored = {one.job.feed_id: NOTHING for one in unchanged}
    for one in results:
        if one.outcome not in _UNCHANGED:
            stored[one.job.feed_id] = _record_safely(one)
    return stored


def _record_safely(fetched: Fetched) -> Stored:
    try:
        with unit_of_work():
            return _record(fetched, utcnow())
    except Exception:
        # A listener or the database refused it: the feed is tried later, the others go on.
        log.exception("storing feed %s failed", fetched.job.feed_id)
    failed = replace(fetched, outcome=Outcome.FAILED, cause=INTERNAL, reading=None)
    with unit_of_work():
        return _record(failed, utcnow())


def _record(fetched: Fetched, now: datetime) -> Stored:
    feed = session().get(Feed, fetched.job.feed_id, with_for_update=True)
    open_lanes({fetched.job.host}, now + HOST_SPACING)
    if feed is None:
        return NOTHING
    _touch(feed, now)
    if feed.url != fetched.job.url or feed.state == FeedState.WITHDRAWN:
        return NOTHING  # moved or withdrawn while it was being fetched
    stored = NOTHING
    if fetched.outcome is Outcome.READ and fetched.reading is not None:
        stored = store_reading(feed, fetched.reading, now)
        _note_success(feed, fetched, now, is_known=stored.overlaps)
    elif fetched.outcome is Outcome.PAUSED:
        _note_pause(feed, fetched, now)
    else:
        _note_failure(feed, fetched, now)
    _keep_events([(fetched, stored)], now)
    if fetched.cause in NETWORK_CAUSES and is_own_outage(now):
        session().flush()
        forgive_failures(now)
    return stored


def _record_unchanged(results: Sequence[Fetched], now: datetime) -> None:
    """Only schedules change: one statement for the feeds, one for the hosts, one for the events."""
    wanted = [one.job.feed_id for one in results]
    statement = select(Feed).where(Feed.id.in_(wanted)).with_for_update()
    feeds = {feed.id: feed for feed in session().scalars(statement)}
    for one in results:
        feed = feeds.get(one.job.feed_id)
        if feed is not None:
            _touch(feed, now)
            _note_success(feed, one, now, is_known=True)
    session().flush()
    open_lanes({one.job.host for one in results}, now + HOST_SPACING)
    _keep_events([(one, NOTHING) for one in results if one.job.feed_id in feeds], now)


def _touch(feed: Feed, now: datetime) -> None:
    feed.fetched_at, feed.lease_until = now, None


def _note_success(feed: Feed, fetched: Fetched, now: datetime, *, is_known: bool) -> None:
    headers = fetched.headers
    if fetched.outcome is Outcome.NOT_MODIFIED:
        # A 304 may bring newer validators (RFC 9110 section 15.4.5); without them ours stay.
        feed.etag = headers.get("etag") or feed.etag
        feed.last_modified = headers.get("last-modified") or feed.last_modified
    else:
        feed.etag, feed.last_modified = headers.get("etag"), headers.get("last-modified")
        feed.body_hash, feed.full_fetch_at = fetched.body_hash, now
        is_ignored = fetched.job.is_conditional and fetched.outcome is Outcome.SAME
        feed.ignores_conditions = is_ignored
    if fetched.outcome is not Outcome.NOT_MODIFIED or _tells_freshness(headers):
        feed.max_age_seconds = max_age_of(headers, now)
    feed.attempts, feed.failing_since, feed.cause, feed.cause_detail = 0, None, "", ""
    feed.gone_seen_at = feed.asked_to_wait_until = None
    feed.succeeded_at = now
    watch_move(feed, fetched, now, is_known=is_known)
    feed.next_fetch_at = next_after_success(_rhythm(feed), now, spread(feed, now))


def _note_pause(feed: Feed, fetched: Fetched, now: datetime) -> None:
    """Wait as long as the host asked, with all its feeds; that is no fault of the feed."""
    until = fetched.wait_until or now
    feed.asked_to_wait_until = until
    feed.next_fetch_at = until + timedelta(minutes=5) * spread(feed, now)
    pause_host(fetched.job.host, until)
    if fetched.final_host != fetched.job.host:
        pause_host(fetched.final_host, until)


def _note_failure(feed: Feed, fetched: Fetched, now: datetime) -> None:
    feed.attempts += 1
    feed.failing_since = feed.failing_since or now
    feed.cause, feed.cause_detail = fetched.cause, fetched.detail
    feed.asked_to_wait_until = None
    feed.next_fetch_at = next_after_failure(feed.attempts, now, spread(feed, now))
    if fetched.status == HTTPStatus.GONE:
        _note_gone(feed, now)
    else:
        feed.gone_seen_at = None


def _note_gone(feed: Feed, now: datetime) -> None:
    """Stop after the second 410, when a day lies between the two."""
    if feed.gone_seen_at is None:
        feed.gone_seen_at = now
    elif now - feed.gone_seen_at >= GONE_TWICE_WITHIN:
        feed.state = FeedState.GONE.value
        emit(FeedGone(feed.id))
    feed.next_fetch_at = max(now, feed.gone_seen_at + GONE_AGAIN)


def _tells_freshness(headers: dict[str, str]) -> bool:
    return "cache-control" in headers or "expires" in headers


def _rhythm(feed: Feed) -> Rhythm:
    return Rhythm(
        median_gap_seconds=feed.median_gap_seconds,
        newest_entry_at=feed.newest_entry_at,
        max_age_seconds=feed.max_age_seconds,
        ttl_minutes=feed.ttl_minutes,
        update_minutes=feed.update_minutes,
        skip_hours=feed.skip_hours,
        skip_days=feed.skip_days,
    )


def spread(feed: Feed, now: datetime) -> float:
    """Return a number from 0 to 1 that differs by feed and by moment, so no two keep step."""
    digest = hashlib.sha256(f"{feed.public_id} {now.isoformat()}".encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32


def _keep_events(results: Sequence[tuple[Fetched, Stored]], now: datetime) -> None:
    """Add to the histories, and cut them at fifty."""
    rows = [
        {
            "feed_id": one.job.feed_id,
            "host": one.job.host,
            "at": now,
            "outcome": one.outcome.value,
            "status": one.status,
            "cause": one.cause,
            "detail": one.detail,
            "milliseconds": one.milliseconds,
            "size": one.size,
            "found": stored.found,
            "added": stored.added,
            "revised": stored.revised,
            "parser": one.reading.document.parser[:60] if one.reading else "",
        }
        for one, stored in results
    ]
    if not rows:
        return
    session().execute(insert(FetchEvent), rows)
    place = func.row_number().over(partition_by=FetchEvent.feed_id, order_by=FetchEvent.id.desc())
    ranked = (
        select(FetchEvent.id, place.label("place"))
        .where(FetchEvent.feed_id.in_([row["feed_id"] for row in rows]))
        .subquery()
    )
    old = select(ranked.c.id).where(ranked.c.place > KEPT_PER_FEED)
    session().execute(
        delete(FetchEvent)
        .where(FetchEvent.id.in_(old))
        .execution_options(synchronize_session=False)
    )
