"""run.sh and `verbindplaats`: what is promised exists and says what it does."""

import re

import click
import pytest

from app.cli import COMMANDS, main
from tests.architecture.source import ROOT

RUN = (ROOT / "run.sh").read_text(encoding="utf-8")
PROMISED = [
    "install",
    "serve",
    "test",
    "lint",
    "types",
    "check",
    "demo",
    "bench",
    "golden",
    "translate",
    "migrate",
]
FUNCTION = re.compile(r"^([a-z_]+)\(\)", re.MULTILINE)


@pytest.mark.parametrize("name", PROMISED)
def test_promised_function_exists_and_may_be_called(name: str) -> None:
    callable_names = re.search(r"^\s+([a-z|]+)\) \"\$@\"", RUN, re.MULTILINE)

    assert name in FUNCTION.findall(RUN)
    assert callable_names is not None
    assert set(callable_names[1].split("|")) == set(PROMISED)


@pytest.mark.parametrize("name", PROMISED)
def test_function_is_explained_to_newcomers(name: str) -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")

    assert f"| `./run.sh {name}` | " in page


@pytest.mark.parametrize("name", COMMANDS)
def test_command_exists_and_explains_itself(name: str) -> None:
    command = main.get_command(click.Context(main), name)

    assert command is not None
    assert command.get_short_help_str()
