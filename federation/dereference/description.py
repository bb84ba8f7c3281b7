"""What we understand of a document, in the forum's own words: for `federation inspect`."""

from collections.abc import Mapping
from typing import Final

from app.core.html import clean_text, html_to_text
from federation.vocab.activities import ActivityDocument, Document
from federation.vocab.actors import ActorDocument
from federation.vocab.objects import ObjectDocument
from federation.vocab.parse import parse_any, parse_json
from federation.vocab.render_parts import write_time
from federation.vocab.terms import Kind

DOMAIN_WORDS: Final[Mapping[Kind, str]] = {
    Kind.PERSON: "person",
    Kind.GROUP: "community",
    Kind.APPLICATION: "server",
    Kind.PAGE: "post",
    Kind.NOTE: "post",
    Kind.TOMBSTONE: "tombstone",
    Kind.COLLECTION: "collection",
    Kind.CREATE: "publication",
    Kind.UPDATE: "edit",
    Kind.DELETE: "removal",
    Kind.FOLLOW: "follow",
    Kind.ACCEPT: "approval",
    Kind.REJECT: "refusal",
    Kind.UNDO: "undo",
    Kind.LIKE: "vote",
    Kind.DISLIKE: "vote",
    Kind.EMOJI_REACT: "reaction",
    Kind.ANNOUNCE: "announcement",
    Kind.FLAG: "report",
    Kind.BLOCK: "ban",
    Kind.LOCK: "lock",
    Kind.ADD: "addition",
    Kind.REMOVE: "withdrawal",
    Kind.MOVE: "move",
    Kind.RESOLVE: "resolution",
    Kind.WARN: "warning",
    Kind.JOIN: "attendance",
    Kind.LEAVE: "absence",
    Kind.FEED: "network",
}
TYPE_WORDS: Final[Mapping[str, str]] = {
    "Organization": "organisation",
    "Question": "poll",
    "Event": "meeting",
}
CARRIERS: Final = frozenset({Kind.CREATE, Kind.ANNOUNCE})
LIFTED: Final = frozenset(
    {"attributed_to", "in_reply_to", "title", "text", "community", "published", "warnings"}
)
MAX_TITLE: Final = 300
MAX_DEPTH: Final = 4


def describe_bytes(body: bytes) -> dict[str, object]:
    """Return what we understand of a document; raises MalformedError when it is refused."""
    return describe(parse_any(parse_json(body)))


def describe(document: Document) -> dict[str, object]:
    """Return the description of contract.md, "Commands", with what an activity is about inside."""
    described = _empty() | {"kind": _word(document), "id": document.uri}
    if isinstance(document, ActivityDocument):
        return described | _of_activity(document)
    if isinstance(document, ObjectDocument):
        return described | _of_object(document)
    if isinstance(document, ActorDocument):
        return described | _of_actor(document)
    return described


def _empty() -> dict[str, object]:
    names = ("kind", "id", "actor", "attributed_to")
    tail = ("community", "in_reply_to", "title", "text", "published")
    lists: dict[str, object] = {"to": [], "cc": []}
    return dict.fromkeys(names) | lists | dict.fromkeys(tail) | {"warnings": []}


def _word(document: Document) -> str:
    if document.type in TYPE_WORDS:
        return TYPE_WORDS[document.type]
    if isinstance(document, ObjectDocument) and document.kind == Kind.NOTE:
        return "comment" if document.in_reply_to else "post"
    return DOMAIN_WORDS.get(document.kind, "unknown")


def _of_activity(activity: ActivityDocument, depth: int = 0) -> dict[str, object]:
    """Describe an activity; Create and Announce have no own word: they are what they bring.

    `inner` is what a community passes on, described by itself.
    """
    described: dict[str, object] = {
        "activity": activity.type,
        "actor": activity.actor,
        "to": list(activity.to),
        "cc": list(activity.cc),
        "community": activity.audience[0] if activity.audience else None,
        "published": write_time(activity.published),
        "text": activity.summary,
        "object": activity.object_uri,
    }
    if activity.kind == Kind.UNKNOWN:
        described["warnings"] = [f"unknown activity type {activity.type}: accepted and ignored"]
    inner = activity.object
    about: dict[str, object] = {}
    if isinstance(inner, ObjectDocument):
        about = {"kind": _word(inner)} | _of_object(inner)
    elif isinstance(inner, ActivityDocument) and depth < MAX_DEPTH:
        about = {"kind": _word(inner)} | _of_activity(inner, depth + 1)
        described["inner"] = about | {"id": inner.uri}
    lifted = LIFTED | {"kind"} if activity.kind in CARRIERS else LIFTED
    return described | {name: about[name] for name in lifted if about.get(name)}


def _of_object(thing: ObjectDocument) -> dict[str, object]:
    warnings = []
    if not thing.is_public:
        warnings.append("not public: never announced")
    if thing.attributed_to is None:
        warnings.append("no author")
    return {
        "attributed_to": thing.attributed_to,
        "to": list(thing.to),
        "cc": list(thing.cc),
        "community": thing.group or (thing.audience[0] if thing.audience else None),
        "in_reply_to": thing.in_reply_to,
        "title": clean_text(thing.name or "", max_length=MAX_TITLE) or None,
        "text": html_to_text(thing.content or thing.summary or "") or None,
        "published": write_time(thing.published),
        "warnings": warnings,
    }


def _of_actor(actor: ActorDocument) -> dict[str, object]:
    return {
        "actor": actor.uri,
        "title": clean_text(actor.name or actor.preferred_username or "", max_length=MAX_TITLE),
        "text": html_to_text(actor.summary or "") or None,
        "published": write_time(actor.published),
        "warnings": []
        if actor.public_key_pem
        else ["no public key: nothing it sends can be verified"],
    }
