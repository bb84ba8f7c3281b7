"""How every behaviour of the matrix is played."""

from collections.abc import Mapping
from typing import Final

from tests.interop.cases import (
    answers,
    changes,
    discovery,
    fields,
    following,
    moderation,
    people,
    quotes,
    reports,
    threads,
    unoffered,
    votes,
    wire,
)
from tests.interop.cases.case import Case
from tests.interop.matrix import HARMLESS, SUPPORTED, Cell, cells

OFFERED: Final[Mapping[int, Case]] = {
    **discovery.CASES,
    **following.CASES,
    **threads.CASES,
    **answers.CASES,
    **fields.CASES,
    **votes.CASES,
    **quotes.CASES,
    **changes.CASES,
    **moderation.CASES,
    **reports.CASES,
    **people.CASES,
    **wire.CASES,
}
NOT_OFFERED: Final = unoffered.NOT_OFFERED
UNOFFERED: Final[Mapping[int, Case]] = unoffered.CASES


def supported_cells() -> list[Cell]:
    """Return the cells whose effect a test proves."""
    return [one for one in cells() if one.row.number in OFFERED and one.mark in SUPPORTED]


def harmless_cells() -> list[Cell]:
    """Return the cells of which a test proves that they do no harm."""
    return [one for one in cells() if one.row.number in OFFERED and one.mark in HARMLESS]


def unoffered_cells() -> list[Cell]:
    """Return the cells of what we do not offer; each is tested for harm."""
    marks = SUPPORTED | HARMLESS
    return [one for one in cells() if one.row.number in UNOFFERED and one.mark in marks]
