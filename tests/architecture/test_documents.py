"""What the documents say is there, is there."""

import re
from dataclasses import fields
from pathlib import Path

import click
import pytest

from app.cli import main
from app.core.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        ROOT / "changes.d/README.md",
    ]
)
HANDBOOKS = sorted((ROOT / "docs/handboek").glob("*.md"))
ROOTS = ("app/", "federation/", "feeds/", "directory/", "migrations/", "tests/", "docs/")
SHORT = ("core/", "inbound/", "outbound/", "forum/", "transport/", "dereference/")
SHORTCUTS = {"core/": "app/", "forum/": "app/", "handlers/": "federation/inbound/"}
MAX_ADR_LINES = 40
MAX_PICTURE_BYTES = 200_000
# Settings of the tests themselves, and the families of which the documents speak as one.
OTHER_SETTINGS = {"TEST_DATABASE_URL", "CONFIG", "OIDC_"}


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _ticked(text: str) -> list[str]:
    plain = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return re.findall(r"`([^`\n]+)`", plain)


def _spread(path: str) -> list[str]:
    """Write `a/{b,c}.py` out as two paths."""
    found = re.fullmatch(r"(.*)\{([^}]*)\}(.*)", path)
    if found is None:
        return [path]
    return [found[1] + middle.strip() + found[3] for middle in found[2].split(",")]


def _candidates(path: str) -> list[Path]:
    prefix = next((more for short, more in SHORTCUTS.items() if path.startswith(short)), "")
    return [ROOT / path, ROOT / (prefix + path), ROOT / "federation" / path]


def _sources() -> str:
    files = [
        *(ROOT / "app").rglob("*.html"),
        *(one for top in ("app", "feeds", "directory") for one in (ROOT / top).rglob("*.py")),
        *(ROOT / "app").rglob("*.po"),
    ]
    return "\n".join(one.read_text(encoding="utf-8") for one in files)


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")

    targets = [t for t in re.findall(r"\]\(([^)#]+)[^)]*\)", text) if "://" not in t]

    missing = [t for t in targets if not (document.parent / t).exists()]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_paths_in_documents_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8")

    named = [
        path
        for ticked in _ticked(text)
        if re.fullmatch(r"[\w./{},-]+", ticked) and ticked.startswith(ROOTS + SHORT)
        for path in _spread(ticked)
    ]

    missing = [path for path in named if not any(one.exists() for one in _candidates(path))]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_commands_in_documents_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    context = click.Context(main)
    known = set(main.list_commands(context))

    lines = re.findall(r"(?:\.venv/bin/verbindplaats|\bverbindplaats|\$V) ([a-z]+)\b", text)

    assert set(lines) - known == set()


def test_every_command_loads_and_explains_itself() -> None:
    context = click.Context(main)

    found = [main.get_command(context, name) for name in main.list_commands(context)]

    assert all(isinstance(one, click.Command) and one.help for one in found)


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_settings_in_documents_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    known = {field.name.upper() for field in fields(Settings)} | OTHER_SETTINGS

    named = set(re.findall(r"VERBINDPLAATS_([A-Z][A-Z_]+)", text))

    assert named - known == set()


def test_the_runbook_explains_every_setting() -> None:
    text = (ROOT / "docs/runbook.md").read_text(encoding="utf-8")
    reserved = {"TESTING", "OIDC", "MEDIA_URL"}

    unexplained = [
        field.name.upper()
        for field in fields(Settings)
        if field.name.upper() not in reserved and f"`{field.name.upper()}`" not in text
    ]

    assert unexplained == []


@pytest.mark.parametrize("document", HANDBOOKS, ids=_name)
def test_handbooks_use_the_words_on_the_buttons(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    sources = re.sub(r"\s*\"\s*\n\s*\"", "", _sources())

    bold = [" ".join(words.split()) for words in re.findall(r"\*\*(.+?)\*\*", text, re.DOTALL)]
    labels = [
        words for words in bold if words[0].isupper() and not words.startswith("Heb je al een")
    ]

    assert [label for label in labels if f'"{label}' not in sources] == []


def test_decisions_are_short_and_numbered() -> None:
    decisions = sorted((ROOT / "docs/adr").glob("*.md"))

    numbers = [int(one.name[:4]) for one in decisions]
    lines = {one.name: len(one.read_text(encoding="utf-8").splitlines()) for one in decisions}

    assert numbers == list(range(1, len(numbers) + 1))
    assert {name for name, count in lines.items() if count > MAX_ADR_LINES} == set()


def test_the_picture_is_light() -> None:
    picture = ROOT / "docs/img/home.png"

    assert 0 < picture.stat().st_size < MAX_PICTURE_BYTES
