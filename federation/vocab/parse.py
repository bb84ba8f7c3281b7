"""The only door from raw JSON into the typed world.

`parse_json` turns bytes into one dict (see json_text for what is refused there), `parse_any` and
its sisters turn a dict into a document. They raise MalformedError naming the member, and nothing
else, whatever they are given.
"""

from federation.errors import MalformedError
from federation.vocab.activities import ActivityDocument, Document, Embedded
from federation.vocab.collections import CollectionDocument
from federation.vocab.json_text import parse_json
from federation.vocab.parse_actors import parse_actor
from federation.vocab.parse_fields import (
    Raw,
    as_list,
    read_count,
    read_endpoint,
    read_flag,
    read_recipients,
    read_reference,
    read_text,
    read_time,
    read_uri,
)
from federation.vocab.parse_objects import parse_object, parse_tombstone, read_object_type
from federation.vocab.terms import ACTIVITY_KINDS, ACTOR_KINDS, JsonValue, Kind, kind_of

__all__ = [
    "parse_activity",
    "parse_actor",
    "parse_any",
    "parse_collection",
    "parse_json",
    "parse_member",
    "parse_object",
    "parse_tombstone",
]

MAX_NESTING = 5
MAX_BATCH = 1000
MAX_MEMBERS = 1000
BATCHING_KINDS = frozenset({Kind.ANNOUNCE, Kind.FLAG})


def parse_any(raw: Raw) -> Document:
    """Read whatever this is; a type we do not know is an activity when it has an actor and object.

    Raises MalformedError naming the member that is wrong or missing.
    """
    return _parse(raw, level=0)


def parse_activity(raw: Raw) -> ActivityDocument:
    """Read an activity: `id`, `type` and `actor` are single texts, known verbs have an object.

    Unknown verbs are read as well, without their object: they are answered and ignored.
    """
    return _parse_activity(raw, level=0)


def parse_collection(raw: Raw) -> CollectionDocument:
    """Read a collection or a page of one; members stay raw, at most 1,000 of them."""
    first = raw.get("first")
    page = first if isinstance(first, dict) else {}
    members = [
        member
        for field in ("orderedItems", "items")
        for member in (*as_list(raw.get(field)), *as_list(page.get(field)))
        if isinstance(member, str | dict)
    ]
    return CollectionDocument(
        uri="" if raw.get("id") is None else read_uri(raw, "id"),
        type=read_object_type(raw),
        total_items=read_count(raw, "totalItems"),
        members=tuple(members[:MAX_MEMBERS]),
        first=read_endpoint(raw, "first"),
        next=read_endpoint(raw, "next") or read_endpoint(page, "next"),
        part_of=read_endpoint(raw, "partOf"),
        attributed_to=read_endpoint(raw, "attributedTo"),
        raw=raw,
    )


def parse_member(member: str | Raw) -> Embedded:
    """Read one member of a collection: an id, a bare reference, or a document.

    Raises MalformedError; one odd member need not spoil the list.
    """
    return _embedded(member if isinstance(member, str) else dict(member), level=1)


def _parse(raw: Raw, level: int) -> Document:
    """Read a document at some depth of embedding."""
    kind = kind_of(read_object_type(raw))
    if kind in ACTOR_KINDS:
        return parse_actor(raw)
    if kind is Kind.TOMBSTONE:
        return parse_tombstone(raw)
    if kind is Kind.COLLECTION:
        return parse_collection(raw)
    if kind in ACTIVITY_KINDS or (kind is Kind.UNKNOWN and "actor" in raw and "object" in raw):
        return _parse_activity(raw, level)
    return parse_object(raw, embedded=level > 0)


def _actor(raw: Raw, level: int) -> str:
    """Return who acts: one address; inside another activity perhaps the actor in full (Fedify)."""
    value = raw.get("actor")
    if level and isinstance(value, dict):
        return read_uri(value, "id")
    return read_uri(raw, "actor")


def _parse_activity(raw: Raw, level: int) -> ActivityDocument:
    """Read an activity at some depth of embedding; only an embedded one may lack its id."""
    verb = raw.get("type")
    if not isinstance(verb, str) or not verb or not verb.isprintable():
        raise MalformedError("type", "not one text")
    kind = kind_of(verb)
    if kind not in ACTIVITY_KINDS and kind is not Kind.UNKNOWN:
        raise MalformedError("type", "not an activity")
    return ActivityDocument(
        uri="" if level and raw.get("id") is None else read_uri(raw, "id"),
        type=verb,
        kind=kind,
        actor=_actor(raw, level),
        objects=_objects(raw, kind, level),
        target=read_reference(raw, "target"),
        origin=read_endpoint(raw, "origin"),
        instrument=read_endpoint(raw, "instrument"),
        to=read_recipients(raw, "to"),
        cc=read_recipients(raw, "cc"),
        audience=read_recipients(raw, "audience"),
        summary=_reason(raw),
        content=read_text(raw, "content"),
        published=read_time(raw, "published"),
        end_time=read_time(raw, "endTime") or read_time(raw, "expires"),
        remove_data=bool(read_flag(raw, "removeData")),
        restore_data=bool(read_flag(raw, "restoreData")),
        with_replies=bool(read_flag(raw, "withReplies")),
        raw=raw,
    )


def _reason(raw: Raw) -> str | None:
    """Return `summary`; a blank one stays, as its mere presence marks moderation (Lemmy, Mbin)."""
    value = raw.get("summary")
    if isinstance(value, str) and value:
        return value.replace("\x00", "")
    return read_text(raw, "summary")


def _objects(raw: Raw, kind: Kind, level: int) -> tuple[Embedded, ...]:
    """Read what an activity is about; several things only where batches exist."""
    value = raw.get("object")
    if kind is Kind.UNKNOWN:
        return (read_uri(raw, "object"),) if isinstance(value, str) else ()
    if kind is Kind.REJECT and isinstance(value, dict):
        value = dict(_rejected(value))
    if kind in BATCHING_KINDS:
        things = _batch(value)
        if things:
            return _readable(things[:MAX_BATCH], level + 1)
    return (_embedded(value, level + 1),)


def _rejected(value: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Return what is rejected; NodeBB repeats it without its id, and its actor as `target`."""
    if value.get("id") is not None or value.get("actor") is not None:
        return value
    things = as_list(value.get("object"))
    thing = things[0] if len(things) == 1 else value.get("object")
    return {**value, "actor": value.get("target"), "object": thing, "target": None}


def _readable(things: list[JsonValue], level: int) -> tuple[Embedded, ...]:
    """Read the members of a batch; odd ones are left out as long as one can be read."""
    found: list[Embedded] = []
    fault: MalformedError | None = None
    for thing in things:
        try:
            found.append(_embedded(thing, level))
        except MalformedError as error:
            fault = error
    if fault is not None and not found:
        raise fault
    return tuple(found)


def _batch(value: JsonValue) -> list[JsonValue]:
    """Return the members of a list or of an embedded collection (PieFed); empty when neither."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and value.get("type") in ("Collection", "OrderedCollection"):
        return as_list(value.get("orderedItems")) or as_list(value.get("items"))
    return []


def _embedded(value: JsonValue, level: int) -> Embedded:
    """Read one thing an activity is about: an id, a bare reference, or a document."""
    if level > MAX_NESTING:
        raise MalformedError("object", f"embedded more than {MAX_NESTING} times")
    if isinstance(value, str):
        return read_uri({"object": value}, "object")
    if not isinstance(value, dict):
        raise MalformedError("object", "neither an address nor an object")
    if _is_reference(value):
        return read_uri(value, "id")
    return _parse(value, level)


def _is_reference(value: Raw) -> bool:
    """Whether an object only points: no type, or an actor or activity without its body."""
    if value.get("type") is None:
        return True
    kind = kind_of(read_object_type(value))
    if kind in ACTOR_KINDS:
        return value.get("inbox") is None
    return kind in ACTIVITY_KINDS and value.get("actor") is None
