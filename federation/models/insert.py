"""Insert a row unless its unique key is taken: one statement, so races are harmless."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite

from app.core.db import Base, session


def insert_once(model: type[Base], values: Mapping[str, Any]) -> int | None:
    """Insert into `model`'s table and return the new id; None when a unique key was taken already.

    Column defaults in Python apply; the table's key must be called `id`.
    """
    statement: Insert
    if session().get_bind().dialect.name == "postgresql":
        statement = postgresql.insert(model).values(**values).on_conflict_do_nothing()
    else:
        statement = sqlite.insert(model).values(**values).on_conflict_do_nothing()
    table_id: Any = model.__table__.c.id
    return session().execute(statement.returning(table_id)).scalar()
