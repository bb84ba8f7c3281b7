"""The last part of a listing's address, which tells no name that is kept back."""

import re
from collections.abc import Collection, Iterable

from sqlalchemy import select

from app.core.db import session
from app.core.dutch import fold_text
from directory.models.listing import Listing, RetiredSlug
from directory.names import surname_of

MADE_LENGTH = 60

_WORD = re.compile(r"[a-z0-9]+")


def words_of(text: str) -> list[str]:
    """Return the words of `text` as an address or a handle holds them: [a-z0-9]+."""
    return _WORD.findall(fold_text(text))


def holds_surname(slug: str, people: Iterable[str]) -> bool:
    """Whether `slug` holds a word of the surname of one of `people`."""
    surnames = {word for person in people for word in words_of(surname_of(person))}
    return not surnames.isdisjoint(words_of(slug))


def choose_slug(
    slug: str, name: str, people: Iterable[str], taken: Collection[str] = frozenset()
) -> str:
    """Return `slug`, or one made of `name` when it holds a surname of `people`.

    A publication is easily called after its authors. The one that is made is in nobody's use and
    not in `taken`, and holds no surname either.
    """
    people = list(people)
    if not holds_surname(slug, people):
        return slug
    words = [word for word in words_of(name) if not holds_surname(word, people)]
    made = "-".join(words) or "vermelding"
    if len(made) > MADE_LENGTH:
        made = made[: MADE_LENGTH + 1].rpartition("-")[0] or made[:MADE_LENGTH]
    chosen, number = made, 1
    while chosen in taken or _is_in_use(chosen):
        number += 1
        chosen = f"{made}-{number}"
    return chosen


def _is_in_use(slug: str) -> bool:
    of_listing = select(Listing.id).where(Listing.slug == slug)
    return session().scalar(of_listing) is not None or session().get(RetiredSlug, slug) is not None
