"""What is fuzzed: a target makes an input and raises when a reader does with it what it must not.

A reader may refuse with an error of its own kind; anything else it raises is a find, and so is what
it accepts though another reader would read it otherwise, or takes longer than a second for.
"""

import base64
import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from federation.dereference.description import describe
from federation.errors import MalformedError, UnverifiedError
from federation.signatures.multikey import read_multikey
from federation.signatures.proofs import has_proof, method_of
from federation.signatures.verify import SignedRequest, read_signature
from federation.vocab.json_text import parse_json
from federation.vocab.parse import parse_activity, parse_any, parse_collection
from tests.fuzz.mutate import mutate_bytes, mutate_document, mutate_text

DATA = Path(__file__).resolve().parents[2] / "../shared/data/activitypub"
SLOW = 1.0
NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
BODY = b'{"type":"Like"}'
DIGEST = base64.b64encode(hashlib.sha256(BODY).digest()).decode()
CAVAGE = (
    'keyId="https://a.test/u/b#main-key",algorithm="rsa-sha256",'
    'headers="(request-target) host date digest",signature="c2lnbmF0dXJl"'
)
INPUT = (
    'sig1=("@method" "@target-uri" "content-digest");created=1795435200;'
    'keyid="https://a.test/u/b#main-key";alg="rsa-v1_5-sha256";tag="x"'
)


class FindError(Exception):
    """A reader did what it must not."""


@dataclass(frozen=True)
class Target:
    """`make` returns an input, `check` reads it; both are pure."""

    make: Callable[[Random], Any]
    check: Callable[[Any], None]


def seeds() -> list[Any]:
    """Our own minimal documents, and the real ones beside the checkout where they are."""
    own = [
        {"id": "https://a.test/1", "type": kind, "actor": "https://a.test/u/b", **extra}
        for kind, extra in _MINIMAL.items()
    ]
    real = [json.loads(path.read_bytes()) for path in sorted(DATA.rglob("*.json"))]
    return own + real


_NOTE = {
    "id": "https://a.test/n",
    "type": "Note",
    "attributedTo": "https://a.test/u/b",
    "content": "<p>x</p>",
    "to": ["as:Public"],
    "tag": [{"type": "Mention", "href": "https://a.test/c/g", "name": "@g"}],
    "published": "2026-01-01T10:00:00",
}
_MINIMAL: Mapping[str, Mapping[str, Any]] = {
    "Create": {"object": _NOTE},
    "Announce": {"object": {"type": "Create", "actor": "https://a.test/u/b", "object": _NOTE}},
    "Undo": {
        "object": {"type": "Like", "actor": "https://a.test/u/b", "object": "https://a.test/n"}
    },
    "Flag": {"object": ["https://a.test/u/b", "https://a.test/n"], "content": "x"},
    "Block": {"object": "https://a.test/u/b", "target": "https://a.test/c/g", "endTime": "2026"},
    "Question": {
        "attributedTo": "https://a.test/u/b",
        "oneOf": [{"type": "Note", "name": "Ja", "replies": {"totalItems": 1}}],
        "closed": "2026-01-01T10:00:00Z",
    },
    "Event": {
        "attributedTo": "https://a.test/c/g",
        "startTime": "2026-01-01T10:00:00Z",
        "location": [{"type": "Place", "name": "Aula", "address": {"streetAddress": "x"}}],
    },
    "Video": {
        "attributedTo": [{"type": "Person", "id": "https://a.test/u/b"}],
        "duration": "PT3S",
        "url": [{"type": "Link", "mediaType": "text/html", "href": "https://a.test/w"}],
    },
    "Group": {"inbox": "https://a.test/i", "publicKey": {"id": "https://a.test/1#k"}},
    "OrderedCollection": {"totalItems": 1, "orderedItems": ["https://a.test/n"], "first": {}},
    "Tombstone": {"formerType": "Note", "deleted": "2026-01-01T10:00:00Z"},
}
SEEDS = seeds()
TEXTS = [json.dumps(one, ensure_ascii=False).encode() for one in SEEDS]


def _make_request(chance: Random) -> dict[str, str]:
    headers = {
        "host": "ons.test",
        "date": "Mon, 23 Nov 2026 12:00:00 GMT",
        "digest": f"SHA-256={DIGEST}",
        "content-digest": f"sha-256=:{DIGEST}:",
        "signature": CAVAGE,
    }
    if chance.random() < 0.5:
        headers |= {"signature-input": INPUT, "signature": "sig1=:c2lnbmF0dXJl:"}
    for name in chance.sample(sorted(headers), chance.randint(1, 3)):
        headers[name] = mutate_text(chance, headers[name])
    if chance.random() < 0.1:
        del headers[chance.choice(sorted(headers))]
    return headers


def _check_request(headers: dict[str, str]) -> None:
    request = SignedRequest("POST", "/inbox", "", headers, BODY)
    try:
        read_signature(request, now=NOW, own_host="ons.test")
    except UnverifiedError:
        return


def _make_bytes(chance: Random) -> bytes:
    return mutate_bytes(chance, chance.choice(TEXTS))


def _check_bytes(body: bytes) -> None:
    try:
        document = parse_json(body)
    except MalformedError:
        return
    try:
        other = json.loads(
            body.decode("utf-8"), object_pairs_hook=_without_repeats, parse_int=_as_double
        )
    except (ValueError, RecursionError) as error:
        raise FindError(f"accepted what json refuses: {error}") from error
    if other != document:
        raise FindError("read otherwise than json does")


def _as_double(digits: str) -> int | float:
    """Read what no 64 bits can hold as most languages do: RFC 8259 section 6 lets them."""
    number = float(digits)
    return int(digits) if -(2**63) <= number < 2**64 and _fits(int(digits)) else number


def _fits(number: int) -> bool:
    return -(2**63) <= number < 2**64


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("the same key twice")
    return dict(pairs)


def _make_document(chance: Random) -> Any:
    return mutate_document(chance, chance.choice(SEEDS), SEEDS)


def _check_document(document: Any) -> None:
    try:
        raw = parse_json(json.dumps(document).encode("utf-8", "surrogatepass"))
    except (MalformedError, RecursionError):
        return
    for read in (lambda: describe(parse_any(raw)), lambda: parse_activity(raw)):
        try:
            json.dumps(read(), default=str)
        except MalformedError:
            continue
    for tolerant in (parse_collection, method_of, has_proof):
        try:
            tolerant(raw)
        except (MalformedError, UnverifiedError):
            continue


def _make_multikey(chance: Random) -> str:
    return mutate_text(chance, "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2")


def _check_multikey(text: str) -> None:
    try:
        read_multikey(text)
    except UnverifiedError:
        return


TARGETS: Mapping[str, Target] = {
    "signature": Target(_make_request, _check_request),
    "json": Target(_make_bytes, _check_bytes),
    "document": Target(_make_document, _check_document),
    "multikey": Target(_make_multikey, _check_multikey),
}


def try_once(target: Target, seed: int) -> tuple[Any, Exception | None]:
    """Make one input and read it; return it with what was found, if anything was."""
    made = target.make(Random(seed))  # noqa: S311 - chance for tests
    started = time.process_time()
    try:
        target.check(made)
    except Exception as error:  # noqa: BLE001 - any other exception is the find
        return made, error
    took = time.process_time() - started
    return made, FindError(f"took {took:.1f} s") if took > SLOW else None
