"""What moderators say about a text without taking it away, as `events` does for the rest."""

from dataclasses import dataclass

from app.core.events import Event


@dataclass(frozen=True)
class PostMarked(Event):
    """A moderator said that a post is for the wary, or not; no `by_id`: its community says so."""

    post_id: int
    by_id: int | None
    is_sensitive: bool
