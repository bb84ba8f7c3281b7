"""What PieFed demands: its plain signature parser, and what it takes from documents."""

from collections.abc import Mapping
from typing import Any, Final

from tests.readers.signatures import (
    Delivered,
    Parsed,
    UnsignedError,
    check_digest,
    parsed_from,
    split_plainly,
)

Json = Mapping[str, Any]
ALGORITHMS: Final = ("rsa-sha256", "hs2019")
SITE_BAN_SLASHES: Final = 4


def parse_signature(delivered: Delivered) -> Parsed:
    """Read the signature as PieFed does: no trimming, `algorithm` must be there, a Date too."""
    parts = split_plainly(delivered.header("signature"))
    parsed = parsed_from(parts, ("keyId", "headers", "signature", "algorithm"))
    if parsed.algorithm not in ALGORITHMS:
        raise UnsignedError("another algorithm")
    delivered.header("date")
    check_digest(delivered)
    return parsed


def read_instance(document: Json) -> tuple[str, str]:
    """Return where everything for a server goes, and its outbox: both a KeyError when missing."""
    return document["inbox"], document["outbox"]


def read_admins(site: Json) -> list[str]:
    """Return who may act for the whole server, from the answer to /api/v3/site."""
    return [admin["person"]["actor_id"].lower() for admin in site["admins"]]


def read_group(document: Json) -> dict[str, Any]:
    """Return what PieFed keeps of a community; ids are compared in lower case."""
    return {
        "id": document["id"].lower(),
        "name": document["preferredUsername"].lower(),
        "title": document["name"],
        "key": document["publicKey"]["publicKeyPem"],
        "inbox": document["endpoints"]["sharedInbox"],
        "moderators": document["attributedTo"],
        "nsfw": bool(document["sensitive"]),
        "restricted": bool(document["postingRestrictedToMods"]),
    }


def read_post(document: Json) -> dict[str, Any]:
    """Return what PieFed shows of a thread: its Markdown when it has any, else the HTML."""
    source = document.get("source")
    has_markdown = isinstance(source, Mapping) and source["mediaType"] == "text/markdown"
    attachment = document.get("attachment") or []
    links = [one["href"] for one in attachment if one["type"] == "Link"]
    return {
        "title": document["name"].strip(),
        "text": source["content"] if has_markdown else document["content"],  # type: ignore[index]
        "html": document["content"],
        "link": links[0] if links else None,
        "images": [one["url"] for one in attachment if one["type"] == "Image"],
        "alts": [one.get("name") for one in attachment if one["type"] == "Image"],
        "language": (document.get("language") or {}).get("identifier"),
        "nsfw": bool(document.get("sensitive", False)),
        "is_open": bool(document.get("commentsEnabled", True)),
        "hashtags": [one["name"] for one in document["tag"] if one["type"] == "Hashtag"],
    }


def is_site_ban(block: Json) -> bool:
    """Whether PieFed takes a Block for one of the whole server: few slashes in its target."""
    return str(block["target"]).count("/") < SITE_BAN_SLASHES


def inner_activities(announce: Json) -> list[Json]:
    """Return what a community passes on: one activity, or a list or collection of them."""
    thing = announce["object"]
    if isinstance(thing, Mapping) and thing.get("type") == "OrderedCollection":
        thing = thing["orderedItems"]
    things = thing if isinstance(thing, list) else [thing]
    return [one for one in things if isinstance(one, Mapping)]
