"""What Lemmy demands of activities, and which of them each of its inboxes reads."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import Field

from tests.readers.lemmy_parts import (
    PUBLIC,
    ExactlyOne,
    FeaturedList,
    FollowersList,
    Group,
    Instance,
    ModeratorsList,
    Note,
    OneOrMany,
    Page,
    Person,
    PrivateMessage,
    Structure,
    Time,
    Tombstone,
    Url,
)

Json = Mapping[str, Any]
MEDIA_TYPES: Final = frozenset(
    {
        "application/activity+json",
        "application/activity+json; charset=utf-8",
        'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
    }
)


class Act(Structure):
    id: Url
    actor: Url
    audience: Url | None = None


class Addressed(Act):
    to: OneOrMany
    cc: OneOrMany


class Follow(Act):
    type: Literal["Follow"]
    object: Url
    to: ExactlyOne | None = None


class AcceptFollow(Act):
    type: Literal["Accept"]
    object: Follow
    to: ExactlyOne | None = None


class RejectFollow(Act):
    type: Literal["Reject"]
    object: Follow
    to: ExactlyOne | None = None


class UndoFollow(Act):
    type: Literal["Undo"]
    object: Follow
    to: ExactlyOne | None = None


class CreateOrUpdate(Addressed):
    type: Literal["Create", "Update"]
    object: Note | Page


class CreateMessage(Act):
    type: Literal["Create", "Update"]
    to: ExactlyOne
    object: PrivateMessage


class UpdateGroup(Addressed):
    type: Literal["Update"]
    object: Group


class UpdatePerson(Addressed):
    type: Literal["Update"]
    object: Person


class Vote(Act):
    type: Literal["Like", "Dislike"]
    object: Url


class UndoVote(Act):
    type: Literal["Undo"]
    object: Vote


class Delete(Act):
    type: Literal["Delete"]
    to: OneOrMany
    cc: OneOrMany = Field(default_factory=list)
    object: Url | Tombstone
    summary: str | None = None
    remove_data: bool | None = None
    with_replies: bool | None = None


class UndoDelete(Act):
    type: Literal["Undo"]
    to: OneOrMany
    cc: OneOrMany = Field(default_factory=list)
    object: Delete


class Block(Addressed):
    type: Literal["Block"]
    object: Url
    target: Url
    remove_data: bool | None = None
    summary: str | None = None
    end_time: Time | None = None


class UndoBlock(Addressed):
    type: Literal["Undo"]
    object: Block
    restore_data: bool | None = None


class Collect(Addressed):
    type: Literal["Add", "Remove"]
    object: Url
    target: Url


class Lock(Addressed):
    type: Literal["Lock"]
    object: Url
    summary: str | None = None


class UndoLock(Addressed):
    type: Literal["Undo"]
    object: Lock
    summary: str | None = None


class Report(Act):
    type: Literal["Flag"]
    to: ExactlyOne
    object: Url | Annotated[list[Url], Field(min_length=1)]
    summary: str | None = None
    content: str | None = None


class Resolve(Act):
    type: Literal["Resolve"]
    to: ExactlyOne
    object: Url | Report


class Warn(Act):
    type: Literal["Warn"]
    to: ExactlyOne
    object: Url
    summary: str
    audience: Url


class Announce(Addressed):
    """What it passes on is read by itself: `object` is whatever has an id and an actor."""

    type: Literal["Announce"]
    object: Url | dict[str, Any]


Models = Mapping[str, Sequence[type[Structure]]]
ANNOUNCED: Final[Models] = {
    "Create": (CreateOrUpdate,),
    "Update": (CreateOrUpdate, UpdateGroup),
    "Like": (Vote,),
    "Dislike": (Vote,),
    "Delete": (Delete,),
    "Block": (Block,),
    "Add": (Collect,),
    "Remove": (Collect,),
    "Lock": (Lock,),
    "Flag": (Report,),
    "Resolve": (Resolve,),
    "Warn": (Warn,),
    "Undo": (UndoVote, UndoDelete, UndoBlock, UndoLock),
}
SHARED_INBOX: Final[Models] = {
    **ANNOUNCED,
    "Create": (CreateOrUpdate, CreateMessage),
    "Update": (CreateOrUpdate, UpdateGroup, UpdatePerson),
    "Follow": (Follow,),
    "Accept": (AcceptFollow,),
    "Reject": (RejectFollow,),
    "Undo": (UndoFollow, *ANNOUNCED["Undo"]),
    "Announce": (Announce,),
}
DOCUMENTS: Final[Mapping[str, type[Structure]]] = {
    "Group": Group,
    "Person": Person,
    "Service": Person,
    "Organization": Person,
    "Application": Instance,
    "Page": Page,
    "Article": Page,
    "Note": Note,
    "Tombstone": Tombstone,
}
LISTS: Final[Mapping[str, type[Structure]]] = {
    "followers": FollowersList,
    "moderators": ModeratorsList,
    "featured": FeaturedList,
}


class UnreadableError(Exception):
    """Lemmy answers 400."""


def read_activity(document: Json, models: Models = SHARED_INBOX) -> Structure:
    """Read an activity as one of the structures of its type; the first that fits counts."""
    faults: list[Exception] = []
    for model in models.get(str(document.get("type")), ()):
        try:
            return model.model_validate(document)
        except ValueError as error:
            faults.append(error)
    raise UnreadableError(f"{document.get('type')}: {faults or 'no such activity'}")


def read_announced(announce: Json) -> Structure:
    """Read what a community passes on; a bare object is CannotReceivePage."""
    Announce.model_validate(announce)
    inner = announce["object"]
    if not isinstance(inner, Mapping) or "actor" not in inner:
        raise UnreadableError("CannotReceivePage")
    return read_activity(inner, ANNOUNCED)


def read_document(document: Json) -> Structure:
    """Read an actor, post, comment or tombstone."""
    return DOCUMENTS[document["type"]].model_validate(document)


def read_outbox(document: Json) -> list[Structure]:
    """Read a community's outbox: each of its members an Announce, or all is lost."""
    if document["type"] != "OrderedCollection" or not isinstance(document["totalItems"], int):
        raise UnreadableError("not an outbox")
    return [read_announced(one) for one in document["orderedItems"]]


def check_fetched(document: Json, url: str, media_type: str) -> None:
    """Check what every fetched document must be: exact media type, and its own address."""
    if media_type not in MEDIA_TYPES:
        raise UnreadableError(f"media type {media_type}")
    if document["id"] != url:
        raise UnreadableError("fetched from elsewhere")


def check_activity(document: Json) -> None:
    """Check origin and visibility as Lemmy does before it applies an activity."""
    host = urlsplit(document["actor"]).netloc
    if urlsplit(document["id"]).netloc != host:
        raise UnreadableError("id and actor of two hosts")
    thing = document.get("object")
    kind = document["type"]
    if kind in {"Create", "Update"} and isinstance(thing, Mapping) and "attributedTo" in thing:
        is_moderator_edit = thing["attributedTo"] != document["actor"]
        if kind == "Create" and is_moderator_edit:
            raise UnreadableError("the author is another")
    needs_public = {"Delete", "Block", "Lock", "Add", "Remove", "Announce"}
    if kind in needs_public and PUBLIC not in document["to"]:
        raise UnreadableError("public is not in `to`")


__all__ = [
    "CreateMessage",
    "CreateOrUpdate",
    "UnreadableError",
    "check_activity",
    "check_fetched",
    "read_activity",
    "read_announced",
    "read_document",
    "read_outbox",
]
