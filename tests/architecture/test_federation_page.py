"""FEDERATION.md says what the two tables say, no more and no less (FEP-67ff)."""

import re

import pytest

from app.core.events import Event
from federation.inbound.table import ANNOUNCED, HANDLERS
from federation.outbound.table import NOT_FEDERATED, PUBLISHERS
from tests.architecture.source import ROOT

PAGE = (ROOT / "FEDERATION.md").read_text(encoding="utf-8")
FEP_SECTIONS = ["Supported federation protocols and standards", "Supported FEPs", "ActivityPub"]


def _table(title: str) -> list[list[str]]:
    """The rows of the table under a heading, without its head."""
    _, _, rest = PAGE.partition(f"\n### {title}\n")
    lines = [line for line in rest.partition("\n#")[0].splitlines() if line.startswith("|")]
    assert lines, f"no table under {title!r}"
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return rows[2:]


def _words(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_activities_we_understand_are_those_of_the_inbound_table() -> None:
    told = {
        (verb, kind) for row in _table("Activities we understand")
        for verb in _words(row[0]) for kind in _words(row[1]) or ["*"]
    }  # fmt: skip

    handled = {(verb.value, kind.value if kind else "*") for verb, kind in HANDLERS}
    assert told - {("announce", "*")} == handled


def test_what_a_group_may_pass_on_is_told() -> None:
    row = next(r for r in _table("Activities we understand") if _words(r[0]) == ["announce"])

    assert set(_words(row[2])) >= {kind.value for kind in ANNOUNCED}


def test_activities_we_send_are_those_of_the_outbound_table() -> None:
    told = {event for row in _table("Activities we send") for event in _words(row[0])}

    assert told == {event.__name__ for event in PUBLISHERS}


def test_what_stays_here_is_told_with_the_reason() -> None:
    told = {_words(row[0])[0]: row[1] for row in _table("What stays here")}

    assert told == {_name(event): reason for event, reason in NOT_FEDERATED.items()}


@pytest.mark.parametrize("section", FEP_SECTIONS)
def test_page_has_the_sections_that_others_look_for(section: str) -> None:
    assert f"\n## {section}\n" in PAGE


def test_links_to_own_files_lead_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", PAGE)

    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def _name(event: type[Event]) -> str:
    return event.__name__
