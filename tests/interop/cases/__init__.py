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
    reports,
    threads,
    unoffered,
    votes,
    wire,
)
from tests.interop.cases.case import Case

OFFERED: Final[Mapping[int, Case]] = {
    **discovery.CASES,
    **following.CASES,
    **threads.CASES,
    **answers.CASES,
    **fields.CASES,
    **votes.CASES,
    **changes.CASES,
    **moderation.CASES,
    **reports.CASES,
    **people.CASES,
    **wire.CASES,
}
NOT_OFFERED: Final = unoffered.NOT_OFFERED
UNOFFERED: Final[Mapping[int, Case]] = unoffered.CASES
