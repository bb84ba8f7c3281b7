"""docs/limits.md names every limit in the code, with the value it has there (security.md A107)."""

import ast
import importlib
import re
from datetime import timedelta

import pytest

from tests.architecture.source import ROOT, modules, tree

PAGE = ROOT / "docs" / "limits.md"
ROW = re.compile(
    r"^\| (?P<what>[^|]+) \| (?P<value>[^|]+) \| [^|]* \| `(?P<name>[\w.]+)` \| [^|]+ \|$"
)
IS_LIMIT = re.compile(r"_?(MAX|MOST)_\w+|PER_\w+|\w+_PER_\w+")
RATE = re.compile(r"\d+ per (second|minute|hour|day)\b")
# What the world or the database says, and what is written out in words.
NO_LIMITS = {
    "app.core.pages.MAX_ID",
    "app.core.settings.MAX_PORT",
    "app.moderation.services.hosts.MAX_PORT",
    "federation.dereference.intake.PER_HOUR",
    "federation.views.collections.MAX_NUMBER",
    "federation.vocab.origin.MAX_PORT",
    "feeds.formats.dates._MAX_DAY",
    "feeds.formats.dates._MAX_MONTH",
    "feeds.formats.dates._MAX_OFFSET_HOURS",
}
UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def _named_in_code() -> set[str]:
    found = set()
    for path in modules():
        module = ".".join(path.with_suffix("").parts)
        for node in tree(path).body:
            target = node.target if isinstance(node, ast.AnnAssign) else None
            target = node.targets[0] if isinstance(node, ast.Assign) else target
            if isinstance(target, ast.Name) and _is_limit(target.id, node.value):
                found.add(f"{module}.{target.id}")
    return found


def _is_limit(name: str, value: ast.expr | None) -> bool:
    is_rate = isinstance(value, ast.Constant) and isinstance(value.value, str)
    if is_rate and RATE.match(value.value):
        return True
    return IS_LIMIT.fullmatch(name) is not None and not is_rate


def _written(value: object) -> str:
    """Say a value as the page does."""
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        size, unit = next(one for one in UNITS if seconds % one[0] == 0)
        count = seconds // size
        return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return (
        value
        if isinstance(value, str)
        else f"{value:,g}"
        if isinstance(value, float)
        else f"{value:,}"
    )


def _in_code(name: str) -> object:
    module, _dot, constant = name.rpartition(".")
    return getattr(importlib.import_module(module), constant)


ROWS = [match for line in PAGE.read_text().splitlines() if (match := ROW.match(line))]


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_a_limit_is_what_the_page_says(row: re.Match[str]) -> None:
    assert row["value"] == _written(_in_code(row["name"]))


def test_every_limit_in_the_code_is_on_the_page() -> None:
    listed = [row["name"] for row in ROWS]

    assert _named_in_code() - set(listed) == NO_LIMITS
    assert len(listed) == len(set(listed)) > 200


def test_every_row_of_the_page_is_understood() -> None:
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]

    assert [line for line in lines if not ROW.match(line) and "| what |" not in line] == []
