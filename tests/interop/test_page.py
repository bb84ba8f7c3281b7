"""The page of the matrix tells of every cell that is tested, and of nothing else."""

from tests.interop.cases import harmless_cells, supported_cells, unoffered_cells
from tests.interop.matrix import cells
from tests.interop.page import FAILED, PAGE, PASSED, parse, render


def test_the_page_has_the_outcome_of_every_cell_and_no_other() -> None:
    told = parse(PAGE.read_text(encoding="utf-8"))
    tested = [*supported_cells(), *harmless_cells(), *unoffered_cells()]

    assert set(told) == {cell.name for cell in tested}
    assert FAILED not in told.values()


def test_the_page_is_as_the_command_writes_it() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert page == render(parse(page))


def test_a_failed_cell_is_told() -> None:
    outcomes = {cell.name: PASSED for cell in cells() if cell.mark != "?"}
    outcomes["interop/13/lemmy"] = FAILED
    del outcomes["interop/14/lemmy"]

    page = render(outcomes)

    assert parse(page) == outcomes
    assert "| 13 |" in page
    assert "Y failed" in page
    assert "R no test" in page
