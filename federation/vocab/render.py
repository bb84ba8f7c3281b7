"""The only writer of `@context`: our documents into the bytes that go over the wire.

The context stands on the outermost object alone. Foreign activities inside ours go in as the bytes
in which they came (FEP-1b12: the inner activity must not be changed), their own context included.
"""

from collections.abc import Callable, Mapping

import orjson

from federation.vocab.json_text import parse_json
from federation.vocab.outgoing import (
    Activity,
    ActorStub,
    Application,
    Collection,
    CollectionPage,
    Content,
    Group,
    Note,
    Outgoing,
    Page,
    Person,
    Tombstone,
)
from federation.vocab.render_actors import write_application, write_group, write_person, write_stub
from federation.vocab.render_context import CONTEXT
from federation.vocab.render_objects import write_note, write_page, write_stamp, write_tombstone
from federation.vocab.render_parts import Members, without_absent, write_time
from federation.vocab.stamps import QuoteAuthorization
from federation.vocab.terms import JsonObject

CONTEXT_JSON = orjson.dumps(CONTEXT)


def render_bytes(document: Outgoing) -> bytes:
    """Return the JSON of a document, UTF-8, its context first.

    Raises MalformedError when bytes to be embedded are not one JSON object.
    """
    return orjson.dumps({"@context": orjson.Fragment(CONTEXT_JSON), **_write(document)})


def add_proof(body: bytes, proof: JsonObject) -> bytes:
    """Return the same JSON with a proof (FEP-8b32) as its last member; nothing else changes."""
    return body[:-1] + b',"proof":' + orjson.dumps(proof) + b"}"


def render(document: Outgoing) -> JsonObject:
    """Return the same as a dict, for whoever wants to look at it; send the bytes."""
    rendered: JsonObject = orjson.loads(render_bytes(document))
    return rendered


def _write(document: Outgoing) -> Members:
    """Write a document without context."""
    return _WRITERS[type(document)](document)


def _write_content(content: Content) -> object:
    """Write what stands inside: an address, foreign bytes or dict as they are, or our own."""
    if isinstance(content, bytes):
        parse_json(content)
        return orjson.Fragment(content)
    if isinstance(content, str | Mapping):
        return content
    return _write(content)


def _write_activity(activity: Activity) -> Members:
    """Write an activity; `to` and `cc` are always there and always lists."""
    thing = activity.object
    return without_absent(
        {
            "type": activity.type,
            "id": activity.uri,
            "actor": activity.actor,
            "to": list(activity.to),
            "cc": list(activity.cc),
            "audience": activity.audience,
            "object": (
                [_write_content(one) for one in thing]
                if isinstance(thing, tuple)
                else _write_content(thing)
            ),
            "target": activity.target,
            "origin": activity.origin,
            "result": activity.result,
            "summary": activity.summary,
            "content": activity.content,
            "removeData": activity.remove_data,
            "restoreData": activity.restore_data,
            "withReplies": activity.with_replies,
            "endTime": write_time(activity.end_time),
            "expires": write_time(activity.end_time),
            "published": write_time(activity.published),
        }
    )


def _write_collection(collection: Collection) -> Members:
    """Write a collection; `totalItems` is always a number."""
    first = collection.first
    return without_absent(
        {
            "type": "OrderedCollection" if collection.ordered else "Collection",
            "id": collection.uri,
            "attributedTo": collection.attributed_to,
            "audience": collection.audience,
            "name": collection.name,
            "totalItems": collection.total_items,
            **_members(collection.items, ordered=collection.ordered),
            "first": _write_page_of(first) if isinstance(first, CollectionPage) else first,
        }
    )


def _write_page_of(page: CollectionPage) -> Members:
    """Write one page of a collection."""
    return without_absent(
        {
            "type": "OrderedCollectionPage" if page.ordered else "CollectionPage",
            "id": page.uri,
            "partOf": page.part_of,
            "totalItems": page.total_items,
            **_members(page.items, ordered=page.ordered),
            "next": page.next,
            "prev": page.prev,
        }
    )


def _members(items: tuple[Content, ...] | None, *, ordered: bool) -> Members:
    """Write the members under the name that belongs to the type of list."""
    if items is None:
        return {}
    return {"orderedItems" if ordered else "items": [_write_content(item) for item in items]}


_WRITERS: Mapping[type, Callable[..., Members]] = {
    Person: write_person,
    Group: write_group,
    Application: write_application,
    ActorStub: write_stub,
    Page: write_page,
    Note: write_note,
    Tombstone: write_tombstone,
    Activity: _write_activity,
    Collection: _write_collection,
    CollectionPage: _write_page_of,
    QuoteAuthorization: write_stamp,
}
