"""What GoToSocial demands of documents and signatures, and what it makes of a post."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from tests.readers.signatures import (
    Delivered,
    Parsed,
    check_digest,
    parsed_from,
    require_signed,
    split_plainly,
)

Json = Mapping[str, Any]
AS: Final = "https://www.w3.org/ns/activitystreams"
PUBLIC: Final = f"{AS}#Public"
SHARED_LABELS: Final = 2


class RefusedError(Exception):
    """GoToSocial does not take it."""


def parse_signature(delivered: Delivered) -> Parsed:
    """Read the signature; Host, Date, the target and the digest must be covered."""
    parsed = parsed_from(
        split_plainly(delivered.header("signature")), ("keyId", "headers", "signature")
    )
    require_signed(parsed, "(request-target)", "host", "date", "digest")
    check_digest(delivered)
    return parsed


def check_context(document: Json) -> None:
    """Require that ActivityStreams stands first: what follows gives other names to things."""
    context = document["@context"]
    first = context if isinstance(context, str) else context[0]
    if first != AS:
        raise RefusedError("types cannot be told without ActivityStreams in the first place")


def read_account(document: Json) -> dict[str, Any]:
    """Return what is kept of an actor; its shared inbox must be of the same domain."""
    check_context(document)
    shared = document["endpoints"]["sharedInbox"]
    if not _is_near(shared, document["id"]):
        raise RefusedError("the shared inbox is elsewhere")
    for name in ("inbox", "outbox", "followers", "following", "preferredUsername"):
        if name not in document:
            raise RefusedError(f"no {name}")
    return {
        "id": document["id"],
        "name": document["name"],
        "key": document["publicKey"]["publicKeyPem"],
        "shared_inbox": shared,
        "is_group": document["type"] == "Group",
    }


def read_status(document: Json) -> dict[str, Any]:
    """Return what people see: a summary or a name folds the content behind a warning."""
    published = datetime.fromisoformat(document["published"])
    if "updated" in document and datetime.fromisoformat(document["updated"]) < published:
        raise RefusedError("changed before it was written")
    attachment = document.get("attachment") or []
    images = [one for one in attachment if one["type"] in {"Image", "Document"}]
    return {
        "html": document["content"],
        "warning": document.get("summary") or document.get("name"),
        "language": next(iter(document.get("contentMap") or {}), None),
        "sensitive": bool(document["sensitive"]),
        "images": [one["url"] for one in images if one["mediaType"].startswith("image/")],
        "alts": [one.get("summary") or one.get("name") for one in images],
        "hashtags": [one["name"] for one in document["tag"] if one["type"] == "Hashtag"],
        "mentions": [one["href"] for one in document["tag"] if one["type"] == "Mention"],
        "in_reply_to": document.get("inReplyTo"),
        "is_public": PUBLIC in (*document["to"], *document["cc"]),
    }


def _is_near(first: str, second: str) -> bool:
    """Whether two hosts are the same, or share their last two labels."""
    hosts = [str(urlsplit(uri).hostname).split(".") for uri in (first, second)]
    return hosts[0] == hosts[1] or hosts[0][-SHARED_LABELS:] == hosts[1][-SHARED_LABELS:]
