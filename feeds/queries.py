"""Finds feeds and lists what they brought; every list leaves out what was withdrawn."""

from collections.abc import Collection, Sequence

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased, contains_eager

from app.core.db import session
from app.core.errors import NotFoundError
from app.core.pages import Page, PageRequest, keyset, make_page
from feeds.models.entry import Entry
from feeds.models.feed import Feed, FeedState
from feeds.models.fetch_event import FetchEvent
from feeds.policy import shown_feeds

MAX_FEEDS_SHOWN = 1000
FIRST_PAGE = PageRequest()


def find_feed(feed_id: int) -> Feed | None:
    """Return the feed with this row id, whatever its state."""
    return session().get(Feed, feed_id)


def find_feed_by_url(url: str) -> Feed | None:
    """Return the feed that is read at `url`, whatever its state."""
    return session().scalar(select(Feed).where(Feed.url == url))


def find_shown_feed(public_id: str) -> Feed | None:
    """Return the feed with this public id, unless it was withdrawn."""
    return session().scalar(select(Feed).where(Feed.public_id == public_id, shown_feeds()))


def get_shown_feed(public_id: str) -> Feed:
    """Return the feed with this public id; raises NotFoundError."""
    feed = find_shown_feed(public_id)
    if feed is None:
        raise NotFoundError(_("Deze bron bestaat niet."))
    return feed


def list_feeds(feed_ids: Collection[int] | None = None) -> list[Feed]:
    """Return all feeds that may be shown, or those of `feed_ids`, by the name of the publisher."""
    statement = select(Feed).where(shown_feeds())
    if feed_ids is not None:
        statement = statement.where(Feed.id.in_(feed_ids))
    ordered = statement.order_by(func.lower(Feed.publisher_name), Feed.id)
    return list(session().scalars(ordered.limit(MAX_FEEDS_SHOWN)))


def list_offered_feeds() -> list[Feed]:
    """Return the feeds that wait for a listing, as they came in."""
    waiting = select(Feed).where(Feed.state == FeedState.WAITING.value)
    return list(session().scalars(waiting.order_by(Feed.id).limit(MAX_FEEDS_SHOWN)))


def get_offered_feed(public_id: str) -> Feed:
    """Return a feed that waits for a listing; raises NotFoundError."""
    feed = session().scalar(select(Feed).where(Feed.public_id == public_id))
    if feed is None or feed.state != FeedState.WAITING:
        raise NotFoundError(_("Deze feed wacht niet op een vermelding."))
    return feed


def list_river(
    wanted: PageRequest = FIRST_PAGE, feed_ids: Collection[int] | None = None
) -> Page[Entry]:
    """Return a page of the news, newest first, undated and old entries too, each story once.

    With `feed_ids`, only what those feeds brought. Every entry has its `feed` loaded.
    """
    statement = _shown_entries()
    if feed_ids is None:
        statement = statement.where(Entry.copy_of_id.is_(None))
    else:
        statement = statement.where(Entry.feed_id.in_(feed_ids), _is_first_within(feed_ids))
    rows = session().scalars(keyset(statement, Entry.sort_at, Entry.id, wanted)).all()
    return make_page(rows, wanted)


def list_entries_of_feeds(
    feed_ids: Collection[int], wanted: PageRequest = FIRST_PAGE
) -> Page[Entry]:
    """Return a page of what these feeds brought, newest first; see `list_river`."""
    return list_river(wanted, feed_ids)


def list_newest(limit: int, feed_ids: Collection[int] | None = None) -> list[Entry]:
    """Return the newest entries of the river, or of these feeds."""
    return list_river(PageRequest(size=limit), feed_ids).items


def count_copies(entries: Sequence[Entry]) -> dict[int, int]:
    """Return in how many other feeds each of these stories stands too, by the id of the entry."""
    statement = (
        select(Entry.copy_of_id, func.count())
        .join(Feed, Feed.id == Entry.feed_id)
        .where(Entry.copy_of_id.in_([entry.id for entry in entries]), shown_feeds())
        .group_by(Entry.copy_of_id)
    )
    return {copied: number for copied, number in session().execute(statement) if copied}


def count_entries(feed_ids: Collection[int]) -> dict[int, int]:
    """Return how many entries each of these feeds brought."""
    statement = (
        select(Entry.feed_id, func.count())
        .where(Entry.feed_id.in_(feed_ids))
        .group_by(Entry.feed_id)
    )
    return dict(session().execute(statement).all())


def list_fetch_events(feed: Feed) -> list[FetchEvent]:
    """Return how the last fetches of a feed went, newest first; at most fifty are kept."""
    statement = select(FetchEvent).where(FetchEvent.feed_id == feed.id)
    return list(session().scalars(statement.order_by(FetchEvent.id.desc())))


def _shown_entries() -> Select[Entry]:
    return (
        select(Entry)
        .join(Feed, Feed.id == Entry.feed_id)
        .options(contains_eager(Entry.feed))
        .where(shown_feeds())
    )


def _is_first_within(feed_ids: Collection[int]) -> ColumnElement[bool]:
    """Condition: the entry is no copy, or a copy of something outside these feeds."""
    original = aliased(Entry)
    inside = select(original.id).where(original.feed_id.in_(feed_ids))
    return or_(Entry.copy_of_id.is_(None), Entry.copy_of_id.not_in(inside))
