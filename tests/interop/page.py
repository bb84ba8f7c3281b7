"""docs/interop.md, from what the tests of the cells said; `python -m tests.interop` writes it."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from tests.interop.cases import NOT_OFFERED
from tests.interop.matrix import COLUMNS, ROWS, SUPPORTED, Row

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "interop.md"
PASSED: Final = "ok"
FAILED: Final = "failed"
UNTESTED: Final = "no test"
NAMES: Final = {
    "mastodon": "Mastodon",
    "lemmy": "Lemmy",
    "piefed": "PieFed",
    "mbin": "Mbin",
    "nodebb": "NodeBB",
    "gotosocial": "GoToSocial",
}
HEAD: Final = """# Interoperability

Written by `python -m tests.interop` from the outcome of its tests; change nothing here by hand.
Each cell is one test, `interop/<row>/<peer>`, in [tests/interop](../tests/interop): a peer is
played by a profile that writes, reads and answers as that software does, with strict readers of its
structures ([tests/readers](../tests/readers)), beside a whole instance of this server. What was
seen beside real servers is told in [interop-servers.md](interop-servers.md).

- **Y** it works, **y** it works by the means that the notes tell: the test proves what people see.
- **i** taken and ignored, **R** refused, **N** not there: the test proves that it does no harm
  (nothing waits, nothing is tried again, nobody is taken for dead, nothing failed, no block).
- **?** nobody has looked.
"""
_LINE: Final = re.compile(r"\| (?P<number>\d+) \| [^|]* \|(?P<cells>.*)\|")


def render(outcomes: Mapping[str, str]) -> str:
    """Return the page; `outcomes` are by the name of the cell."""
    counted = {state: list(outcomes.values()).count(state) for state in (PASSED, FAILED)}
    total = f"{counted[PASSED]} of {len(outcomes)} tested cells are ok."
    return "\n".join([HEAD, total, "", *_table(outcomes), "", *_notes(), "", *_unoffered(), ""])


def parse(page: str) -> dict[str, str]:
    """Return the outcomes that a page tells, by the name of the cell."""
    found = {}
    for line in page.splitlines():
        match = _LINE.fullmatch(line)
        if match is None:
            continue
        for peer, text in zip(COLUMNS, match["cells"].split("|"), strict=True):
            mark, _, state = text.strip().partition(" ")
            if mark != "?" and state != UNTESTED:
                found[f"interop/{match['number']}/{peer}"] = state
    return found


def _table(outcomes: Mapping[str, str]) -> Iterator[str]:
    yield "| # | behaviour | " + " | ".join(NAMES[peer] for peer in COLUMNS) + " |"
    yield "|---" * (len(COLUMNS) + 2) + "|"
    for row in ROWS:
        cells = " | ".join(_cell(row, place, outcomes) for place in range(len(COLUMNS)))
        yield f"| {row.number} | {row.title} | {cells} |"


def _cell(row: Row, place: int, outcomes: Mapping[str, str]) -> str:
    """Return a mark with its state; of what we do not offer the mark says N where they have it."""
    mark = row.marks[place]
    if mark == "?":
        return mark
    if row.number in NOT_OFFERED and mark in SUPPORTED:
        mark = "N"
    return f"{mark} {outcomes.get(f'interop/{row.number}/{COLUMNS[place]}', UNTESTED)}"


def _notes() -> Iterator[str]:
    yield "## Notes"
    yield ""
    for row in ROWS:
        for peer, note in row.notes.items():
            yield f"- {row.number}, {NAMES[peer]}: {note}"


def _unoffered() -> Iterator[str]:
    yield "## What we do not offer"
    yield ""
    yield "Nothing of this is sent; the tests of these rows let it come in, and it does no harm."
    yield ""
    titles = {row.number: row.title for row in ROWS}
    for number, reason in NOT_OFFERED.items():
        yield f"- {number}, {titles[number]}: {reason}"
