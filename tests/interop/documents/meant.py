"""What the sender of a recorded document meant, in the words of `federation inspect`."""

from dataclasses import dataclass

EVERYONE = "https://www.w3.org/ns/activitystreams#Public"


@dataclass(frozen=True)
class Meant:
    """The facts of one document: None and () stand for what the sender did not say.

    `by` is who wrote it, or who did it; `text` how the text starts; `object` and `objects` are
    what an activity is about, `inner` the word for what it takes back or passes on.
    """

    kind: str
    by: str | None = None
    community: str | None = None
    in_reply_to: str | None = None
    title: str | None = None
    text: str | None = None
    published: str | None = None
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    object: str | None = None
    objects: tuple[str, ...] = ()
    target: str | None = None
    inner: str | None = None
    language: str | None = None
    members: int | None = None
    starts: str | None = None
    place: str | None = None
    link: str | None = None
    is_private: bool = False
