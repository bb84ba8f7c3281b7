"""One input into another that is a little wrong. All chance comes from the `Random` given."""

import json
from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

from federation.vocab.terms import KINDS

TYPES = (*KINDS, "Place", "PropertyValue", "TentativeAccept", "PollVote", "https://x.test/Type")
TEXTS = (
    "",
    " ",
    "\x00",
    "\u202eabc\u2066",
    "\U000e0041",
    "a" * 5000,
    "@" + "a." * 2000,
    "<p>" * 500,
    "<math><mi//xlink:href='data:x'>",
    "%",
    "%zz/../%00",
    "Public",
    "as:Public",
    "https://www.w3.org/ns/activitystreams#Public",
    "javascript:alert(1)",
    "https://[::1]:99999/x",
    "http://a.test@b.test/",
    "https://a.test/" + "x" * 3000,
    "2026-01-01",
    "2026-01-01T25:61:61Z",
    "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00+14:00",
    "PT99999999999H",
)
NUMBERS = (0, -1, 1.5, 2**53, 2**64, -(2**70), 1e308, 10**30)
TOKENS = (
    *rb"""{ } [ ] , : " \ \u0000 \ud800 null true 1e999 -0 NaN "id" "type" "@graph" """.split(),
    b'"@reverse":',
    b"\xff",
    b"\xed\xa0\x80",
    b"\x00",
    b" ",
)
SIGNS = (*'=",;:()[]{}\\ \t', "\x00", "\u00e9", "=:", ":=", '="', '",', "?1", "1e9", "-", "()")


def mutate_bytes(chance: Random, seed: bytes) -> bytes:
    """Flip, cut, double and insert, one to six times."""
    made = bytearray(seed)
    for _ in range(chance.randint(1, 6)):
        at = chance.randint(0, len(made))
        until = min(len(made), at + chance.choice((1, 1, 2, 8, 64)))
        match chance.randint(0, 4):
            case 0:
                made[at:until] = bytes(chance.randrange(256) for _ in range(until - at))
            case 1:
                del made[at:until]
            case 2:
                made[at:at] = chance.choice(TOKENS)
            case 3:
                made[at:at] = made[at:until] * chance.randint(1, 40)
            case _:
                made[at:at] = chance.choice((b"[", b'{"a":')) * chance.choice((1, 31, 32, 33, 300))
    return bytes(made)


def mutate_text(chance: Random, seed: str) -> str:
    """The same for a header."""
    made = seed
    for _ in range(chance.randint(1, 5)):
        at = chance.randint(0, len(made))
        until = min(len(made), at + chance.choice((1, 1, 3, 20)))
        match chance.randint(0, 4):
            case 0:
                made = made[:at] + chance.choice(SIGNS) + made[until:]
            case 1:
                made = made[:at] + made[until:]
            case 2:
                made = made[:at] + chance.choice(SIGNS) * chance.choice((1, 1, 100)) + made[at:]
            case 3:
                made = made[:at] + made[at:until] * chance.randint(1, 60) + made[at:]
            case _:
                made = made + "," + made[at:until]
    return made


def mutate_document(chance: Random, seed: Any, others: list[Any]) -> Any:
    """Change one to four members somewhere inside a document."""
    made = json.loads(json.dumps(seed))
    for _ in range(chance.randint(1, 4)):
        places = list(_places(made))
        if not places:
            return made
        holder, key = chance.choice(places)
        _CHANGES[chance.randrange(len(_CHANGES))](chance, holder, key, others)
    return made


def _places(value: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        keys = list(one) if isinstance(one, dict) else range(len(one))
        for key in keys:
            found.append((one, key))
            if isinstance(one[key], dict | list):
                waiting.append(one[key])
    return found


def _replace(chance: Random, holder: Any, key: Any, others: list[Any]) -> None:
    holder[key] = deepcopy(_value(chance, others))


def _drop(_chance: Random, holder: Any, key: Any, _others: list[Any]) -> None:
    del holder[key]


def _enclose(chance: Random, holder: Any, key: Any, _others: list[Any]) -> None:
    value = holder[key]
    twice = [value, deepcopy(value)]
    holder[key] = chance.choice(
        ([value], twice, [[value]], {"id": value}, {"type": "Link", "href": value})
    )


def _open(_chance: Random, holder: Any, key: Any, _others: list[Any]) -> None:
    value = holder[key]
    if isinstance(value, list) and value:
        holder[key] = value[0]
    elif isinstance(value, dict) and "id" in value:
        holder[key] = value["id"]


def _retype(chance: Random, holder: Any, _key: Any, _others: list[Any]) -> None:
    if isinstance(holder, dict):
        several = [chance.choice(TYPES) for _ in range(chance.randint(1, 3))]
        holder["type"] = several if chance.random() < 0.2 else several[0]


def _borrow(chance: Random, holder: Any, _key: Any, others: list[Any]) -> None:
    """Put a member of another document beside the ones that are there."""
    other = chance.choice(others)
    if isinstance(holder, dict) and isinstance(other, dict) and other:
        name = chance.choice(list(other))
        holder[name] = deepcopy(other[name])


def _nest(chance: Random, holder: Any, key: Any, _others: list[Any]) -> None:
    for _ in range(chance.choice((2, 6, 40))):
        holder[key] = {
            "type": chance.choice(TYPES),
            "id": "https://a.test/1",
            "object": holder[key],
        }


def _value(chance: Random, others: list[Any]) -> Any:
    return chance.choice(
        (
            None,
            chance.random() < 0.5,
            chance.choice(NUMBERS),
            chance.choice(TEXTS),
            chance.choice(TEXTS),
            [],
            {},
            [None],
            {"id": chance.choice(TEXTS)},
            {"type": chance.choice(TYPES)},
            [chance.choice(TEXTS) for _ in range(3)],
            chance.choice(others),
        )
    )


Change = Callable[[Random, Any, Any, list[Any]], None]
_CHANGES: tuple[Change, ...] = (_replace, _replace, _drop, _enclose, _open, _retype, _borrow, _nest)
