"""Migrations are numbered, linear, and their head is written down."""

import re

from tests.architecture.source import ROOT

VERSIONS = sorted((ROOT / "migrations/versions").glob("*.py"))
REVISION = re.compile(r'^revision(?:: str)? = "([^"]+)"', re.MULTILINE)
DOWN_REVISION = re.compile(r'^down_revision(?:: [^=]+)? = (?:"([^"]+)"|None)', re.MULTILINE)


def _revisions() -> list[tuple[str, str | None]]:
    found = []
    for path in VERSIONS:
        source = path.read_text(encoding="utf-8")
        revision, down = REVISION.search(source), DOWN_REVISION.search(source)
        assert revision is not None, path.name
        assert down is not None, path.name
        found.append((revision[1], down[1]))
    return found


def test_each_follows_the_one_before() -> None:
    revisions = _revisions()

    assert [down for _, down in revisions] == [None, *(name for name, _ in revisions[:-1])]


def test_files_are_numbered_and_named_after_their_revision() -> None:
    assert [path.stem for path in VERSIONS] == [name for name, _ in _revisions()]
    assert [path.name[:4] for path in VERSIONS] == [
        f"{number:04d}" for number in range(1, len(VERSIONS) + 1)
    ]


def test_head_is_written_down() -> None:
    head = (ROOT / "migrations/.current-head").read_text(encoding="utf-8").strip()

    assert head == _revisions()[-1][0]
