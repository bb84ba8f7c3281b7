"""The piece of a text around the words that were found, in parts that a template escapes. Pure."""

import re
import unicodedata
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from app.search.words import tokens_of_word

SNIPPET_LENGTH: Final = 220
LEAD_LENGTH: Final = 60
_PREFIX_LENGTH: Final = 3
_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")  # noqa: RUF001  the typographic apostrophe of Dutch texts
_SPACE: Final = re.compile(r"\s+")


@dataclass(frozen=True)
class Part:
    """A stretch of plain text, marked when it is what was looked for."""

    text: str
    is_hit: bool = False


def mark_hits(text: str, stems: AbstractSet[str]) -> tuple[Part, ...]:
    """Return all of `text`, with the words whose stem is in `stems` marked."""
    parts: list[Part] = []
    place = 0
    for start, end in _hits(text, stems):
        if start > place:
            parts.append(Part(text[place:start]))
        parts.append(Part(text[start:end], is_hit=True))
        place = end
    if place < len(text):
        parts.append(Part(text[place:]))
    return tuple(parts)


def make_snippet(text: str, stems: AbstractSet[str]) -> tuple[Part, ...]:
    """Return about 220 characters of `text` from just before the first hit, hits marked."""
    text = _SPACE.sub(" ", text).strip()
    first = next(iter(_hits(text, stems)), (0, 0))[0]
    start = _word_start(text, max(0, first - LEAD_LENGTH)) if first > LEAD_LENGTH else 0
    end = len(text)
    if end - start > SNIPPET_LENGTH:
        end = text.rfind(" ", start + 1, start + SNIPPET_LENGTH)
        end = end if end > first else start + SNIPPET_LENGTH
    shown = ("… " if start else "") + text[start:end].strip() + (" …" if end < len(text) else "")
    return mark_hits(shown, stems)


def _word_start(text: str, place: int) -> int:
    space = text.find(" ", place)
    return place if space < 0 or space - place > LEAD_LENGTH else space + 1


def _hits(text: str, stems: AbstractSet[str]) -> list[tuple[int, int]]:
    """Return where the words stand; only words that begin like a stem are stemmed (suffixes go)."""
    beginnings = tuple({stem[:_PREFIX_LENGTH] for stem in stems})
    if not beginnings:
        return []
    return [
        match.span()
        for match in _WORD.finditer(text)
        if _plain(match[0]).startswith(beginnings)
        and not stems.isdisjoint(tokens_of_word(match[0]))
    ]


def _plain(word: str) -> str:
    """Return `word` in small letters without accents, as stems are."""
    word = word.lower()
    if word.isascii():
        return word
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
