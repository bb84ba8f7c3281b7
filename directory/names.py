"""Names of people inside texts: found, so that a text never tells what a contact still hides. Pure.

A full name counts everywhere. A surname alone counts only in texts of the listing that the person
belongs to, where "Ruys, I." can mean nobody else; elsewhere a surname may be an ordinary word.
"""

import re
from collections.abc import Iterable
from typing import Final

_TITLES: Final = frozenset(["dr", "prof", "drs", "ir", "mr", "ing", "msc", "ma", "phd"])
_MIN_SURNAME_LENGTH: Final = 3


def names_anybody(text: str, own: Iterable[str] = (), others: Iterable[str] = ()) -> bool:
    """Whether `text` holds the full name of anybody, or the surname of one of `own`."""
    own = list(own)
    patterns = [full_name(name) for name in (*own, *others)]
    patterns += [surname for name in own if (surname := surname_of(name))]
    return any(_occurs(pattern, text) for pattern in patterns if pattern)


def full_name(name: str) -> str:
    """Return `name` without titles: "Dr. Jos Castelijns" is printed without them elsewhere."""
    words = name.split()
    while words and words[0].rstrip(".").casefold() in _TITLES:
        words.pop(0)
    return " ".join(words)


def surname_of(name: str) -> str:
    """Return the last word after the first name; "" when it is too short to recognise."""
    words = full_name(name).split()[1:]
    surname = words[-1] if words else ""
    return surname if len(surname) >= _MIN_SURNAME_LENGTH else ""


def _occurs(name: str, text: str) -> bool:
    spaced = r"\s+".join(re.escape(word) for word in name.split())
    return re.search(rf"(?<!\w){spaced}(?!\w)", text, re.IGNORECASE) is not None
