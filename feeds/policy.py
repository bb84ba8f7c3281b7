"""What may be done with a feed, and by whom."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement

from feeds.models.feed import Feed, FeedState

_SHOWN_TO_NOBODY: Final = (FeedState.WITHDRAWN.value, FeedState.WAITING.value)
ASK_SPACING: Final = timedelta(minutes=5)


def can_ask_again(feed: Feed, now: datetime) -> bool:
    """Whether a person may have the feed fetched at once: once in five minutes."""
    return feed.asked_at is None or now - feed.asked_at >= ASK_SPACING


def can_be_shown(feed: Feed) -> bool:
    """Whether readers may see the feed and what it brought."""
    return feed.state not in _SHOWN_TO_NOBODY


def shown_feeds() -> ColumnElement[bool]:
    """Condition on Feed: its publisher has not withdrawn it, and it has been taken up here."""
    return Feed.state.not_in(_SHOWN_TO_NOBODY)
