"""Commands run as a person runs them, on the data of a test."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from app.cli import main

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `verbindplaats ...` on the database of `app`; `typed` is standard input."""
    settings = app.config["VERBINDPLAATS"]
    monkeypatch.setenv("VERBINDPLAATS_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("VERBINDPLAATS_BASE_URL", settings.base_url)
    monkeypatch.setenv("VERBINDPLAATS_SECRET_KEY", settings.secret_key)
    monkeypatch.setenv("VERBINDPLAATS_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("VERBINDPLAATS_ALLOW_PRIVATE_ADDRESSES", "1")

    def invoke(*arguments: str, typed: str | bytes = "") -> Result:
        return CliRunner().invoke(main, arguments, input=typed)

    return invoke


def said_in_one_line(result: Result) -> str:
    """The error a command ended with: one line on standard error, status 1, nothing else."""
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    lines = [line for line in result.stderr.splitlines() if not line.startswith("{")]
    assert len(lines) == 1, result.stderr
    assert lines[0].lower().startswith("error: ")
    return lines[0]
