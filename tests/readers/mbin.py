"""What Mbin demands: its plain signature parser, and what it takes from documents."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from tests.readers.signatures import (
    Delivered,
    Parsed,
    UnsignedError,
    check_digest,
    parsed_from,
    split_plainly,
)

Json = Mapping[str, Any]
PUBLIC: Final = "https://www.w3.org/ns/activitystreams#Public"
RANDOM: Final = "random"


class UnreadableError(Exception):
    """Mbin cannot make anything of it."""


def parse_signature(delivered: Delivered) -> Parsed:
    """Read the signature as Mbin does: split at commas, a Date, and a key of the actor's host."""
    parts = split_plainly(delivered.header("signature"))
    parsed = parsed_from(parts, ("keyId", "headers", "signature"))
    delivered.header("date")
    check_digest(delivered)
    return parsed


def check_key_host(activity: Json, key_id: str) -> None:
    """A key of another host makes it a forwarded activity, which is fetched again."""
    if urlsplit(key_id).netloc != urlsplit(str(activity["actor"])).netloc:
        raise UnsignedError("the key is of another host")


def read_magazine(document: Json) -> dict[str, Any]:
    """Return what Mbin keeps of a community; `attributedTo` must be one text."""
    moderators = document["attributedTo"]
    if not isinstance(moderators, str):
        raise UnreadableError("attributedTo")
    return {
        "id": document["id"],
        "name": document["preferredUsername"],
        "title": document.get("name") or document["preferredUsername"],
        "moderators": moderators,
        "featured": document.get("featured"),
        "adult": document.get("sensitive", False),
        "inbox": document["endpoints"]["sharedInbox"],
    }


def magazine_of(thing: Json, known: str) -> str:
    """Return where a thread belongs: audience, then to and cc; else the magazine `random`."""
    named = [thing.get("audience"), *thing["to"], *thing["cc"]]
    return known if known in named else RANDOM


def read_entry(document: Json, known: str) -> dict[str, Any]:
    """Return what Mbin shows of a thread; a Note would become a microblog post instead."""
    if document["type"] not in {"Page", "Article", "Question"}:
        raise UnreadableError("not an entry")
    if PUBLIC not in [*document["to"], *document["cc"]]:
        raise UnreadableError("not public")
    links = [one["href"] for one in document["attachment"] if one["type"] == "Link"]
    images = [one for one in document["attachment"] if one["type"] == "Image"]
    return {
        "title": document["name"],
        "text": document["content"],
        "magazine": magazine_of(document, known),
        "link": links[0] if links else None,
        "images": [one["url"] for one in images],
        "alts": [one.get("name") for one in images],
        "language": next(iter(document.get("contentMap") or {}), None),
        "adult": document["sensitive"],
        "is_open": document.get("commentsEnabled", True),
        "hashtags": [one["name"] for one in document["tag"] if one["type"] == "Hashtag"],
    }


def undone(activity: Json) -> Json:
    """Return what an Undo, Accept or Reject is about: embedded, or it is silently ignored."""
    thing = activity["object"]
    if not isinstance(thing, Mapping) or "type" not in thing or "actor" not in thing:
        raise UnreadableError("only the address of what is undone")
    return thing
