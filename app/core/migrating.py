"""Bring the database to the newest shape, through Alembic."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

FOLDER: Final = Path(__file__).resolve().parents[2] / "migrations"


def migration_config() -> Config:
    """Return Alembic's configuration; needs no ini file."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


def head_revision() -> str:
    """Return the newest revision known to this program."""
    head = ScriptDirectory.from_config(migration_config()).get_current_head()
    assert head is not None
    return head


def upgrade_database() -> None:
    """Migrate the current application's database to the newest revision."""
    command.upgrade(migration_config(), "head")


def downgrade_database(revision: str) -> None:
    """Migrate the current application's database back to `revision` ("base": to nothing)."""
    command.downgrade(migration_config(), revision)
