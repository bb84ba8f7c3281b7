"""The commands that load and write the directory."""

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from flask import Flask

from app.commands.directory import directory
from directory.services.imports import STARTER_FILE


@pytest.fixture
def runner(app: Flask, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """A command line on the data of `app`."""
    settings = app.config["VERBINDPLAATS"]
    monkeypatch.setenv("VERBINDPLAATS_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("VERBINDPLAATS_BASE_URL", settings.base_url)
    monkeypatch.setenv("VERBINDPLAATS_SECRET_KEY", settings.secret_key)
    monkeypatch.setenv("VERBINDPLAATS_DATABASE_URL", settings.database_url)
    return CliRunner()


def test_a_file_is_loaded_once(runner: CliRunner):
    first = runner.invoke(directory, ["import", str(STARTER_FILE)])
    second = runner.invoke(directory, ["import", str(STARTER_FILE)])

    assert (first.exit_code, first.stdout) == (
        0,
        "85 added, 0 changed, 0 unchanged, 0 edited here and kept\n",
    )
    assert second.stdout == "0 added, 0 changed, 85 unchanged, 0 edited here and kept\n"


def test_what_is_written_can_be_read(runner: CliRunner):
    runner.invoke(directory, ["import", str(STARTER_FILE)])

    result = runner.invoke(directory, ["export", "--format", "yaml"])

    assert result.exit_code == 0
    assert len(yaml.safe_load(result.stdout)["entries"]) == 85


@pytest.mark.parametrize("name", ["csv", "jsonld", "opml", "skos"])
def test_every_format_is_written(runner: CliRunner, name: str):
    result = runner.invoke(directory, ["export", "--format", name])

    assert result.exit_code == 0
    assert result.stdout


def test_a_wrong_file_is_a_clear_error(runner: CliRunner, tmp_path: Path):
    path = tmp_path / "fout.yaml"
    path.write_text("entries: [{slug: x, name: X, category: kroeg}]")

    result = runner.invoke(directory, ["import", str(path)])

    assert result.exit_code == 1
    assert result.stderr.startswith("error: entry x: category 'kroeg' is none of netwerk")


def test_an_unknown_format_is_refused(runner: CliRunner):
    assert runner.invoke(directory, ["export", "--format", "xml"]).exit_code == 2
