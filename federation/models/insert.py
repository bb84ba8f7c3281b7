"""Insert rows unless their unique key is taken: one statement, so races are harmless."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite

from app.core.db import Base, session


def insert_once(model: type[Base], values: Mapping[str, Any]) -> int | None:
    """Insert into `model`'s table and return the new id; None when a unique key was taken already.

    Column defaults in Python apply; the table's key must be called `id`.
    """
    statement = _statement(model, ("id",), session().get_bind().dialect.name)
    new_id: int | None = session().connection().execute(statement, dict(values)).scalar()
    return new_id


def insert_all_once(
    model: type[Base], rows: Sequence[Mapping[str, Any]], returned: tuple[str, ...]
) -> list[tuple[Any, ...]]:
    """Insert what is new of several rows; return these columns of each that was."""
    statement = _statement(model, returned, session().get_bind().dialect.name)
    found = session().connection().execute(statement, [dict(row) for row in rows])
    return [tuple(row) for row in found]


@cache
def _statement(model: type[Base], returned: tuple[str, ...], dialect: str) -> Insert:
    """Return the statement for a table; made once, as making it costs more than running it."""
    table: Any = model.__table__
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    columns = [table.c[name] for name in returned]
    statement: Insert = insert(table).on_conflict_do_nothing().returning(*columns)
    return statement
