"""From a reading to rows: what is new, what was revised, what stayed; and the feed's own words."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

import orjson
from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import undefer

from app.core.db import session
from app.core.events import emit
from feeds.events import EntryFound, EntryRevised
from feeds.ingest.addresses import canonical_hash
from feeds.ingest.cleaning import CleanEntry
from feeds.ingest.identity import Identified, find_same, is_reworded
from feeds.ingest.reading import Reading
from feeds.ingest.schedule import GAPS, median_gap_seconds
from feeds.models.entry import Entry, EntryVersion
from feeds.models.feed import Feed

VERSIONS_KEPT: Final = 10
FLOOD: Final = 5
FLOOD_FACTOR: Final = 3
COPY_WINDOW: Final = timedelta(days=30)
_NOT_CONTENT: Final = ("guid", "updated", "published_text")


@dataclass(frozen=True)
class Stored:
    """How many entries the document held, and how many were new or revised."""

    found: int
    added: int
    revised: int

    @property
    def overlaps(self) -> bool:
        """Whether some of it was known before: it is the same feed."""
        return self.added < self.found


def store_reading(feed: Feed, reading: Reading, now: datetime) -> Stored:
    """Store what a document says, inside the caller's unit of work; tell who listens.

    The first document of a feed, and a flood of entries at once, are archive and not news.
    """
    matched, unknown = _match(feed, reading.entries)
    revised = [entry for entry, known in matched if _revise(known, entry, now)]
    is_news = feed.is_seeded and not _is_flood(feed, len(unknown), now)
    added = _add(feed, unknown, now, is_backlog=not feed.is_seeded)
    _describe(feed, reading)
    for row in added:
        emit(EntryFound(row.id, feed.id, is_news=is_news))
    if added:
        _take_pulse(feed)
    return Stored(len(reading.entries), len(added), len(revised))


def content_hash(entry: CleanEntry) -> str:
    """Return a hash of all that readers see of an entry."""
    shown = {key: value for key, value in asdict(entry).items() if key not in _NOT_CONTENT}
    return sha256(orjson.dumps(shown)).hexdigest()


def _match(
    feed: Feed, entries: Sequence[Identified]
) -> tuple[list[tuple[Identified, Entry]], list[Identified]]:
    """Pair entries with the rows they are; the rest is unknown."""
    by_key = {row.key: row for row in _load(feed, Entry.key.in_([e.key for e in entries]))}
    matched = [(one, by_key[one.key]) for one in entries if one.key in by_key]
    left = [one for one in entries if one.key not in by_key]
    if not left or not feed.is_seeded:
        return matched, left
    titles = {one.entry.title for one in left}
    candidates = [row for row in _load(feed, Entry.title.in_(titles)) if row.key not in by_key]
    unknown = []
    for one in left:
        row = find_same(one.entry, candidates)
        if isinstance(row, Entry):
            candidates.remove(row)
            matched.append((one, row))
        else:
            unknown.append(one)
    return matched, unknown


def _load(feed: Feed, condition: ColumnElement[bool]) -> Iterable[Entry]:
    return session().scalars(
        select(Entry).where(Entry.feed_id == feed.id, condition).options(undefer(Entry.text))
    )


def _revise(row: Entry, identified: Identified, now: datetime) -> bool:
    """Bring a row up to date; True when readers would call it another text."""
    entry = identified.entry
    row.key, row.guid, row.updated = identified.key, entry.guid, entry.updated
    fresh = content_hash(entry)
    if row.content_hash == fresh:
        return False
    is_revision = is_reworded(entry, row)
    if is_revision:
        _keep_version(row, now)
        row.changed_at = now
    _fill(row, entry, fresh)
    if is_revision:
        emit(EntryRevised(row.id, row.feed_id))
    return is_revision


def _keep_version(row: Entry, now: datetime) -> None:
    version = EntryVersion(
        entry_id=row.id, title=row.title, text=row.text, url=row.url, replaced_at=now
    )
    session().add(version)
    session().flush()
    kept = (
        select(EntryVersion.id)
        .where(EntryVersion.entry_id == row.id)
        .order_by(EntryVersion.id.desc())
        .limit(VERSIONS_KEPT)
    )
    session().execute(
        delete(EntryVersion).where(
            EntryVersion.entry_id == row.id, EntryVersion.id.not_in(kept.subquery().select())
        )
    )


def _add(
    feed: Feed, unknown: Sequence[Identified], now: datetime, *, is_backlog: bool
) -> list[Entry]:
    """Insert rows for unknown entries, the oldest first, so that ids follow the order of time."""
    ordered = list(reversed(unknown))
    ordered.sort(key=lambda one: one.entry.published or now)
    rows = []
    for one in ordered:
        row = Entry(feed_id=feed.id, key=one.key, guid=one.entry.guid, is_backlog=is_backlog)
        row.feed = feed
        row.received_at = row.changed_at = now
        row.sort_at = min(one.entry.published or now, now)
        row.updated = one.entry.updated
        _fill(row, one.entry, content_hash(one.entry))
        rows.append(row)
    _mark_copies(feed, rows, now)
    session().add_all(rows)
    session().flush()
    return rows


def _fill(row: Entry, entry: CleanEntry, fresh: str) -> None:
    row.url, row.title, row.author = entry.url, entry.title, entry.author
    row.excerpt, row.text = entry.excerpt, entry.text
    row.categories, row.enclosures = list(entry.categories), list(entry.enclosures)
    row.language, row.published = entry.language, entry.published
    row.published_text, row.content_hash = entry.published_text, fresh


def _mark_copies(feed: Feed, rows: Sequence[Entry], now: datetime) -> None:
    """Tie each story to the row that had its address first, in another feed."""
    hashes = [canonical_hash(row.url) if row.url else None for row in rows]
    for row, canonical in zip(rows, hashes, strict=True):
        # An address that several entries share is no address of a story.
        row.canonical_hash = canonical if hashes.count(canonical) == 1 else None
    known = session().execute(
        select(Entry.canonical_hash, Entry.id)
        .where(
            Entry.canonical_hash.in_([row.canonical_hash for row in rows if row.canonical_hash]),
            Entry.feed_id != feed.id,
            Entry.copy_of_id.is_(None),
            Entry.received_at > now - COPY_WINDOW,
        )
        .order_by(Entry.id.desc())
    )
    originals = {canonical: row_id for canonical, row_id in known if canonical}
    for row in rows:
        row.copy_of_id = originals.get(row.canonical_hash or "")


def _is_flood(feed: Feed, count: int, now: datetime) -> bool:
    """Whether so many entries at once cannot be news: a rebuilt site, new ids for all."""
    if count <= FLOOD:
        return False
    since = now - (feed.succeeded_at or feed.added_at)
    usual = since.total_seconds() / feed.median_gap_seconds if feed.median_gap_seconds else 0
    return count > FLOOD_FACTOR * max(usual, 1)


def _describe(feed: Feed, reading: Reading) -> None:
    document = reading.document
    feed.kind, feed.title, feed.home_url = document.kind, reading.title, reading.home_url
    feed.language = document.language or ""
    feed.ttl_minutes = document.hints.ttl_minutes or 0
    feed.update_minutes = document.hints.update_minutes or 0
    feed.skip_hours = sorted(document.hints.skip_hours)
    feed.skip_days = sorted(document.hints.skip_days)
    feed.warnings = list(reading.warnings)


def _take_pulse(feed: Feed) -> None:
    """Note how often the feed brings something, and when it last did."""
    rows = session().execute(
        select(Entry.sort_at, Entry.published, Entry.is_backlog)
        .where(Entry.feed_id == feed.id)
        .order_by(Entry.sort_at.desc(), Entry.id.desc())
        .limit(GAPS + 1)
    )
    # An undated entry of the archive has only the moment at which we came.
    moments = [at for at, published, is_backlog in rows if published or not is_backlog]
    feed.median_gap_seconds = median_gap_seconds(moments)
    feed.newest_entry_at = max(moments, default=None)
