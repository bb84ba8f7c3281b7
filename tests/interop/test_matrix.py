"""Every cell of the matrix, played against our server; a cell is green when its test passes."""

from collections.abc import Callable

import pytest

from tests.interop.cases import CASES
from tests.interop.matrix import HARMLESS, SUPPORTED, Cell, cells
from tests.interop.stage import Stage

PLAYED = [cell for cell in cells() if cell.row.number in CASES]


def _of(marks: frozenset[str]) -> list[object]:
    return [pytest.param(cell, id=cell.name) for cell in PLAYED if cell.mark in marks]


@pytest.mark.parametrize("cell", _of(SUPPORTED))
def test_what_a_peer_supports_is_seen(cell: Cell, set_stage: Callable[[str], Stage]) -> None:
    stage = set_stage(cell.peer)
    case = CASES[cell.row.number]

    done = case.act(stage)

    case.other.get(cell.peer, case.check)(stage, done)
    stage.check_no_harm()


@pytest.mark.parametrize("cell", _of(HARMLESS))
def test_what_a_peer_lacks_does_no_harm(cell: Cell, set_stage: Callable[[str], Stage]) -> None:
    stage = set_stage(cell.peer)
    case = CASES[cell.row.number]

    done = case.act(stage)

    case.other.get(cell.peer, case.unless)(stage, done)
    stage.check_no_harm()
