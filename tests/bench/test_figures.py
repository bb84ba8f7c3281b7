"""Medians, verdicts and the two forms of the table."""

from tests.bench.figures import Figures, percentile
from tests.bench.report import as_markdown, as_text, table, write_page


def _figures() -> Figures:
    figures = Figures()
    for value in (180.0, 260.0, 240.0):
        figures.note("home", value)
    figures.note("memory", 261.0)
    figures.note("idle", 3.25)
    return figures


def test_median_decides_whether_a_target_is_reached() -> None:
    home, memory, idle = _figures().rows()

    assert (home.median, home.is_reached) == (240.0, True)
    assert memory.is_reached is False
    assert idle.is_reached is None


def test_what_was_not_measured_is_left_out() -> None:
    assert [row.goal.key for row in _figures().rows()] == ["home", "memory", "idle"]


def test_percentile_is_one_of_the_values() -> None:
    assert percentile([float(n) for n in range(1, 101)], 0.95) == 96.0
    assert percentile([5.0], 0.95) == 5.0


def test_table_says_range_target_and_verdict() -> None:
    cells = table(_figures().rows())

    assert cells[1] == ["home page", "240 /s", "180 - 260", "at least 200 /s", "reached"]
    assert cells[2][3:] == ["below 260 MB", "NOT REACHED"]


def test_page_holds_the_table_and_what_limits_it(tmp_path) -> None:
    rows = _figures().rows()
    write_page(rows, tmp_path / "performance.md")

    page = (tmp_path / "performance.md").read_text(encoding="utf-8")

    assert as_markdown(table(rows)) in page
    assert "## What limits each figure" in page
    assert as_text(table(rows)).count("\n") == 4
