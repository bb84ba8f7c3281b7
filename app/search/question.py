"""What a reader typed, understood: words, ways to say them, and the query both engines run.

Pure. A question is a list of groups that must all occur; a group is a list of alternatives, and an
alternative is one or more stems that must occur together.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

MAX_QUESTION_LENGTH: Final = 300
MAX_WORDS: Final = 10

Alternative = tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """One thing that is asked for: what was typed, and what means the same or contains it."""

    typed: Alternative
    synonyms: tuple[Alternative, ...] = ()
    compounds: tuple[str, ...] = ()

    @property
    def exact(self) -> tuple[Alternative, ...]:
        """The ways to say it."""
        return (self.typed, *self.synonyms)

    @property
    def broad(self) -> tuple[Alternative, ...]:
        """The ways to say it, and the words it hides in."""
        return (*self.exact, *((compound,) for compound in self.compounds))

    @property
    def stems(self) -> frozenset[str]:
        """Every stem that counts as a hit."""
        return frozenset(stem for alternative in self.broad for stem in alternative)


def group_words(
    words: Sequence[str], phrases: Mapping[Alternative, Sequence[Alternative]]
) -> list[Group]:
    """Return the groups of a question; the longest known phrase at each place is one group.

    `phrases` maps the stems of a known phrase to the stems of what means the same.
    """
    groups: list[Group] = []
    place = 0
    while place < len(words):
        found = _longest_phrase(words[place:], phrases)
        typed = found or (words[place],)
        others = tuple(dict.fromkeys(phrases.get(typed, ())))
        groups.append(Group(typed, tuple(other for other in others if other != typed)))
        place += len(typed)
    return groups


def _longest_phrase(
    words: Sequence[str], phrases: Mapping[Alternative, Sequence[Alternative]]
) -> Alternative | None:
    for length in range(len(words), 0, -1):
        if tuple(words[:length]) in phrases:
            return tuple(words[:length])
    return None


@dataclass(frozen=True)
class Dialect:
    """How an engine writes a query over stems (letters and digits only, so quoting is safe)."""

    quote: Callable[[str], str]
    both: str
    either: str


FTS5: Final = Dialect(quote=lambda stem: f'"{stem}"', both=" AND ", either=" OR ")
TSQUERY: Final = Dialect(quote=lambda stem: f"'{stem}'", both=" & ", either=" | ")


def write_query(
    groups: Iterable[Iterable[Alternative]], dialect: Dialect, *, needs_all: bool = True
) -> str:
    """Return the query text of `dialect` that finds all groups, or any of them."""
    parts = [
        "(" + dialect.either.join(_write_alternative(a, dialect) for a in alternatives) + ")"
        for alternatives in groups
    ]
    return (dialect.both if needs_all else dialect.either).join(parts)


def _write_alternative(alternative: Alternative, dialect: Dialect) -> str:
    return "(" + dialect.both.join(dialect.quote(stem) for stem in alternative) + ")"
