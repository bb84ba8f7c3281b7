"""Posts and comments as peers describe them, and what is left of them after deletion."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from federation.vocab.addressing import Addressed
from federation.vocab.carried import Meeting, Poll
from federation.vocab.terms import HTML, JsonValue, Kind


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody spoken to: `href` is the actor's id, `name` usually `@name@host`."""

    href: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A link, a picture or a file that comes with a post; `name` is the alternative text."""

    type: str
    url: str
    media_type: str | None = None
    name: str | None = None
    width: int | None = None
    height: int | None = None

    @property
    def is_image(self) -> bool:
        """Whether this can be shown as a picture."""
        return self.type == "Image" or (self.media_type or "").startswith("image/")

    @property
    def is_link(self) -> bool:
        """Whether this points to a page, rather than to a file that belongs to the post."""
        return not self.is_image and (self.type == "Link" or self.media_type == HTML)


@dataclass(frozen=True, slots=True)
class ObjectDocument(Addressed):
    """One post or comment, read tolerantly; None means that the peer did not say.

    `content` and `summary` are foreign and still need sanitising. `content` is HTML unless
    `media_type` says text/markdown or text/plain. `attributed_to` is the one author; `group` is
    the community the peer names (audience, or the Group among several attributedTo). `to` and `cc`
    hold ids, the public one always in its full form. `url` on another host than the id is dropped.
    `replies` is the list of direct answers (PeerTube calls it `comments`). Whether a Note without
    `in_reply_to` starts a thread is for the caller to say. `uri` is empty only for an embedded
    object to which the peer gave no id. Times are UTC; `start_time`, `end_time` and `location` are
    read of an Event and a Question only, `poll` of a Question, `meeting` of an Event, `duration` of
    a Video or Audio. A file or link that is posted as such stands among its own `attachments`.
    """

    uri: str
    type: str
    kind: Kind
    attributed_to: str | None = None
    group: str | None = None
    audience: tuple[str, ...] = ()
    name: str | None = None
    content: str | None = None
    media_type: str = HTML
    summary: str | None = None
    source_markdown: str | None = None
    in_reply_to: str | None = None
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] = ()
    hashtags: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    image_url: str | None = None
    url: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None
    location: str | None = None
    poll: Poll | None = None
    meeting: Meeting | None = None
    duration: timedelta | None = None
    language: str | None = None
    sensitive: bool = False
    distinguished: bool = False
    comments_enabled: bool = True
    context: str | None = None
    replies: str | None = None
    raw: Mapping[str, JsonValue] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_poll_vote(self) -> bool:
        """Whether this is an answer to a poll: a Note with a name, a parent and no text."""
        return self.type == "Note" and bool(self.name and self.in_reply_to) and not self.content

    @property
    def first_link(self) -> str | None:
        """The page this post points to, if it says so in its attachments."""
        return next((a.url for a in self.attachments if a.is_link), None)


@dataclass(frozen=True, slots=True)
class TombstoneDocument:
    """What stands where something was deleted."""

    uri: str
    type: str = "Tombstone"
    kind: Kind = Kind.TOMBSTONE
    former_type: str | None = None
    deleted: datetime | None = None
    published: datetime | None = None
    raw: Mapping[str, JsonValue] = field(default_factory=dict, compare=False, repr=False)
