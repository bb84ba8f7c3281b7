"""The words of ActivityStreams and of its extensions that we read or write.

Sources: AS2 vocabulary (W3C), FEP-1b12 (groups), the inline terms of Mastodon, Lemmy, PeerTube,
Mobilizon and GoToSocial. `KINDS` is the one place where a foreign type falls back to one of ours.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeAlias

JsonValue: TypeAlias = "dict[str, JsonValue] | list[JsonValue] | str | int | float | bool | None"
JsonObject: TypeAlias = dict[str, JsonValue]

PUBLIC: Final = "https://www.w3.org/ns/activitystreams#Public"
PUBLIC_ALIASES: Final = frozenset({PUBLIC, "as:Public", "Public"})

ACTIVITY_JSON: Final = "application/activity+json"
LD_JSON: Final = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
JRD_JSON: Final = "application/jrd+json"
ACCEPT: Final = f"{ACTIVITY_JSON}, {LD_JSON}"
READABLE_MEDIA_TYPES: Final = frozenset(
    {
        ACTIVITY_JSON,
        f"{ACTIVITY_JSON}; charset=utf-8",
        LD_JSON,
        f"{LD_JSON}; charset=utf-8",
    }
)
HTML: Final = "text/html"
MARKDOWN: Final = "text/markdown"
PLAIN_TEXT: Final = "text/plain"


class Kind(StrEnum):
    """What a document is to us; several AS2 types share a kind, `type` keeps the peer's word."""

    PERSON = "person"
    GROUP = "group"
    APPLICATION = "application"
    FEED = "feed"
    PAGE = "page"
    NOTE = "note"
    TOMBSTONE = "tombstone"
    COLLECTION = "collection"
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    FOLLOW = "follow"
    ACCEPT = "accept"
    REJECT = "reject"
    UNDO = "undo"
    LIKE = "like"
    DISLIKE = "dislike"
    EMOJI_REACT = "emoji_react"
    ANNOUNCE = "announce"
    ADD = "add"
    REMOVE = "remove"
    BLOCK = "block"
    FLAG = "flag"
    LOCK = "lock"
    RESOLVE = "resolve"
    WARN = "warn"
    MOVE = "move"
    JOIN = "join"
    LEAVE = "leave"
    QUOTE_REQUEST = "quote_request"
    UNKNOWN = "unknown"


KINDS: Final[Mapping[str, Kind]] = {
    "Person": Kind.PERSON,
    "Service": Kind.PERSON,
    "Organization": Kind.PERSON,
    "Group": Kind.GROUP,
    "Application": Kind.APPLICATION,
    "Feed": Kind.FEED,
    "Page": Kind.PAGE,
    "Article": Kind.PAGE,
    "Question": Kind.PAGE,
    "Event": Kind.PAGE,
    "Video": Kind.PAGE,
    "Audio": Kind.PAGE,
    "Image": Kind.PAGE,
    "Document": Kind.PAGE,
    "Link": Kind.PAGE,
    "Note": Kind.NOTE,
    "ChatMessage": Kind.NOTE,
    "Tombstone": Kind.TOMBSTONE,
    "Collection": Kind.COLLECTION,
    "CollectionPage": Kind.COLLECTION,
    "OrderedCollection": Kind.COLLECTION,
    "OrderedCollectionPage": Kind.COLLECTION,
    "Create": Kind.CREATE,
    "Update": Kind.UPDATE,
    "Delete": Kind.DELETE,
    "Follow": Kind.FOLLOW,
    "Accept": Kind.ACCEPT,
    "Reject": Kind.REJECT,
    "Undo": Kind.UNDO,
    "Like": Kind.LIKE,
    "Dislike": Kind.DISLIKE,
    "EmojiReact": Kind.EMOJI_REACT,
    "Announce": Kind.ANNOUNCE,
    "Add": Kind.ADD,
    "Remove": Kind.REMOVE,
    "Block": Kind.BLOCK,
    "Flag": Kind.FLAG,
    "Lock": Kind.LOCK,
    "Resolve": Kind.RESOLVE,
    "Warn": Kind.WARN,
    "Move": Kind.MOVE,
    "Join": Kind.JOIN,
    "Leave": Kind.LEAVE,
    "QuoteRequest": Kind.QUOTE_REQUEST,
}

ACTOR_KINDS: Final = frozenset({Kind.PERSON, Kind.GROUP, Kind.APPLICATION, Kind.FEED})
OBJECT_KINDS: Final = frozenset({Kind.PAGE, Kind.NOTE})
ACTIVITY_KINDS: Final = frozenset(
    set(Kind) - ACTOR_KINDS - OBJECT_KINDS - {Kind.TOMBSTONE, Kind.COLLECTION, Kind.UNKNOWN}
)
PERSON_TYPES: Final = frozenset({"Person", "Service", "Organization", "Application"})


def kind_of(as2_type: str) -> Kind:
    """Return what a type is to us; UNKNOWN for a type we have no use for."""
    return KINDS.get(as2_type, Kind.UNKNOWN)
