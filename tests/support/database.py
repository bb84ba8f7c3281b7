"""A migrated database for every test: a copied file on SQLite, emptied tables on PostgreSQL."""

import os
import shutil
from pathlib import Path

from sqlalchemy import create_engine, text

from app.core.migrating import upgrade_database
from app.core.settings import Settings
from app.factory import create_app

POSTGRES_URL = os.environ.get("VERBINDPLAATS_TEST_DATABASE_URL", "")  # noqa: TID251  where CI starts PostgreSQL
BASE_URL = "http://ons.test"


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


def create_postgres(url: str) -> None:
    """Make an empty database at `url`, dropping an earlier one."""
    server, _, database = url.rpartition("/")
    engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{database}"'))
    engine.dispose()


def empty_postgres(url: str) -> None:
    """Take all rows out of all tables."""
    engine = create_engine(url)
    with engine.begin() as connection:
        names = connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        )
        tables = ", ".join(f'"{name}"' for name in names if name != "alembic_version")
        connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
    engine.dispose()


def copy_sqlite(template: Path, data_dir: Path) -> None:
    """Put a copy of the migrated database into a data directory."""
    data_dir.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(template / "verbindplaats.sqlite", data_dir / "verbindplaats.sqlite")
