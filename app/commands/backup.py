"""`verbindplaats backup FILE` and `restore FILE`: one file with everything."""

import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import click

from app.core.settings import Settings, SettingsError, load_settings
from app.supervisor import AlreadyRunningError, lock_data_dir

DUMP: Final = "database"
KEPT: Final = ("secret", "media", "verbindplaats.toml")
LOCK: Final = "server.lock"
WAIT_SECONDS: Final = 30.0
SQLITE_MARK: Final = b"SQLite format 3\x00"
POSTGRES_MARK: Final = b"PGDMP"


class BackupError(Exception):
    """A backup that cannot be made or put back; the text says why."""


@contextmanager
def _explained() -> Iterator[None]:
    """Say in one line what went wrong."""
    try:
        yield
    except subprocess.CalledProcessError as error:
        raise click.ClickException(f"{error.cmd[0]} ended with {error.returncode}") from error
    except (
        AlreadyRunningError,
        BackupError,
        EOFError,
        OSError,
        SettingsError,
        sqlite3.Error,
        tarfile.TarError,
    ) as error:
        raise click.ClickException(str(error)) from error


def _plain_url(settings: Settings) -> str:
    return settings.database_url.replace("postgresql+psycopg://", "postgresql://")


def _dump(settings: Settings, target: Path) -> None:
    """Copy the database as it is at one moment, while the server may run."""
    path = settings.sqlite_path
    if path is None:
        command = ["pg_dump", "--format=custom", f"--file={target}", _plain_url(settings)]
        subprocess.run(command, check=True)  # noqa: S603  fixed program, no shell
        return
    if not path.is_file():
        raise BackupError(f"there is no database at {path}")
    with (
        closing(sqlite3.connect(path, timeout=WAIT_SECONDS)) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write database, secret, keys and media into FILE; the server may run meanwhile."""
    with _explained():
        settings = load_settings()
        with tempfile.TemporaryDirectory(dir=file.absolute().parent) as folder:
            dump, partial = Path(folder) / DUMP, Path(folder) / "partial"
            _dump(settings, dump)
            partial.touch(mode=0o600)
            with tarfile.open(partial, "w:gz") as archive:
                archive.add(dump, DUMP)
                for name in KEPT:
                    if (settings.data_dir / name).exists():
                        archive.add(settings.data_dir / name, name)
            partial.replace(file)
    has_secret = (settings.data_dir / "secret").is_file()
    secret = "the secret key too" if has_secret else "but not the secret key of the environment"
    click.echo(f"{file} holds everything, {secret}: keep it safe")


def _check_members(archive: tarfile.TarFile) -> list[tarfile.TarInfo]:
    """Return what is inside; raises BackupError for anything that no backup of ours holds."""
    members = archive.getmembers()
    for member in members:
        parts = Path(member.name).parts
        is_ours = bool(parts) and parts[0] in {DUMP, *KEPT} and ".." not in parts
        if not is_ours or not (member.isfile() or member.isdir()):
            raise BackupError(f"not a backup of ours: it holds {member.name!r}")
    if DUMP not in {member.name for member in members if member.isfile()}:
        raise BackupError("not a backup of ours: it holds no database")
    return members


def _check_empty(settings: Settings) -> None:
    """Raise BackupError when something would be overwritten."""
    folder, path = settings.data_dir, settings.sqlite_path
    if folder.exists() and any(found.name != LOCK for found in folder.iterdir()):
        raise BackupError(f"{folder} is not empty; nothing was changed")
    if path is not None and path.exists():
        raise BackupError(f"{path} exists already; nothing was changed")


def _check_kind(settings: Settings, dump: Path) -> None:
    with dump.open("rb") as opened:
        start = opened.read(len(SQLITE_MARK))
    if settings.sqlite_path is not None and start != SQLITE_MARK:
        raise BackupError("the backup holds no SQLite database: set VERBINDPLAATS_DATABASE_URL")
    if settings.sqlite_path is None and not start.startswith(POSTGRES_MARK):
        raise BackupError(
            "the backup holds no PostgreSQL database: unset VERBINDPLAATS_DATABASE_URL"
        )


def _load(settings: Settings, dump: Path) -> None:
    """Put the database in its place; on PostgreSQL all of it or nothing."""
    if settings.sqlite_path is not None:
        settings.sqlite_path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.move(dump, settings.sqlite_path)
        return
    options = ["--no-owner", "--single-transaction", "--exit-on-error"]
    command = ["pg_restore", *options, f"--dbname={_plain_url(settings)}", str(dump)]
    subprocess.run(command, check=True)  # noqa: S603  fixed program, no shell


def _unpack(file: Path, settings: Settings) -> None:
    """Unpack aside, look at it, and only then move it into the data directory."""
    with tempfile.TemporaryDirectory(dir=settings.data_dir.parent) as name:
        folder = Path(name)
        with tarfile.open(file, "r:gz") as archive:
            archive.extractall(folder, _check_members(archive), filter="data")
        _check_kind(settings, folder / DUMP)
        _load(settings, folder / DUMP)
        for kept in KEPT:
            if (folder / kept).exists():
                shutil.move(folder / kept, settings.data_dir / kept)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Put a backup into an empty data directory."""
    with _explained():
        settings = load_settings()
        _check_empty(settings)
        lock = lock_data_dir(settings.data_dir)
        try:
            _unpack(file, settings)
        finally:
            os.close(lock)
    click.echo(f"restored into {settings.data_dir}")
