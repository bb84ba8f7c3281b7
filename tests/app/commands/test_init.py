"""`init`: everything a server needs, once; and again without harm."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, text

from app.cli import main
from app.core.settings import load_settings
from tests.app.commands.conftest import said_in_one_line
from tests.support.database import POSTGRES_URL

pytestmark = pytest.mark.skipif(bool(POSTGRES_URL), reason="makes an embedded database of its own")


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VERBINDPLAATS_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("VERBINDPLAATS_BASE_URL", "http://ons.test")
    monkeypatch.delenv("VERBINDPLAATS_SECRET_KEY", raising=False)
    return tmp_path / "data"


def init() -> Result:
    return CliRunner().invoke(main, ["init"])


def counts(data_dir: Path) -> dict[str, int]:
    engine = create_engine(f"sqlite:///{data_dir}/verbindplaats.sqlite")
    with engine.connect() as connection:
        found = {
            table: connection.scalar(text(f"SELECT count(*) FROM {table}"))  # noqa: S608  our own
            for table in ("account", "community", "listing", "topic", "listing_relation", "handle")
        }
    engine.dispose()
    return {table: int(count or 0) for table, count in found.items()}


def test_a_new_directory_gets_all_that_a_server_needs(data_dir: Path) -> None:
    result = init()

    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("Sign in once as the first admin: http://ons.test/eerste/")
    assert (data_dir / "secret").stat().st_mode & 0o777 == 0o600
    assert data_dir.stat().st_mode & 0o777 == 0o700
    found = counts(data_dir)
    assert (found["listing"], found["community"], found["account"]) == (85, 1, 2)
    assert found["topic"] > 0
    assert found["listing_relation"] > 0


def test_a_second_time_adds_nothing_and_keeps_the_secret(data_dir: Path) -> None:
    init()
    before, secret = counts(data_dir), (data_dir / "secret").read_text()

    result = init()

    assert result.exit_code == 0, result.output
    assert counts(data_dir) == before
    assert (data_dir / "secret").read_text() == secret


def test_a_secret_of_the_environment_is_not_written_down(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VERBINDPLAATS_SECRET_KEY", "s" * 48)

    assert init().exit_code == 0

    assert not (data_dir / "secret").exists()
    assert load_settings().secret_key == "s" * 48


def test_with_an_admin_there_is_no_link_for_a_first_one(data_dir: Path) -> None:
    init()
    arguments = ["user", "add", "--admin", "anna", "--email", "a@x.example", "--password-stdin"]
    added = CliRunner().invoke(main, arguments, input="een lang wachtwoord\n")

    result = init()

    assert added.exit_code == 0, added.output
    assert result.exit_code == 0
    assert counts(data_dir)["account"] == 3  # and the one that moderates for the server


def test_another_address_is_refused_in_one_line(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    init()
    engine = create_engine(f"sqlite:///{data_dir}/verbindplaats.sqlite")
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO site_fact VALUES ('frozen_base_url', 'http://elders.test')")
        )
    engine.dispose()

    assert "http://elders.test" in said_in_one_line(init())


def test_a_directory_that_cannot_be_made_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("VERBINDPLAATS_DATA_DIR", str(tmp_path / "file" / "data"))

    assert "file" in said_in_one_line(init())


COMMANDS = [
    ("user", "add", "anna", "--email", "a@x.example"),
    ("user", "link", "anna"),
    ("community", "add", "lezen", "--title", "Lezen"),
    ("post", "add", "welkom", "--as", "anna", "--title", "T"),
    ("comment", "add", "http://ons.test/post/1", "--as", "anna"),
    ("follow", "@a@elders.test", "--as", "anna"),
    ("feed", "list"),
    ("federation", "queue"),
    ("federation", "peers"),
    ("directory", "export", "--format", "yaml"),
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_before_it_ran_every_command_says_so_and_makes_nothing(
    data_dir: Path, arguments: tuple[str, ...]
) -> None:
    result = CliRunner().invoke(main, arguments)

    assert "verbindplaats init" in said_in_one_line(result)
    assert not data_dir.exists()
