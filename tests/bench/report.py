"""The table on the screen, and docs/performance.md."""

from collections.abc import Sequence
from pathlib import Path

from tests.bench.figures import Row

ROOT = Path(__file__).resolve().parents[2]
TARGET_FILE = ROOT / "docs" / "performance.md"
LIMITS_FILE = Path(__file__).with_name("limits.md")
VERDICTS = {True: "reached", False: "NOT REACHED", None: ""}
WHOLE_FROM = 20
HEADER = """# Performance

<!-- Written by `./run.sh bench`. What limits each figure is kept in tests/bench/limits.md. -->

Measured by `./run.sh bench` on 2 cores: the embedded default (SQLite, filesystem queue, one web
process, one worker process) with 1,000 posts, one thread of 500 comments and 200 people. Readers
are anonymous; 16 kept connections come from one load process on the same machine, so load and
server share its two cores. Every figure is the median of several rounds, with the lowest and the
highest beside it.

"""


def table(rows: Sequence[Row]) -> list[list[str]]:
    """Return the table's cells: title, median, range, target, verdict."""
    cells = [["figure", "median", "lowest - highest", "target", ""]]
    for row in rows:
        goal = row.goal
        sign = "below" if goal.is_ceiling else "at least"
        target = "" if goal.target is None else f"{sign} {_number(goal.target)} {goal.unit}"
        span = f"{_number(min(row.values))} - {_number(max(row.values))}"
        median = f"{_number(row.median)} {goal.unit}"
        cells.append([goal.title, median, span, target, VERDICTS[row.is_reached]])
    return cells


def as_text(cells: Sequence[Sequence[str]]) -> str:
    """Return the table for a terminal."""
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]
    return "\n".join(lines) + "\n"


def as_markdown(cells: Sequence[Sequence[str]]) -> str:
    """Return the table for docs/performance.md."""
    head, *body = [f"| {' | '.join(line)} |" for line in cells]
    return "\n".join([head, "|---|---:|---:|---:|---|", *body]) + "\n"


def write_page(rows: Sequence[Row], target: Path = TARGET_FILE) -> None:
    """Write docs/performance.md: the table, and what limits each figure."""
    limits = LIMITS_FILE.read_text(encoding="utf-8")
    page = f"{HEADER}{as_markdown(table(rows))}\n{limits}"
    target.parent.mkdir(exist_ok=True)
    target.write_text(page, encoding="utf-8")


def _number(value: float) -> str:
    if value >= WHOLE_FROM:
        return f"{value:,.0f}"
    return f"{value:.3g}"
