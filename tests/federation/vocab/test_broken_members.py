"""One member of a list that cannot be read is passed over; the others are read (A109)."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from federation.discovery.descriptor import read_descriptor
from federation.vocab.parse import parse_activity, parse_collection
from federation.vocab.parse_actors import parse_actor
from federation.vocab.parse_fields import is_address
from federation.vocab.parse_objects import parse_object
from federation.vocab.terms import PUBLIC

ROOT = "https://a.test"
ANA, BOB = f"{ROOT}/u/ana", f"{ROOT}/u/bob"
ODD: list[Any] = [
    None,
    5,
    True,
    "",
    "geen adres",
    "javascript:alert(1)",
    [],
    [[]],
    {},
    {"type": 5},
    {"id": 5, "type": ["Note", 3]},
    {"type": "Mention", "href": {"a": 1}, "name": []},
    {"type": "Hashtag", "name": 7},
    {"type": "Link", "href": ["x"], "mediaType": {}},
    {"type": "Image", "url": {"href": None}, "width": "breed"},
    {"type": "Multikey", "id": 1, "publicKeyMultibase": None},
    {"rel": 3, "href": None, "type": []},
]
Read = Callable[[list[Any]], Any]


def note(**members: Any) -> Any:
    return parse_object({"id": f"{ROOT}/p/1", "type": "Note", "attributedTo": ANA, **members})


def actor(**members: Any) -> Any:
    return parse_actor({"id": ANA, "type": "Person", "inbox": f"{ANA}/inbox", **members})


def verb(**members: Any) -> Any:
    return parse_activity(
        {"id": f"{ROOT}/a/1", "type": "Create", "actor": ANA, "object": f"{ROOT}/p/1", **members}
    )


def members(kind: str) -> Read:
    name = "orderedItems" if kind.startswith("Ordered") else "items"

    def read(given: list[Any]) -> Any:
        document = parse_collection({"id": f"{ROOT}/l", "type": kind, name: given})
        return tuple(uri for uri in document.member_uris if is_address(uri))

    return read


def keys(given: list[Any]) -> Any:
    found = actor(assertionMethod=given).proof_keys
    return {uri: key for uri, key in found.items() if uri != f"{ANA}#andere"}


def jrd(given: list[Any]) -> Any:
    raw = json.loads(json.dumps({"subject": "acct:ana@a.test", "links": given}))
    return [one.uri for one in read_descriptor(raw).actors]


MENTION = {"type": "Mention", "href": BOB, "name": "@bob"}
SELF = {"rel": "self", "type": "application/activity+json", "href": ANA}
KEY = {"id": f"{ANA}#k", "type": "Multikey", "controller": ANA, "publicKeyMultibase": "z6Mk"}
LISTS: dict[str, tuple[Read, Any, Any]] = {
    "to of an object": (lambda one: note(to=one).to, PUBLIC, (PUBLIC,)),
    "cc of an object": (lambda one: note(cc=one).cc, BOB, (BOB,)),
    "audience of an object": (lambda one: note(audience=one).audience, BOB, (BOB,)),
    "to of an activity": (lambda one: verb(to=one).to, BOB, (BOB,)),
    "cc of an activity": (lambda one: verb(cc=one).cc, PUBLIC, (PUBLIC,)),
    "mentions": (lambda one: [m.href for m in note(tag=one).mentions], MENTION, [BOB]),
    "hashtags": (
        lambda one: note(tag=one).hashtags,
        {"type": "Hashtag", "name": "#toetsen"},
        ("toetsen",),
    ),
    "attachments": (
        lambda one: [a.url for a in note(attachment=one).attachments],
        {"type": "Image", "url": f"{ROOT}/1.png"},
        [f"{ROOT}/1.png"],
    ),
    "pictures": (lambda one: actor(icon=one).icon_url, {"url": f"{ROOT}/i"}, f"{ROOT}/i"),
    "other accounts": (lambda one: actor(alsoKnownAs=one).also_known_as, BOB, (BOB,)),
    "keys for proofs": (keys, KEY, {f"{ANA}#k": "z6Mk"}),
    "answers of a poll": (
        lambda one: [
            o.name
            for o in parse_object(
                {"id": f"{ROOT}/q", "type": "Question", "attributedTo": ANA, "oneOf": one}
            ).poll.options
        ],
        {"type": "Note", "name": "Ja"},
        ["Ja"],
    ),
    "a collection": (members("Collection"), BOB, (BOB,)),
    "an ordered collection": (members("OrderedCollection"), BOB, (BOB,)),
    "a page": (members("OrderedCollectionPage"), BOB, (BOB,)),
    "links of WebFinger": (jrd, SELF, [ANA]),
}


@pytest.mark.parametrize("odd", ODD, ids=[json.dumps(one)[:40] for one in ODD])
@pytest.mark.parametrize("name", LISTS)
def test_an_odd_member_keeps_no_other_away(name: str, odd: Any) -> None:
    read, good, expected = LISTS[name]

    assert read([odd, good, odd]) == expected
