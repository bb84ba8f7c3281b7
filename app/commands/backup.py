"""`verbindplaats backup FILE` and `restore FILE`: one file with everything."""

import sqlite3
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Final

import click

from app.core.settings import Settings, SettingsError, load_settings
from app.supervisor import AlreadyRunningError, lock_data_dir

DUMP: Final = "database"
KEPT: Final = ("secret", "media", "verbindplaats.toml")


def _plain_url(settings: Settings) -> str:
    return settings.database_url.replace("postgresql+psycopg://", "postgresql://")


def _dump(settings: Settings, target: Path) -> None:
    """Copy the database as it is at one moment, while the server may run."""
    if settings.sqlalchemy_url.startswith("sqlite"):
        source = sqlite3.connect(settings.sqlalchemy_url.removeprefix("sqlite:///"))
        copy = sqlite3.connect(target)
        with source, copy:
            source.backup(copy)
        copy.close()
        source.close()
    else:
        command = ["pg_dump", "--format=custom", f"--file={target}", _plain_url(settings)]
        subprocess.run(command, check=True)  # noqa: S603  fixed program, no shell


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write database, secret, keys and media into FILE; the server may run meanwhile."""
    settings = load_settings()
    partial = file.with_name(file.name + ".partial")
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / DUMP
        _dump(settings, dump)
        with tarfile.open(partial, "w:gz") as archive:
            archive.add(dump, DUMP)
            for name in KEPT:
                if (settings.data_dir / name).exists():
                    archive.add(settings.data_dir / name, name)
    partial.chmod(0o600)
    partial.rename(file)
    click.echo(f"{file} holds everything, the secret key too: keep it safe")


def _load(settings: Settings, dump: Path) -> None:
    if settings.sqlalchemy_url.startswith("sqlite"):
        dump.rename(settings.sqlalchemy_url.removeprefix("sqlite:///"))
    else:
        command = ["pg_restore", "--no-owner", f"--dbname={_plain_url(settings)}", str(dump)]
        subprocess.run(command, check=True)  # noqa: S603  fixed program, no shell
        dump.unlink()


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Put a backup into an empty data directory."""
    try:
        settings = load_settings()
        existing = settings.data_dir.exists() and any(settings.data_dir.iterdir())
        if existing:
            raise click.ClickException(f"{settings.data_dir} is not empty; nothing was changed")
        lock_data_dir(settings.data_dir)
    except (SettingsError, AlreadyRunningError) as error:
        raise click.ClickException(str(error)) from error
    with tarfile.open(file, "r:gz") as archive:
        archive.extractall(settings.data_dir, filter="data")
    _load(settings, settings.data_dir / DUMP)
    click.echo(f"restored into {settings.data_dir}")
