"""What was probably meant by words that occur nowhere: the nearest words that do.

Words are compared as stems. The indexed stems come from every text, also from texts that not
everybody may read: so a suggestion is only made when this reader finds something with it.
"""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from sqlalchemy import case, func, select

from app.core.db import session
from app.search.documents import SearchTerm
from app.search.index import MIN_COMPOUND_LENGTH
from app.search.queries import Results, search
from app.search.question import MAX_QUESTION_LENGTH, MAX_WORDS
from app.search.readers import Reader
from app.search.words import tokens_of_word

MAX_UNKNOWN: Final = 2
PIECE: Final = 3
MAX_CANDIDATES: Final = 30
MAX_LENGTH_DIFFERENCE: Final = 2
CLOSE_ENOUGH: Final = 0.8
_WORD: Final = re.compile(r"[^\W_]+")


def suggest_question(question: str, viewer: Reader) -> str:
    """Return `question` with its unknown words spelt as known ones, or "" when that helps nobody.

    Meant for a question that found nothing, or not all of its words: it costs one statement, and
    for unknown words (two at most) one each and a search. Signs between words stay as they are.
    """
    words = list(dict.fromkeys(_WORD.findall(question[:MAX_QUESTION_LENGTH])))[:MAX_WORDS]
    unknown = _unknown_stems(words)
    nearest = {word: near for word, stem in unknown.items() if (near := _find_nearest(stem))}
    if not nearest:
        return ""
    found = search(_replace_words(question, nearest), viewer)
    if not found.total or found.is_partial:
        return ""
    return _replace_words(
        question, {word: _as_written(word, stem, found) for word, stem in nearest.items()}
    )


def _replace_words(question: str, words: Mapping[str, str]) -> str:
    whole = question[:MAX_QUESTION_LENGTH]
    return _WORD.sub(lambda found: words.get(found[0], found[0]), whole)


def _unknown_stems(words: Sequence[str]) -> dict[str, str]:
    """Return the stems of the first few words that occur in no text, by word."""
    tokens = {word: tokens_of_word(word) for word in words}
    stems = {word: one[0] for word, one in tokens.items() if len(one) == 1 and _is_indexed(one[0])}
    known = select(SearchTerm.term).where(SearchTerm.term.in_(stems.values()))
    occurring = set(session().scalars(known)) if stems else set()
    unknown = [(word, stem) for word, stem in stems.items() if stem not in occurring]
    return dict(unknown[:MAX_UNKNOWN])


def _is_indexed(stem: str) -> bool:
    return len(stem) >= MIN_COMPOUND_LENGTH and not stem.isdigit()


def _find_nearest(stem: str) -> str:
    """Return the indexed stem most like `stem`, or "" when none is near."""
    candidates = _list_candidates(stem)
    return next(iter(get_close_matches(stem, candidates, n=1, cutoff=CLOSE_ENOUGH)), "")


def _list_candidates(stem: str) -> list[str]:
    """Return the indexed stems that share most pieces of three letters.

    Only those of about this length that begin alike: a range of the index, also of 100,000 stems.
    """
    term = SearchTerm.term
    pieces = sorted({stem[at : at + PIECE] for at in range(len(stem) - PIECE + 1)})
    shares = [case((term.contains(piece), 1), else_=0) for piece in pieces]
    shared = sum(shares[1:], start=shares[0])
    lengths = (len(stem) - MAX_LENGTH_DIFFERENCE, len(stem) + MAX_LENGTH_DIFFERENCE)
    statement = (
        select(term)
        .where(term >= stem[0], term < chr(ord(stem[0]) + 1))
        .where(func.length(term).between(*lengths))
        .order_by(shared.desc(), term)
        .limit(MAX_CANDIDATES)
    )
    return list(session().scalars(statement))


def _as_written(typed: str, stem: str, found: Results) -> str:
    """Return how the results write what was typed; the stem itself when none shows it."""
    parts = (part for item in found.items for part in (*item.title, *item.snippet) if part.is_hit)
    words = {part.text.lower(): None for part in parts if stem in tokens_of_word(part.text)}
    return next(iter(get_close_matches(typed.lower(), words, n=1, cutoff=0.0)), stem)
