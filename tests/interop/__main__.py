"""`python -m tests.interop`: play the whole matrix and write docs/interop.md from what it said."""

import sys
from pathlib import Path

import pytest

from tests.interop.cases import harmless_cells, supported_cells, unoffered_cells
from tests.interop.page import FAILED, PAGE, PASSED, parse, render


class Recorder:
    """Keeps the outcome of the test of each cell."""

    def __init__(self) -> None:
        self.outcomes: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what a test said; its parts before and after count too."""
        name = report.nodeid.rpartition("[")[2].removesuffix("]")
        if not name.startswith("interop/"):
            return
        is_good = report.passed and self.outcomes.get(name) != FAILED
        self.outcomes[name] = PASSED if is_good else FAILED


def main() -> int:
    """Run the tests of the matrix, with the arguments given, and write the page.

    With arguments that choose some tests (`-k interop/74/`), the other cells keep what the page
    told of them; a cell without a test is dropped.
    """
    recorder = Recorder()
    matrix = Path(__file__).parent / "test_matrix.py"
    status = pytest.main([str(matrix), *sys.argv[1:]], plugins=[recorder])
    former = parse(PAGE.read_text(encoding="utf-8")) if PAGE.is_file() else {}
    tested = {one.name for one in (*supported_cells(), *harmless_cells(), *unoffered_cells())}
    told = {**former, **recorder.outcomes}
    outcomes = {name: state for name, state in told.items() if name in tested}
    PAGE.write_text(render(outcomes), encoding="utf-8")
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
