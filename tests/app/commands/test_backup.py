"""`backup` and `restore`: one file with everything, and nothing put where something is."""

import io
import os
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from app.supervisor import lock_data_dir
from tests.app.commands.conftest import Run, said_in_one_line
from tests.support.database import POSTGRES_URL
from tests.support.factories import make_account

pytestmark = pytest.mark.skipif(bool(POSTGRES_URL), reason="is about the embedded database")


@pytest.fixture
def filled(app: Flask) -> Path:
    """A data directory with a person, a secret and a picture; returns it."""
    folder: Path = app.config["VERBINDPLAATS"].data_dir
    with app.app_context():
        make_account("anna")
    (folder / "secret").write_text("s" * 48)
    (folder / "secret").chmod(0o600)
    (folder / "media" / "ab").mkdir(parents=True)
    (folder / "media" / "ab" / "foto.png").write_bytes(b"png")
    return folder


@pytest.fixture
def file(filled: Path, run: Run, tmp_path: Path) -> Path:
    """A backup of it."""
    result = run("backup", str(tmp_path / "all.tar.gz"))
    assert result.exit_code == 0, result.output
    return tmp_path / "all.tar.gz"


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: Path) -> Path:
    """Where to put it back: the data directory of the commands from now on."""
    monkeypatch.setenv("VERBINDPLAATS_DATA_DIR", str(tmp_path / "empty"))
    monkeypatch.delenv("VERBINDPLAATS_SECRET_KEY")
    return tmp_path / "empty"


def names(path: Path) -> list[str]:
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        found = list(connection.scalars(text("SELECT name FROM account ORDER BY name")))
    engine.dispose()
    return found


def test_a_backup_holds_database_secret_and_media_for_the_owner_alone(file: Path) -> None:
    with tarfile.open(file) as archive:
        held = set(archive.getnames())

    assert held == {"database", "secret", "media", "media/ab", "media/ab/foto.png"}
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_backup_leaves_nothing_beside_itself_and_replaces_an_older_one(
    file: Path, filled: Path, run: Run, tmp_path: Path
) -> None:
    before = sorted(tmp_path.iterdir())

    result = run("backup", str(file))

    assert result.exit_code == 0
    assert sorted(tmp_path.iterdir()) == before


def test_what_is_put_back_is_the_same(file: Path, empty: Path, run: Run) -> None:
    result = run("restore", str(file))

    assert result.exit_code == 0, result.output
    assert names(empty / "verbindplaats.sqlite") == ["anna"]
    assert (empty / "secret").read_text() == "s" * 48
    assert (empty / "secret").stat().st_mode & 0o777 == 0o600
    assert (empty / "media" / "ab" / "foto.png").read_bytes() == b"png"
    assert empty.stat().st_mode & 0o777 == 0o700


def test_a_directory_that_holds_anything_is_refused_untouched(
    file: Path, empty: Path, run: Run
) -> None:
    empty.mkdir()
    (empty / "notes.txt").write_text("mine")

    told = said_in_one_line(run("restore", str(file)))

    assert "is not empty" in told
    assert [found.name for found in empty.iterdir()] == ["notes.txt"]


def test_a_directory_in_which_a_server_runs_is_refused(file: Path, empty: Path, run: Run) -> None:
    lock = lock_data_dir(empty)

    told = said_in_one_line(run("restore", str(file)))

    os.close(lock)
    assert "another server runs" in told


def test_a_database_elsewhere_is_not_written_over(
    file: Path, empty: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.sqlite"
    other.write_bytes(b"mine")
    monkeypatch.setenv("VERBINDPLAATS_DATABASE_URL", f"sqlite:///{other}")

    assert "exists already" in said_in_one_line(run("restore", str(file)))

    assert other.read_bytes() == b"mine"


def member(name: str, **fields: object) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    for field, value in fields.items():
        setattr(made, field, value)
    return made


TRICKS: dict[str, tarfile.TarInfo] = {
    "a path upwards": member("../evil"),
    "a path upwards inside": member("media/../../evil"),
    "an absolute path": member("/tmp/evil"),  # noqa: S108  what a hostile archive holds
    "another name": member("queue/hints/1.inbox.msg"),
    "the lock": member("server.lock"),
    "a symbolic link": member("media/a", type=tarfile.SYMTYPE, linkname="/etc"),
    "a hard link": member("media/a", type=tarfile.LNKTYPE, linkname="secret"),
    "a device": member("media/a", type=tarfile.CHRTYPE),
    "a pipe": member("media/a", type=tarfile.FIFOTYPE),
    "a secret that is a link": member("secret", type=tarfile.SYMTYPE, linkname="/etc/passwd"),
}


@pytest.mark.parametrize("trick", TRICKS)
def test_an_archive_with_a_trick_is_refused_and_can_be_followed_by_a_good_one(
    file: Path, empty: Path, run: Run, tmp_path: Path, trick: str
) -> None:
    bad = tmp_path / "bad.tar.gz"
    with tarfile.open(file) as good, tarfile.open(bad, "w:gz") as archive:
        archive.addfile(good.getmember("database"), good.extractfile("database"))
        archive.addfile(TRICKS[trick])

    told = said_in_one_line(run("restore", str(bad)))

    assert "not a backup of ours" in told
    assert {found.name for found in empty.iterdir()} <= {"server.lock"}
    assert not (tmp_path / "evil").exists()
    assert run("restore", str(file)).exit_code == 0


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "no archive": lambda _whole: b"hallo",
    "empty": lambda _whole: b"",
    "cut off": lambda whole: whole[: len(whole) // 2],
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_file_that_is_broken_is_told_in_one_line(
    file: Path, empty: Path, run: Run, how: str
) -> None:
    file.write_bytes(BROKEN[how](file.read_bytes()))

    said_in_one_line(run("restore", str(file)))

    assert not (empty / "verbindplaats.sqlite").exists()


@pytest.mark.parametrize(
    ("content", "word"), [(None, "no database"), (b"PGDMP....", "no SQLite database")]
)
def test_another_kind_of_database_is_refused(
    empty: Path, run: Run, tmp_path: Path, content: bytes | None, word: str
) -> None:
    bad = tmp_path / "bad.tar.gz"
    with tarfile.open(bad, "w:gz") as archive:
        archive.addfile(member("secret", size=1), io.BytesIO(b"s"))
        if content is not None:
            archive.addfile(member("database", size=len(content)), io.BytesIO(content))

    assert word in said_in_one_line(run("restore", str(bad)))

    assert not (empty / "secret").exists()


def test_without_a_database_there_is_nothing_to_keep(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VERBINDPLAATS_DATA_DIR", str(tmp_path / "nothing"))

    told = said_in_one_line(run("backup", str(tmp_path / "all.tar.gz")))

    assert "there is no database" in told
    assert not (tmp_path / "all.tar.gz").exists()
    assert not (tmp_path / "nothing").exists()


def test_a_place_that_is_not_there_is_told_in_one_line(filled: Path, run: Run) -> None:
    said_in_one_line(run("backup", str(filled / "nergens" / "all.tar.gz")))


def test_it_says_when_the_secret_is_not_in_the_file(filled: Path, run: Run, tmp_path: Path) -> None:
    (filled / "secret").unlink()

    result = run("backup", str(tmp_path / "all.tar.gz"))

    assert "but not the secret key" in result.stdout


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_server_without_its_tools_is_told_in_one_line(
    file: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("VERBINDPLAATS_DATA_DIR", str(tmp_path / "empty"))
    monkeypatch.setenv("VERBINDPLAATS_DATABASE_URL", "postgresql+psycopg://localhost:1/none")
    monkeypatch.setenv("PATH", str(tmp_path))
    target = file if command == "restore" else tmp_path / "new.tar.gz"

    said_in_one_line(run(command, str(target)))
