"""Take due feeds: each once, one per host, never one that another worker has.

A claim is a lease on the row of the host and of the feed. A worker that dies leaves both; they
lapse after a minute, and the feed is due as before.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, case, func, or_, select, update

from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.core.leases import LEASE
from feeds.ingest.fetch import FetchJob
from feeds.models.feed import Feed, FeedHost, FeedState

# Some servers answer 304 for ever: once a week the whole document is asked for.
FULL_EVERY: Final = timedelta(days=7)


def claim_due_feeds(limit: int) -> list[FetchJob]:
    """Claim at most `limit` due feeds, each on another host; commits."""
    if limit <= 0:
        return []
    now = utcnow()
    with unit_of_work():
        hosts = _claim_hosts(limit, now)
        feeds = _first_due(hosts, now)
        for feed in feeds:
            feed.lease_until = now + LEASE
        _free_lanes(set(hosts) - {feed.host for feed in feeds})
        return [make_job(feed, now) for feed in feeds]


def hold_feed(feed: Feed) -> None:
    """Keep workers off a feed that is being fetched in the foreground; lapses like any claim."""
    feed.lease_until = utcnow() + LEASE


def list_jobs() -> list[FetchJob]:
    """Return a job for every feed that is read, whatever its schedule; claims nothing."""
    now = utcnow()
    statement = select(Feed).where(Feed.state == FeedState.ACTIVE.value).order_by(Feed.id)
    return [make_job(feed, now) for feed in session().scalars(statement)]


def make_job(feed: Feed, now: datetime) -> FetchJob:
    """Return what to ask: only what changed, or everything when that was long ago."""
    is_full = feed.full_fetch_at is None or now - feed.full_fetch_at >= FULL_EVERY
    return FetchJob(
        feed_id=feed.id,
        url=feed.url,
        host=feed.host,
        etag=None if is_full else feed.etag,
        last_modified=None if is_full else feed.last_modified,
        body_hash=feed.body_hash,
    )


def find_next_due() -> datetime | None:
    """Return when the next feed may be fetched, its host included; None without feeds."""
    is_later = Feed.next_fetch_at > FeedHost.next_fetch_at
    soonest = case((is_later, Feed.next_fetch_at), else_=FeedHost.next_fetch_at)
    now = utcnow()
    statement = (
        select(Feed.next_fetch_at, FeedHost.next_fetch_at)
        .join(FeedHost, FeedHost.name == Feed.host)
        .where(Feed.state == FeedState.ACTIVE.value, _is_free(now), _has_free_lane(now))
        .order_by(soonest)
        .limit(1)
    )
    row = session().execute(statement).first()
    return None if row is None else max(row[0], row[1])


def _claim_hosts(limit: int, now: datetime) -> Sequence[str]:
    """Take the lanes of the hosts whose feeds have waited longest; atomic on both databases."""
    waiting = (
        _due(select(Feed.host), now)
        .where(FeedHost.next_fetch_at <= now, _has_free_lane(now))
        .group_by(Feed.host)
        .order_by(func.min(Feed.next_fetch_at))
        .limit(limit)
    )
    names = session().scalars(waiting).all()
    taken = (
        update(FeedHost)
        .where(FeedHost.name.in_(names), FeedHost.next_fetch_at <= now, _has_free_lane(now))
        .values(lease_until=now + LEASE)
        .returning(FeedHost.name)
        .execution_options(synchronize_session=False)
    )
    return session().scalars(taken).all() if names else []


def _first_due(hosts: Sequence[str], now: datetime) -> list[Feed]:
    """Return the feed of each host that is due longest."""
    place = func.row_number().over(partition_by=Feed.host, order_by=(Feed.next_fetch_at, Feed.id))
    ranked = (
        select(Feed.id, place.label("place"))
        .where(Feed.host.in_(hosts), *_due_conditions(now))
        .subquery()
    )
    first = select(ranked.c.id).where(ranked.c.place == 1)
    return list(session().scalars(select(Feed).where(Feed.id.in_(first)).order_by(Feed.id)))


def _free_lanes(hosts: set[str]) -> None:
    if hosts:
        session().execute(
            update(FeedHost)
            .where(FeedHost.name.in_(hosts))
            .values(lease_until=None)
            .execution_options(synchronize_session=False)
        )


def _due(statement: Select[str], now: datetime) -> Select[str]:
    return statement.join(FeedHost, FeedHost.name == Feed.host).where(*_due_conditions(now))


def _due_conditions(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (Feed.state == FeedState.ACTIVE.value, Feed.next_fetch_at <= now, _is_free(now))


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(Feed.lease_until.is_(None), Feed.lease_until < now)


def _has_free_lane(now: datetime) -> ColumnElement[bool]:
    return or_(FeedHost.lease_until.is_(None), FeedHost.lease_until < now)
