"""Alembic's environment: our models against the configured database, one head, with time limits."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection, Index, text
from sqlalchemy.schema import SchemaItem

from app.core.db import Base

LOCK_TIMEOUT = "5s"
STATEMENT_TIMEOUT = "10min"
FTS_PREFIX = "search_index"


def _is_ours(  # Alembic's signature
    item: SchemaItem,
    name: str | None,
    kind: str,
    _reflected: bool,  # noqa: FBT001  Alembic's signature
    _other: SchemaItem | None,
) -> bool:
    """Leave out the full-text index: SQLite makes shadow tables for it that no model describes."""
    if kind == "table":
        return not (name or "").startswith(FTS_PREFIX)
    if isinstance(item, Index) and item.table is not None:
        return not item.table.name.startswith(FTS_PREFIX)
    return True


def _run(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        # A table that is copied is dropped in between; rows that refer to it must survive that.
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
    try:
        _migrate(connection)
    finally:
        if connection.dialect.name == "sqlite":
            connection.connection.cursor().execute("PRAGMA foreign_keys=ON")


def _migrate(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.execute(text(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'"))
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        include_object=_is_ours,
        user_module_prefix="sa.",
    )
    with context.begin_transaction():
        context.run_migrations()


def run() -> None:
    """Migrate the database of the current application."""
    given = context.config.attributes.get("connection")
    if given is not None:
        _run(given)
        return
    with current_app.extensions["sqlalchemy"].engine.connect() as connection:
        _run(connection)


run()
