"""What NodeBB demands: exact media type, its origin check, and which objects it takes."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from tests.readers.signatures import (
    Delivered,
    Parsed,
    UnsignedError,
    check_digest,
    parsed_from,
    require_signed,
    split_plainly,
)

Json = Mapping[str, Any]
Fetch = Callable[[str], Json]
MEDIA_TYPES: Final = (
    "application/activity+json",
    'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
)
POST_TYPES: Final = ("Note", "Page", "Article", "Question", "Video")
ACTOR_TYPES: Final = ("Application", "Organization", "Person", "Service")


class UnresolvedError(Exception):
    """NodeBB answers 424: what it was told of cannot be fetched."""


def parse_signature(delivered: Delivered) -> Parsed:
    """Read the signature as NodeBB does; another media type does not even reach the inbox."""
    if delivered.header("content-type") not in MEDIA_TYPES:
        raise UnsignedError("404: not the media type of the route")
    parts = split_plainly(delivered.header("signature"))
    parsed = parsed_from(parts, ("keyId", "headers", "signature"))
    require_signed(parsed, "(request-target)", "host", "date")
    check_digest(delivered)
    return parsed


def resolve(activity: Json, fetch: Fetch) -> Json:
    """Return an activity with its object: of another host it is fetched by its id alone."""
    thing = activity["object"]
    if isinstance(thing, Mapping) and _host(thing["id"]) == _host(activity["actor"]):
        return thing
    return _fetched(thing if isinstance(thing, str) else thing["id"], fetch)


def read_post(document: Json) -> dict[str, Any]:
    """Return what NodeBB shows of a post; the author must be one text on the post's own host."""
    if document["type"] not in POST_TYPES:
        raise UnresolvedError("not a post")
    author = document["attributedTo"]
    if not isinstance(author, str) or _host(author) != _host(document["id"]):
        raise UnresolvedError("the author is not of the post's host")
    source = document.get("source")
    has_markdown = isinstance(source, Mapping) and source["mediaType"] == "text/markdown"
    attachment = document.get("attachment") or []
    return {
        "title": document.get("name"),
        "text": source["content"] if has_markdown else document["content"],  # type: ignore[index]
        "html": document["content"],
        "category": document.get("audience"),
        "context": document.get("context"),
        "link": next((one["href"] for one in attachment if one["type"] == "Link"), None),
        "images": [one["url"] for one in attachment if one["type"] == "Image"],
        "alts": [one.get("name") for one in attachment if one["type"] == "Image"],
        "language": next(iter(document.get("contentMap") or {}), None),
        "hashtags": [one["name"] for one in document["tag"] if one["type"] == "Hashtag"],
        "sensitive": document["sensitive"],
    }


def read_category(document: Json) -> dict[str, Any]:
    """Return what NodeBB keeps of a community elsewhere."""
    if document["type"] != "Group":
        raise UnresolvedError("not a category")
    return {
        "id": document["id"],
        "handle": document["preferredUsername"],
        "title": document["name"],
        "inbox": document["endpoints"]["sharedInbox"],
        "restricted": document["postingRestrictedToMods"],
    }


def _fetched(uri: str, fetch: Fetch) -> Json:
    try:
        return fetch(uri)
    except LookupError as error:
        raise UnresolvedError(uri) from error


def _host(uri: str) -> str:
    return urlsplit(uri).netloc
