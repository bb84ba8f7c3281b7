"""What a document may hold: at the limit, one more, and ten times as much (security.md A107)."""

from collections.abc import Callable
from typing import Any

import pytest

from federation.vocab import parse, parse_actors, parse_carried, parse_fields, parse_media
from federation.vocab.parse_actors import parse_actor
from federation.vocab.parse_objects import parse_object

ROOT = "https://a.test"
ANA = f"{ROOT}/u/ana"


def note(**members: Any) -> Any:
    return parse_object({"id": f"{ROOT}/p/1", "type": "Note", "attributedTo": ANA, **members})


def actor(**members: Any) -> Any:
    return parse_actor({"id": ANA, "type": "Person", "inbox": f"{ANA}/inbox", **members})


def uris(count: int) -> list[str]:
    return [f"{ROOT}/{number}" for number in range(count)]


def mentions(count: int) -> int:
    tags = [{"type": "Mention", "href": uri} for uri in uris(count)]
    return len(note(tag=tags).mentions)


def hashtags(count: int) -> int:
    return len(note(tag=[{"type": "Hashtag", "name": f"#t{n}"} for n in range(count)]).hashtags)


def attachments(count: int) -> int:
    return len(note(attachment=[{"type": "Image", "url": uri} for uri in uris(count)]).attachments)


def keys(count: int) -> int:
    listed = [
        {"id": f"{ANA}#{n}", "type": "Multikey", "controller": ANA, "publicKeyMultibase": "z6Mk"}
        for n in range(count)
    ]
    return len(actor(assertionMethod=listed).proof_keys)


def answers(count: int) -> int:
    question = {"id": ROOT, "type": "Question", "attributedTo": ANA}
    poll = parse_object(question | {"oneOf": [{"name": f"Keus {n}"} for n in range(count)]}).poll
    return 0 if poll is None else len(poll.options)


def members(count: int) -> int:
    raw = {"id": f"{ROOT}/l", "type": "OrderedCollection", "orderedItems": uris(count)}
    return len(parse.parse_collection(raw).members)


LIMITS: dict[str, tuple[int, Callable[[int], int]]] = {
    "recipients": (parse_fields.MAX_RECIPIENTS, lambda n: len(note(to=uris(n)).to)),
    "mentions": (parse_media.MAX_MENTIONS, mentions),
    "tags": (parse_media.MAX_TAGS, hashtags),
    "attachments": (parse_media.MAX_ATTACHMENTS, attachments),
    "title": (parse_fields.MAX_LINE, lambda n: len(note(name="x" * n).name)),
    "name": (parse_fields.MAX_LINE, lambda n: len(actor(name="x" * n).name)),
    "hashtag": (
        parse_media.MAX_HASHTAG,
        lambda n: len(note(tag=[{"type": "Hashtag", "name": "x" * n}]).hashtags[0]),
    ),
    "aliases": (parse_actors.MAX_ALIASES, lambda n: len(actor(alsoKnownAs=uris(n)).also_known_as)),
    "keys for proofs": (parse_actors.MAX_PROOF_KEYS, keys),
    "answers of a poll": (parse_carried.MAX_OPTIONS, answers),
    "members of a list": (parse.MAX_MEMBERS, members),
}


@pytest.mark.parametrize("name", LIMITS)
def test_what_fits_is_kept_and_what_is_more_is_left_out(name: str) -> None:
    limit, count = LIMITS[name]

    assert [count(limit), count(limit + 1), count(10 * limit)] == [limit] * 3
