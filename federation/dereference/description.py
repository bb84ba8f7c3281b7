"""What we understand of a document, in the forum's own words: for `federation inspect`."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from app.core.html import clean_text, html_to_text
from federation.dereference.titles import title_of
from federation.vocab.activities import ActivityDocument, Document
from federation.vocab.actors import ActorDocument
from federation.vocab.collections import CollectionDocument
from federation.vocab.objects import ObjectDocument, TombstoneDocument
from federation.vocab.parse import parse_any, parse_json
from federation.vocab.render_parts import write_time
from federation.vocab.terms import PUBLIC, Kind

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
    Kind.QUOTE_REQUEST: "request to quote",
    Kind.FEED: "network",
}
TYPE_WORDS: Final[Mapping[str, str]] = {
    "Organization": "organisation",
    "Question": "poll",
    "Event": "meeting",
}
CARRIERS: Final = frozenset({Kind.CREATE, Kind.ANNOUNCE})
LIFTED: Final = frozenset(
    [
        *("attributed_to", "in_reply_to", "title", "text", "community", "published", "warnings"),
        *("language", "starts", "ends", "place", "link", "sensitive"),
    ]
)
MAX_TITLE: Final = 300
MAX_DEPTH: Final = 4
FOLLOWERS: Final = "/followers"


def describe_bytes(body: bytes) -> dict[str, object]:
    """Return what we understand of a document; raises MalformedError when it is refused."""
    return describe(parse_any(parse_json(body)))


def describe(document: Document) -> dict[str, object]:
    """Return the description of contract.md, "Commands", with what an activity is about inside.

    What only some kinds have (`target`, `until`, `starts`, `members`, ...) is there when it is.
    """
    described = _empty() | {"kind": _word(document), "id": document.uri}
    if isinstance(document, ActivityDocument):
        return described | _of_activity(document)
    if isinstance(document, ObjectDocument):
        return described | _of_object(document)
    if isinstance(document, ActorDocument):
        return described | _of_actor(document)
    if isinstance(document, CollectionDocument):
        return described | _of_collection(document)
    return described | _of_tombstone(document)


def _empty() -> dict[str, object]:
    names = ("kind", "id", "actor", "attributed_to")
    tail = ("community", "in_reply_to", "title", "text", "published")
    lists: dict[str, object] = {"to": [], "cc": []}
    return dict.fromkeys(names) | lists | dict.fromkeys(tail) | {"warnings": []}


def _present(**members: object) -> dict[str, object]:
    """Return the members that say something."""
    return {name: value for name, value in members.items() if value not in (None, False, ())}


def _word(document: Document) -> str:
    if document.type in TYPE_WORDS:
        return TYPE_WORDS[document.type]
    if isinstance(document, ObjectDocument) and document.kind == Kind.NOTE:
        return _word_for_note(document)
    if isinstance(document, ActivityDocument) and document.kind == Kind.DELETE:
        return "departure" if document.object_uri == document.actor else "removal"
    return DOMAIN_WORDS.get(document.kind, "unknown")


def _word_for_note(note: ObjectDocument) -> str:
    """Tell a message (for nobody but the people it names), an answer and a thread apart."""
    is_private = not note.is_public and bool(note.recipients)
    if is_private and not any(uri.endswith(FOLLOWERS) for uri in note.recipients):
        return "message"
    return "comment" if note.in_reply_to else "post"


def _of_activity(activity: ActivityDocument, depth: int = 0) -> dict[str, object]:
    """Describe an activity; Create and Announce have no own word: they are what they bring.

    `inner` is what a community passes on, described by itself.
    """
    described: dict[str, object] = {
        "activity": activity.type,
        "actor": activity.actor,
        "to": list(activity.to),
        "cc": list(activity.cc),
        "community": _community_of(activity),
        "published": write_time(activity.published),
        "text": (activity.summary or "").strip() or activity.content,
        **_subject(activity),
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
    elif isinstance(inner, ActorDocument):
        about = _of_actor(inner)
    lifted = LIFTED | {"kind"} if activity.kind in CARRIERS else LIFTED
    if activity.kind == Kind.ANNOUNCE and described["community"]:
        lifted -= {"community"}
    return described | {name: about[name] for name in lifted if about.get(name)}


def _community_of(activity: ActivityDocument) -> str | None:
    """Return where it happens: what a ban or a list says is surer than the audience beside it."""
    target = activity.target or ""
    if activity.kind == Kind.BLOCK and urlsplit(target).path.strip("/"):
        return target
    for ending in ("/featured", "/moderators"):
        if activity.kind in {Kind.ADD, Kind.REMOVE} and target.endswith(ending):
            return target.removesuffix(ending)
    if activity.kind == Kind.ANNOUNCE and isinstance(activity.object, ActivityDocument):
        return activity.actor
    return activity.audience[0] if activity.audience else None


def _subject(activity: ActivityDocument) -> dict[str, object]:
    """Describe what is acted upon: one thing, or the several of a report."""
    several = [thing if isinstance(thing, str) else thing.uri for thing in activity.objects]
    return {"object": activity.object_uri} | _present(
        objects=tuple(several) if len(several) > 1 else None,
        target=activity.target,
        origin=activity.origin,
        until=write_time(activity.end_time),
        removes_data=activity.remove_data,
        restores_data=activity.restore_data,
        with_replies=activity.with_replies,
    )


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
        "community": thing.group or _addressed_group(thing),
        "in_reply_to": thing.in_reply_to,
        "title": _title(thing),
        "text": html_to_text(thing.content or thing.summary or "") or None,
        "published": write_time(thing.published),
        "warnings": warnings,
        **_present(
            language=thing.language,
            starts=write_time(thing.start_time),
            ends=write_time(thing.end_time),
            place=thing.location,
            link=thing.first_link,
            sensitive=thing.sensitive,
        ),
    }


def _addressed_group(thing: ObjectDocument) -> str | None:
    """Return who is addressed together with the own followers: microblogs write to groups so."""
    recipients = set(thing.recipients) - {PUBLIC, thing.attributed_to}
    return next((uri for uri in thing.recipients if {uri, uri + FOLLOWERS} <= recipients), None)


def _title(thing: ObjectDocument) -> str | None:
    """Return the title; of a note that starts a thread, the one that we would give it."""
    given = clean_text(thing.name or "", max_length=MAX_TITLE)
    if given or _word(thing) != "post":
        return given or None
    spoken_to = (m.name or "" for m in thing.mentions if m.href in thing.recipients)
    names = [name.lstrip("@!").partition("@")[0] for name in spoken_to]
    return title_of(thing.content or "", names) or None


def _of_actor(actor: ActorDocument) -> dict[str, object]:
    return {
        "actor": actor.uri,
        "title": clean_text(actor.name or actor.preferred_username or "", max_length=MAX_TITLE),
        "text": html_to_text(actor.summary or "") or None,
        "published": write_time(actor.published),
        "warnings": []
        if actor.public_key_pem
        else ["no public key: nothing it sends can be verified"],
        **_present(name=actor.preferred_username, moved_to=actor.moved_to),
    }


def _of_collection(collection: CollectionDocument) -> dict[str, object]:
    members = collection.member_uris
    return {"members": list(members), "total": collection.total_items}


def _of_tombstone(tombstone: TombstoneDocument) -> dict[str, object]:
    times = {"published": write_time(tombstone.published)}
    return times | _present(
        former_type=tombstone.former_type, deleted=write_time(tombstone.deleted)
    )
