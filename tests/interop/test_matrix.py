"""Every cell of the matrix, played against our server; a cell is green when its test passes."""

from collections.abc import Callable, Iterable

import pytest

from tests.interop.cases import (
    NOT_OFFERED,
    OFFERED,
    UNOFFERED,
    harmless_cells,
    supported_cells,
    unoffered_cells,
)
from tests.interop.matrix import ROWS, Cell
from tests.interop.stage import Stage

SetStage = Callable[[str], Stage]


def _named(chosen: Iterable[Cell]) -> list[object]:
    return [pytest.param(cell, id=cell.name) for cell in chosen]


@pytest.mark.parametrize("cell", _named(supported_cells()))
def test_what_a_peer_supports_is_seen(cell: Cell, set_stage: SetStage) -> None:
    stage = set_stage(cell.peer)
    case = OFFERED[cell.row.number]

    done = case.act(stage)

    case.other.get(cell.peer, case.check)(stage, done)
    stage.check_no_harm()


@pytest.mark.parametrize("cell", _named(harmless_cells()))
def test_what_a_peer_lacks_does_no_harm(cell: Cell, set_stage: SetStage) -> None:
    stage = set_stage(cell.peer)
    case = OFFERED[cell.row.number]

    done = case.act(stage)

    case.other.get(cell.peer, case.unless)(stage, done)
    stage.check_no_harm()


@pytest.mark.parametrize("cell", _named(unoffered_cells()))
def test_what_we_do_not_offer_does_no_harm(cell: Cell, set_stage: SetStage) -> None:
    stage = set_stage(cell.peer)

    UNOFFERED[cell.row.number].act(stage)

    stage.check_no_harm()


def test_every_row_is_played_or_has_a_reason_why_not() -> None:
    numbers = [row.number for row in ROWS]

    assert numbers == list(range(1, 89))
    assert set(UNOFFERED) == set(NOT_OFFERED)
    assert not set(OFFERED) & set(NOT_OFFERED)
    assert set(numbers) == set(OFFERED) | set(NOT_OFFERED)
