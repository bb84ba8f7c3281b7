"""What Mastodon demands of discovery, actors and posts, and what it makes of a post."""

from collections.abc import Mapping
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
AS: Final = "https://www.w3.org/ns/activitystreams"
PUBLIC: Final = f"{AS}#Public"
ACTOR_TYPES: Final = ("Application", "Group", "Organization", "Person", "Service")
NATIVE_TYPES: Final = ("Note", "Question")
CONVERTED_TYPES: Final = ("Image", "Audio", "Video", "Article", "Page", "Event")
LINK_TYPES: Final = (
    "application/activity+json",
    'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
)
MAX_MEDIA: Final = 4


class RefusedError(Exception):
    """Mastodon does not take it."""


def parse_signature(delivered: Delivered) -> Parsed:
    """Read the signature as Mastodon does; parameters may be in any order and with blanks."""
    parts = {name.strip(): value for name, value in _parts(delivered).items()}
    parsed = parsed_from(parts, ("keyId", "headers", "signature"))
    require_signed(parsed, "(request-target)", "host", "date", "digest")
    check_digest(delivered)
    return parsed


def _parts(delivered: Delivered) -> dict[str, str]:
    return split_plainly(delivered.header("signature"))


def resolve(jrd: Json, actor: Json) -> str:
    """Return the handle; only the first link to oneself counts, and it must be the actor."""
    links = [one for one in jrd["links"] if one.get("rel") == "self"]
    if not links or links[0].get("type") not in LINK_TYPES:
        raise RefusedError("no link to an actor")
    if links[0]["href"] != actor["id"]:
        raise RefusedError("the first link is another actor")
    handle = str(jrd["subject"]).removeprefix("acct:")
    if handle.partition("@")[0].lower() != actor["preferredUsername"].lower():
        raise RefusedError("another name")
    return handle


def read_actor(document: Json) -> dict[str, Any]:
    """Return what Mastodon keeps of an account."""
    check_context(document)
    if document["type"] not in ACTOR_TYPES:
        raise RefusedError("not an account")
    key = document["publicKey"]
    if key["owner"] != document["id"] or not key["publicKeyPem"]:
        raise RefusedError("no key of its own")
    return {
        "id": document["id"],
        "acct": document["preferredUsername"],
        "name": document["name"],
        "note": document.get("summary"),
        "url": same_host_url(document),
        "is_group": document["type"] == "Group",
        "inbox": document["inbox"],
        "shared_inbox": document["endpoints"]["sharedInbox"],
        "discoverable": document.get("discoverable", False),
        "indexable": document.get("indexable", False),
        "locked": document.get("manuallyApprovesFollowers", False),
    }


def check_context(document: Json) -> None:
    """Require the ActivityStreams context by its exact text."""
    context = document["@context"]
    if AS not in ([context] if isinstance(context, str) else context):
        raise RefusedError("another context")


def same_host_url(document: Json) -> str:
    """Return the page for people; one on another host counts for nothing."""
    url = document.get("url")
    is_own = isinstance(url, str) and urlsplit(url).netloc == urlsplit(document["id"]).netloc
    return url if is_own else document["id"]  # type: ignore[return-value]


def shows_collections(followers: Json, following: Json) -> bool:
    """Whether the profile tells how many follow: both lists need a first page."""
    return "first" in followers and "first" in following


def read_status(document: Json, *, fetched_from: str | None = None) -> dict[str, Any]:
    """Return what people on Mastodon see of a post; `fetched_from` must be its id."""
    if fetched_from is not None:
        check_context(document)
        if document["id"] != fetched_from:
            raise RefusedError("found under another address")
    if urlsplit(document["attributedTo"]).netloc != urlsplit(document["id"]).netloc:
        raise RefusedError("the author is of another host")
    if document["type"] not in (*NATIVE_TYPES, *CONVERTED_TYPES):
        raise RefusedError("not a status")
    attachment = document.get("attachment") or []
    media = [one for one in attachment if one["type"] in {"Image", "Document"}][:MAX_MEDIA]
    return {
        "html": _text_of(document),
        "warning": document.get("summary") if document["type"] in NATIVE_TYPES else None,
        "visibility": visibility_of(document),
        "language": next(iter(document.get("contentMap") or {}), None),
        "sensitive": bool(document.get("sensitive")),
        "images": [one["url"] for one in media if one["mediaType"].startswith("image/")],
        "alts": [one.get("name") for one in media],
        "link": next((one["href"] for one in attachment if one["type"] == "Link"), None),
        "hashtags": [one["name"] for one in document["tag"] if one["type"] == "Hashtag"],
        "mentions": [one["href"] for one in document["tag"] if one["type"] == "Mention"],
        "in_reply_to": document.get("inReplyTo"),
        "url": same_host_url(document),
    }


def visibility_of(document: Json) -> str:
    """Return who may see it: public, unlisted, or only who is named."""
    if PUBLIC in document["to"]:
        return "public"
    if PUBLIC in document["cc"]:
        return "unlisted"
    followers = [uri for uri in (*document["to"], *document["cc"]) if uri.endswith("/followers")]
    return "private" if followers else "direct"


def _text_of(document: Json) -> str:
    """Of a Page and its like the title, the summary and a link; the content is never shown."""
    if document["type"] in NATIVE_TYPES:
        return str(document["content"])
    url = same_host_url(document)
    title = f"<h2>{document['name']}</h2>" if document.get("name") else ""
    return f'{title}{document.get("summary") or ""}<p><a href="{url}">{url}</a></p>'


def read_report(document: Json, own_host: str) -> tuple[list[str], str]:
    """Return the accounts and posts of a report, and its reason; it must name an account here."""
    things = document["object"]
    here = [uri for uri in ([things] if isinstance(things, str) else things) if own_host in uri]
    if not any("/u" in uri for uri in here):
        raise RefusedError("no account of ours")
    return here, str(document.get("content") or "")


__all__ = ["RefusedError", "UnsignedError", "parse_signature", "read_actor", "read_status"]
