"""Every recorded document is understood as its sender meant it, here and on the command line."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.commands.federation import federation
from federation.dereference.description import describe_bytes
from tests.interop.documents import DOCUMENTS
from tests.interop.documents.meant import Meant

RECORDED = Path(__file__).resolve().parents[2] / "../shared/data/activitypub"
pytestmark = pytest.mark.skipif(
    not RECORDED.is_dir(), reason="the recorded documents (../shared/data/activitypub) are absent"
)
# One of each kind that the command can say.
ON_THE_COMMAND_LINE = {meant.kind: name for name, meant in DOCUMENTS.items()}
MEMBERS = {
    "kind",
    "id",
    "actor",
    "attributed_to",
    "to",
    "cc",
    "community",
    "in_reply_to",
    "title",
    "text",
    "published",
    "warnings",
}


def path_of(name: str) -> Path:
    return RECORDED / f"{name}.json"


def understood(described: dict[str, Any]) -> Meant:
    """Say a description in the words of the table."""
    same = ("kind", "community", "in_reply_to", "title", "text", "published")
    rest = ("object", "target", "language", "starts", "place", "link")
    facts: dict[str, Any] = {key: described.get(key) for key in (*same, *rest)}
    facts |= {key: tuple(described.get(key) or ()) for key in ("to", "cc", "objects")}
    members = described.get("members")
    return Meant(
        **facts,
        by=described["attributed_to"] or described["actor"],
        inner=(described.get("inner") or {}).get("kind"),
        members=None if members is None else len(members),
        is_private=any("not public" in warning for warning in described["warnings"]),
    )


def check(described: dict[str, Any], meant: Meant) -> None:
    """Compare; of title and text the table holds how they start."""
    found, expected = asdict(understood(described)), asdict(meant)
    for beginning in ("title", "text"):
        start, whole = expected.pop(beginning), found.pop(beginning)
        assert (whole is None) is (start is None)
        assert whole is None or whole.startswith(start)
    assert found == expected


def test_every_recorded_document_is_in_the_table() -> None:
    found = {
        path.relative_to(RECORDED).with_suffix("").as_posix() for path in RECORDED.rglob("*.json")
    }

    assert found == set(DOCUMENTS)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_understood_as_its_sender_meant_it(name: str) -> None:
    described = describe_bytes(path_of(name).read_bytes())

    assert set(described) >= MEMBERS
    check(described, DOCUMENTS[name])


@pytest.mark.parametrize("name", ON_THE_COMMAND_LINE.values(), ids=ON_THE_COMMAND_LINE)
def test_the_command_prints_that_understanding(name: str) -> None:
    result = CliRunner().invoke(federation, ["inspect", str(path_of(name))])

    assert result.exit_code == 0
    check(json.loads(result.stdout), DOCUMENTS[name])
