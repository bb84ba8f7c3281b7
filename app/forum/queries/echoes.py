"""Whether what our people wrote in a community elsewhere was passed on there yet."""

from datetime import datetime, timedelta
from enum import StrEnum

from app.core.clock import utcnow
from app.forum.models.comment import Comment
from app.forum.models.post import Post

LATE_AFTER = timedelta(minutes=10)
GIVEN_UP_AFTER = timedelta(days=14)  # as long as anything waits to be delivered


class Echo(StrEnum):
    """What is known; "" for what needs no word about it."""

    NONE = ""
    PENDING = "pending"
    LATE = "late"
    TURNED_DOWN = "turned_down"


def echo_of(thing: Post | Comment) -> Echo:
    """Return what to say about a post or comment."""
    community = thing.community if isinstance(thing, Post) else thing.post.community
    if not thing.is_local or community.is_local or not thing.is_published:
        return Echo.NONE
    return judge_echo(thing.echoed_at, thing.turned_down, thing.published_at)


def judge_echo(echoed_at: datetime | None, turned_down: str | None, published_at: datetime) -> Echo:
    """Return what to say about a text of ours that is shown, in a community elsewhere."""
    age = utcnow() - published_at
    if echoed_at is not None or age > GIVEN_UP_AFTER:
        return Echo.NONE
    if turned_down is not None:
        return Echo.TURNED_DOWN
    return Echo.LATE if age >= LATE_AFTER else Echo.PENDING
