"""Insert a row unless its unique key is taken: one statement, so races are harmless."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite

from app.core.db import Base, session


def insert_once(model: type[Base], values: Mapping[str, Any]) -> int | None:
    """Insert into `model`'s table and return the new id; None when a unique key was taken already.

    Column defaults in Python apply; the table's key must be called `id`.
    """
    statement = _statement(model, session().get_bind().dialect.name)
    new_id: int | None = session().connection().execute(statement, dict(values)).scalar()
    return new_id


@cache
def _statement(model: type[Base], dialect: str) -> Insert:
    """Return the statement for a table; made once, as making it costs more than running it."""
    table: Any = model.__table__
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement: Insert = insert(table).on_conflict_do_nothing().returning(table.c.id)
    return statement
