"""What happens with feeds. Ids of rows, never rows."""

from dataclasses import dataclass

from app.core.events import Event


@dataclass(frozen=True)
class FeedAdded(Event):
    """A feed is read from now on; its first fetch is still to come."""

    feed_id: int


@dataclass(frozen=True)
class EntryFound(Event):
    """An entry was stored for the first time.

    `is_news` is False for what was there before we came and for a flood: that is archive, which
    nobody is told about.
    """

    entry_id: int
    feed_id: int
    is_news: bool


@dataclass(frozen=True)
class EntryRevised(Event):
    """An entry says something else than before; a change of a word or two is no revision."""

    entry_id: int
    feed_id: int


@dataclass(frozen=True)
class FeedGone(Event):
    """The publisher said twice, a day apart, that the feed is gone for good (410)."""

    feed_id: int
