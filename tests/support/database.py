"""A migrated data directory per test: a file copied on SQLite, tables emptied on PostgreSQL."""

import os
import shutil
from pathlib import Path

from sqlalchemy import create_engine, text

from app.core.migrating import upgrade_database
from app.core.settings import Settings
from app.factory import create_app

POSTGRES_URL = os.environ.get("VERBINDPLAATS_TEST_DATABASE_URL", "")  # noqa: TID251  where CI starts PostgreSQL
BASE_URL = "http://ons.test"
# TRUNCATE of every table takes ten times as long as DELETE of the few rows a test leaves.
EMPTY = """
DO $$
DECLARE
    name text;
    has_rows boolean;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR name IN SELECT tablename FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', name) INTO has_rows;
        IF has_rows THEN
            EXECUTE format('DELETE FROM %I', name);
        END IF;
    END LOOP;
    FOR name IN SELECT sequencename FROM pg_sequences
        WHERE schemaname = 'public' AND last_value IS NOT NULL
    LOOP
        EXECUTE format('ALTER SEQUENCE %I RESTART', name);
    END LOOP;
END $$
"""
_MADE: set[str] = set()


def make_settings(data_dir: Path, base_url: str = BASE_URL, **changes: object) -> Settings:
    """Settings for a test: laboratory addresses, a fixed secret, its own data directory."""
    values: dict[str, object] = {
        "base_url": base_url,
        "data_dir": data_dir,
        "secret_key": "0123456789abcdef0123456789abcdef0123456789abcdef",
        "allow_private_addresses": True,
        "testing": True,
        "database_url": POSTGRES_URL,
        **changes,
    }
    return Settings(**values)


def migrate(settings: Settings) -> None:
    """Bring the database of `settings` to the newest shape."""
    app = create_app(settings)
    with app.app_context():
        upgrade_database()
        app.extensions["sqlalchemy"].engine.dispose()


def worker_url(base: str, name: str) -> str:
    """Return the address of the PostgreSQL database of one test worker."""
    return f"{base}_{name}"


def create_postgres(url: str, template: str = "template1") -> None:
    """Make a database at `url`, a copy of `template` that nobody is using; drop an earlier one."""
    server, _, database = url.rpartition("/")
    engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{database}" TEMPLATE "{template}"'))
    engine.dispose()


def renew_postgres(url: str, migrated_url: str) -> None:
    """Make `url` as a database that was just migrated: a copy at first, afterwards emptied."""
    if url not in _MADE:
        create_postgres(url, migrated_url.rpartition("/")[2])
        _MADE.add(url)
        return
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(EMPTY))
    engine.dispose()


def copy_sqlite(template: Path, data_dir: Path) -> None:
    """Put a copy of the migrated database into a data directory."""
    data_dir.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(template / "verbindplaats.sqlite", data_dir / "verbindplaats.sqlite")


def share_compiled_templates(template: Path, data_dir: Path) -> None:
    """Let a data directory keep compiled templates where another one does."""
    (data_dir / "cache").mkdir(parents=True, exist_ok=True)
    (data_dir / "cache" / "templates").symlink_to(template / "cache" / "templates")
