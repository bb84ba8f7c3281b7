"""Dutch words to search by: folded, split and stemmed, alike for what is stored and what is asked.

The stemmer is Snowball's `dutch_porter` and not its newer `dutch`, which maps *begeleiding* to
*beleid* (mentoring to policy) and *gesprek* to *sprek*. Compounds are found with trigrams by the
index, not here. Pure and safe to call from any thread.
"""

import re
import threading
import unicodedata
from functools import lru_cache

import snowballstemmer

MAX_TOKEN_LENGTH = 60
MAX_TEXT_LENGTH = 500_000
# Only words that can never be what somebody looks for; "niet" and "geen" change a meaning.
STOP_WORDS = frozenset(
    {"de", "het", "een", "en", "van", "in", "op", "te", "ten", "ter", "dat", "die", "is", "zijn"}
    | {"was", "met", "voor", "aan", "bij", "of", "om", "er", "als", "ook", "dan", "wat", "ze"}
    | {"zij", "hij", "we", "wij", "je", "ik", "deze", "dit", "naar", "uit", "door", "the", "and"}
)
_WORD = re.compile(r"[^\W_]+")
# "foto's", "Anna's": plural or possessive, which the stemmer would keep.
_APOSTROPHE_S = re.compile(r"(?<=\w)['\u2019\u02bc]s\b")
_MARKS = re.compile("[\u0300-\u036f]+")
_LIGATURES = str.maketrans({"ĳ": "ij", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d"})
_local = threading.local()


def fold_text(text: str) -> str:
    """Return `text` in lower case, without accents and compatibility forms."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES).lower())
    folded = _MARKS.sub("", decomposed).translate(_LIGATURES)
    return unicodedata.normalize("NFC", folded)


def stem_tokens(text: str) -> list[str]:
    """Return the stems of `text` in their order, stop words left out.

    A text of stop words only keeps them, so that a search for "Die Zeit" or "wij" finds something.
    """
    words = _WORD.findall(_APOSTROPHE_S.sub("", fold_text(text[:MAX_TEXT_LENGTH])))
    telling = [word for word in words if word not in STOP_WORDS]
    return [_stem(word[:MAX_TOKEN_LENGTH]) for word in telling or words]


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    """Stem one folded word; the stemmer holds state, so each thread has its own."""
    stemmer = getattr(_local, "stemmer", None)
    if stemmer is None:
        stemmer = _local.stemmer = snowballstemmer.stemmer("dutch_porter")
    return str(stemmer.stemWord(word))
