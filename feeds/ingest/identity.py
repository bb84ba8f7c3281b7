"""Which entry of a document is which we know: by id, else link, else what it says. Pure.

Ids mean nothing outside their feed, repeat inside bad ones, and change when a site is rebuilt; so
an unknown id is compared with what we have before it counts as news.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from feeds.ingest.cleaning import CleanEntry

SAME_STORY: Final = 0.9
SAME_WORDING: Final = 0.98
TELLING_LENGTH: Final = 200
COMPARED_LENGTH: Final = 10_000


class Known(Protocol):
    """What has to be known of a stored entry to recognise it."""

    guid: str
    url: str | None
    title: str
    text: str
    published: datetime | None


@dataclass(frozen=True)
class Identified:
    """An entry and the key under which it is stored within its feed."""

    key: str
    entry: CleanEntry


def identify(entries: Sequence[CleanEntry]) -> list[Identified]:
    """Give each entry the key it is stored under; entries equal in every way are one."""
    found: dict[str, Identified] = {}
    for entry, key in zip(entries, assign_keys(entries), strict=True):
        found.setdefault(key, Identified(key, entry))
    return list(found.values())


def assign_keys(entries: Sequence[CleanEntry]) -> list[str]:
    """Return a key per entry, different ones for different entries, whatever ids they claim.

    The keys do not depend on the order of the document.
    """
    uses = Counter(_claim(entry) for entry in entries)
    keys = []
    for entry in entries:
        claim = _claim(entry)
        keys.append(_hash("id", claim) if uses[claim] == 1 else _told_apart(entry, claim))
    repeated = {key for key, count in Counter(keys).items() if count > 1}
    return [
        _hash(key, entry.text) if key in repeated else key
        for key, entry in zip(keys, entries, strict=True)
    ]


def normalize_guid(guid: str) -> str:
    """Return a guid in which https and http are one; case and all else differ."""
    return f"http:{guid[6:]}" if guid[:8].lower() == "https://" else guid


def find_same(entry: CleanEntry, known: Iterable[Known]) -> Known | None:
    """Return the stored entry that `entry` is under another id, or None when it is news."""
    return next((one for one in known if _is_same(entry, one)), None)


def is_reworded(entry: CleanEntry, known: Known) -> bool:
    """Whether a reader would call it another text: a new title, or two words in a hundred."""
    if entry.title.casefold().split() != known.title.casefold().split():
        return True
    return similarity(entry.text, known.text) < SAME_WORDING


def similarity(one: str, other: str) -> float:
    """Return the share of words that two texts have in common, from 0 to 1; linear in length."""
    if one == other:
        return 1.0
    first = Counter(one[:COMPARED_LENGTH].split())
    second = Counter(other[:COMPARED_LENGTH].split())
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 1.0


def _claim(entry: CleanEntry) -> str:
    return normalize_guid(entry.guid) or f"{entry.title}\n{entry.text}"


def _told_apart(entry: CleanEntry, claim: str) -> str:
    return _hash("same", claim, entry.url or "", entry.title, entry.published_text)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x00".join(parts).encode("utf-8", "replace")).hexdigest()


def _is_same(entry: CleanEntry, known: Known) -> bool:
    if entry.title != known.title or entry.published != known.published:
        return False
    if normalize_guid(entry.guid) == normalize_guid(known.guid):
        # One id for several entries, or no ids at all: title and date decide when there are both.
        return entry.published is not None or _is_one_story(entry, known)
    return _is_one_story(entry, known)


def _is_one_story(entry: CleanEntry, known: Known) -> bool:
    is_telling = entry.published is not None or len(entry.text) >= TELLING_LENGTH
    has_place = entry.url is not None and entry.url == known.url
    return (is_telling or has_place) and similarity(entry.text, known.text) >= SAME_STORY
