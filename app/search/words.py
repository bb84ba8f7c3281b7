"""From text to the stems that are compared; the same for documents and for questions."""

import re
from functools import lru_cache
from typing import Final

from app.core.dutch import stem_tokens
from app.search.documents import MAX_TERM_LENGTH

_PLAIN: Final = re.compile(r"[^\W_]+")


def list_tokens(text: str) -> list[str]:
    """Return the stems in `text`, in order: letters and digits only, at most 60 of them each.

    Both full-text engines read a text of such stems as exactly these words.
    """
    return [
        piece[:MAX_TERM_LENGTH]
        for token in stem_tokens(text.replace("\x00", " "))
        for piece in _PLAIN.findall(token)
    ]


@lru_cache(maxsize=20_000)
def tokens_of_word(word: str) -> tuple[str, ...]:
    """Return the stems of one word of a text (a word with a hyphen may have two)."""
    return tuple(list_tokens(word))
