"""`verbindplaats directory`: load and write the directory as a file."""

from pathlib import Path
from typing import BinaryIO

import click

from app.commands.context import command_context, explains_errors
from app.core.db import unit_of_work
from directory.services.exports import EXPORTS, export_directory
from directory.services.imports import import_directory


@click.group("directory")
def directory() -> None:
    """Load and write the directory as a file."""


@directory.command("import")
@click.argument("file", type=click.File("rb"))
@explains_errors
def import_file(file: BinaryIO) -> None:
    """Load the directory FILE (YAML, shaped like directory-seed.yaml; "-" is standard input).

    Loading a file twice changes nothing. What was edited on the site stays as it is.
    """
    with command_context(), unit_of_work():
        report = import_directory(file.read(), source=Path(file.name).stem[:60] or "file")
    click.echo(
        f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged, "
        f"{report.kept} edited here and kept"
    )


@directory.command("export")
@click.option(
    "--format",
    "name",
    type=click.Choice(sorted(EXPORTS)),
    default="yaml",
    show_default=True,
    help="The format to write.",
)
@explains_errors
def export(name: str) -> None:
    """Write all public listings on standard output, without unconfirmed people."""
    with command_context():
        click.echo(export_directory(name), nl=False)
