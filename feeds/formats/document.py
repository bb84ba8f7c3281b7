"""A feed and its entries in Atom's words (RFC 4287), whatever format they came in or leave in.

None means absent. `summary` and `content` are HTML as the publisher wrote it: links are absolute,
but nothing is sanitised, so whoever shows or stores them cleans them first. All other texts are
plain text without markup. All times are aware and in UTC.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

FeedKind = Literal["rss", "atom", "json", "rdf", "cdf"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnclosureDocument:
    """A file that belongs to an entry: a recording, a PDF, a picture. `length` is in bytes."""

    url: str
    media_type: str | None = None
    length: int | None = None
    title: str | None = None
    duration_seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDocument:
    """The feed an entry was copied from (RFC 4287 section 4.2.11, RSS 2.0 `source`)."""

    title: str
    id: str | None = None
    home_url: str | None = None
    self_url: str | None = None
    updated: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDocument:
    """One item of a feed.

    `id` is the guid as claimed, or the link when the item claims none: ids may repeat inside one
    document and mean nothing outside their feed. `published` and `updated` may lie in the future.
    `published_text` is the date exactly as written. `author` is a name, never an e-mail address.
    """

    id: str | None = None
    url: str | None = None
    title: str | None = None
    author: str | None = None
    summary: str | None = None
    content: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    published_text: str | None = None
    categories: tuple[str, ...] = ()
    enclosures: tuple[EnclosureDocument, ...] = ()
    image_url: str | None = None
    language: str | None = None
    source: SourceDocument | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleHints:
    """How often a publisher asks to be read; hours are GMT (RSS 2.0 ttl, skipHours, skipDays; sy).

    `skip_days` counts Monday as 0.
    """

    ttl_minutes: int | None = None
    update_minutes: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDocument:
    """A whole feed, in document order.

    `home_url` is Atom's link rel=alternate. `total` counts the entries the document holds, which
    is more than `entries` when the limit cut it. `language` is a primary subtag such as `nl`.
    `warnings` are English sentences for the feed's owner; `parser` says which reader succeeded.
    """

    kind: FeedKind
    title: str | None = None
    subtitle: str | None = None
    id: str | None = None
    home_url: str | None = None
    self_url: str | None = None
    hub_urls: tuple[str, ...] = ()
    author: str | None = None
    language: str | None = None
    updated: datetime | None = None
    image_url: str | None = None
    hints: ScheduleHints = ScheduleHints()
    entries: tuple[EntryDocument, ...] = ()
    total: int = 0
    warnings: tuple[str, ...] = ()
    parser: str = ""
