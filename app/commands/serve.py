"""`verbindplaats serve`: everything under one supervisor. Imports no application code."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import click

from app.core.settings import Settings, SettingsError, listening_port, load_settings
from app.supervisor import (
    LIFELINE_VARIABLE,
    AlreadyRunningError,
    Child,
    Supervisor,
    empty_queue_folder,
    lock_data_dir,
)


def _is_initialised(settings: Settings) -> bool:
    marker = settings.data_dir / "initialised"
    return marker.is_file() and marker.read_text(encoding="utf-8") == initialised_mark(settings)


def expected_revision() -> str:
    """Return to which revision the database must be migrated for this program."""
    head = Path(__file__).resolve().parents[2] / "migrations" / ".current-head"
    return head.read_text(encoding="utf-8").strip()


def initialised_mark(settings: Settings) -> str:
    """Return what `init` leaves behind: which program prepared which database for which address.

    With another address `init` runs again, and refuses when others know this server by the old one.
    """
    which = hashlib.sha256(f"{settings.sqlalchemy_url} {settings.base_url}".encode()).hexdigest()
    return f"{expected_revision()} {which}\n"


def _initialise() -> None:
    """Run `init`, which ends when we do; what it says of a failure stands for itself."""
    reading, writing = os.pipe()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "app.cli_main", "init"],
            env={**os.environ, LIFELINE_VARIABLE: str(reading)},  # noqa: TID251  its settings
            pass_fds=(reading,),
            check=False,
        )
    finally:
        os.close(reading)
        os.close(writing)
    if done.returncode:
        sys.exit(1)


def _children(host: str, port: int, *, with_worker: bool) -> list[Child]:
    program = [sys.executable, "-m"]
    children = [Child("web", [*program, "app.web_process", host, str(port)])]
    if with_worker:
        children.append(Child("worker", [*program, "app.cli_main", "worker", "--alone"]))
    return children


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port; default PORT or 8000.")
@click.option("--single", is_flag=True, help="All in one process, for a demo or a test.")
@click.option("--all", "everything", is_flag=True, help="With a Redis broker: the worker as well.")
def serve(host: str, port: int | None, *, single: bool, everything: bool) -> None:
    """Serve the site: web, worker and scheduler, until Ctrl-C."""
    if port is not None:
        os.environ["PORT"] = str(port)  # noqa: TID251  the children compute the same base URL
    try:
        listen, settings = listening_port(), load_settings()
        lock_data_dir(settings.data_dir)  # held until this process ends
        if not _is_initialised(settings):
            _initialise()
        empty_queue_folder(settings.data_dir)
    except (SettingsError, AlreadyRunningError, OSError) as error:
        raise click.ClickException(str(error)) from error
    if single:
        command = [sys.executable, "-m", "app.web_process", host, str(listen), "--single"]
        children = [Child("web", command)]
    else:
        with_worker = settings.is_embedded_broker or everything
        children = _children(host, listen, with_worker=with_worker)
    sys.exit(Supervisor(children, settings.base_url).run())
