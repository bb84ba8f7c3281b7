"""What we send: our own documents, before `render` writes them as JSON.

Every field carries an AS2 word. None, an empty text and an empty tuple are left out, except where
readers need the member (`to`, `cc`, `attachment`, `tag`). Times are aware. Addresses are ids.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from federation.vocab.outgoing_parts import (
    CollectionCount,
    File,
    Hashtag,
    KeyMethod,
    Language,
    Link,
    Mention,
    Picture,
    ProfileField,
)
from federation.vocab.stamps import QuoteAuthorization
from federation.vocab.terms import JsonValue

Verb: TypeAlias = Literal[
    "Create",
    "Update",
    "Delete",
    "Follow",
    "Accept",
    "Reject",
    "Undo",
    "Like",
    "Dislike",
    "Announce",
    "Add",
    "Remove",
    "Lock",
    "Block",
    "Flag",
    "Move",
    "Resolve",
    "Warn",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """What every actor has; `public_key_pem` is SPKI, its id and owner follow from `uri`.

    `summary` is HTML, `source` the Markdown it was made from. `manually_approves_followers` is for
    really private groups only: Lemmy takes it to mean that.
    """

    uri: str
    preferred_username: str
    name: str
    inbox: str
    outbox: str
    shared_inbox: str
    public_key_pem: str
    webfinger: str
    published: datetime
    updated: datetime | None = None
    summary: str | None = None
    source: str | None = None
    url: str | None = None
    followers: str | None = None
    following: str | None = None
    icon: Picture | None = None
    image: Picture | None = None
    manually_approves_followers: bool = False
    discoverable: bool = True
    indexable: bool = True
    suspended: bool = False
    attribution_domains: tuple[str, ...] = ()
    attachments: tuple[ProfileField, ...] = ()
    generator: str | None = None
    also_known_as: tuple[str, ...] = ()
    moved_to: str | None = None
    assertion_methods: tuple[KeyMethod, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Actor):
    """One of our people, or (as Service or Organization) something that acts like one."""

    type: Literal["Person", "Service", "Organization"] = "Person"
    featured: str | None = None
    featured_tags: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Actor):
    """A community. `moderators` is the address of the list, `description` one plain line."""

    moderators: str
    featured: str
    description: str | None = None
    posting_restricted_to_mods: bool = False
    sensitive: bool = False
    languages: tuple[Language, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Application(Actor):
    """The server itself. `content` is the longer text about it as HTML.

    `administrators` is the address of the list of those who run it (FEP-baf5).
    """

    administrators: str | None = None
    content: str | None = None
    description: str | None = None
    languages: tuple[Language, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorStub:
    """What anybody may see of an actor where everything else is for signed requests only.

    Of a group also its `name` and the address of its `outbox`: PieFed finds no group without.
    """

    uri: str
    type: str
    preferred_username: str
    inbox: str
    public_key_pem: str
    name: str | None = None
    outbox: str | None = None

    @staticmethod
    def of(actor: Actor, as2_type: str) -> "ActorStub":
        """Return what is left of an actor: enough to recognise its signature."""
        is_group = isinstance(actor, Group)
        return ActorStub(
            uri=actor.uri,
            type=as2_type,
            preferred_username=actor.preferred_username,
            inbox=actor.inbox,
            public_key_pem=actor.public_key_pem,
            name=actor.name if is_group else None,
            outbox=actor.outbox if is_group else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What posts and comments share. `group` gives both `audience` and its Mention in `tag`.

    The Mention of the group is always there, visible or not: it is how Lemmy and NodeBB make people
    on microblogs address the group when they reply. Put the group first in `to` of a Page.
    `updated` is written only when it is later than `published`.
    """

    uri: str
    attributed_to: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    content: str
    published: datetime
    group: Mention | None = None
    updated: datetime | None = None
    source: str | None = None
    language: Language | None = None
    attachments: tuple[Link | Picture | File, ...] = ()
    mentions: tuple[Mention, ...] = ()
    hashtags: tuple[Hashtag, ...] = ()
    url: str | None = None
    context: str | None = None
    replies: str | CollectionCount | None = None
    likes: str | CollectionCount | None = None
    dislikes: str | CollectionCount | None = None
    shares: str | CollectionCount | None = None
    sensitive: bool = False
    comments_enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Post):
    """A thread starter. `name` is plain; `summary` an excerpt of at most 500 characters of HTML.

    Mastodon shows name and summary and never the content, so a page always has a summary; a short
    text is its own summary.
    """

    type: Literal["Page", "Article"] = "Page"
    name: str
    summary: str
    image: Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Post):
    """A comment. `summary` is a content warning and nothing else; a comment has no name."""

    in_reply_to: str | None = None
    summary: str | None = None
    distinguished: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """What we serve and send in the place of something deleted.

    That of a person holds the key for a while: the departure itself is signed with it.
    """

    uri: str
    former_type: str | None = None
    published: datetime | None = None
    deleted: datetime | None = None
    public_key_pem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Something one of our actors did.

    `object` is an id, a document of ours, or somebody's activity as received: as dict, or as bytes
    that `render_bytes` copies unchanged (FEP-1b12 forwards inner activities byte for byte).
    `summary` on Delete, Block, Lock and Flag is the reason; its mere presence tells Lemmy that a
    moderator acted: an author's own Delete has none.
    """

    type: Verb
    uri: str
    actor: str
    object: "Content | tuple[Content, ...]"
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    audience: str | None = None
    target: str | None = None
    origin: str | None = None
    result: str | None = None
    summary: str | None = None
    content: str | None = None
    published: datetime | None = None
    end_time: datetime | None = None
    remove_data: bool | None = None
    restore_data: bool | None = None
    with_replies: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionPage:
    """One page of a collection; `next` is absent on the last one."""

    uri: str
    part_of: str
    items: "tuple[Content, ...]" = ()
    total_items: int | None = None
    next: str | None = None
    prev: str | None = None
    ordered: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """A list we serve: Ordered unless `ordered` is False (followers of a group, for Lemmy).

    `items` None leaves the member out, an empty tuple writes an empty list.
    """

    uri: str
    total_items: int
    items: "tuple[Content, ...] | None" = None
    first: str | CollectionPage | None = None
    ordered: bool = True
    name: str | None = None
    attributed_to: str | None = None
    audience: str | None = None


Outgoing: TypeAlias = (
    Person
    | Group
    | Application
    | ActorStub
    | Page
    | Note
    | Tombstone
    | Activity
    | Collection
    | CollectionPage
    | QuoteAuthorization
)
Content: TypeAlias = str | bytes | Mapping[str, JsonValue] | Outgoing
