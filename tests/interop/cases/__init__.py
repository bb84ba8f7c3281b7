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
    reports,
    threads,
    votes,
)
from tests.interop.cases.case import Case

CASES: Final[Mapping[int, Case]] = {
    **discovery.CASES,
    **following.CASES,
    **threads.CASES,
    **answers.CASES,
    **fields.CASES,
    **votes.CASES,
    **changes.CASES,
    **moderation.CASES,
    **reports.CASES,
}
