"""Many rows, some at a time: what runs in the background never holds the database for long."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Delete, Select, Update, delete, select, update
from sqlalchemy.orm import InstrumentedAttribute

from app.core.db import session


def delete_some(key: InstrumentedAttribute[int], condition: ColumnElement[bool], limit: int) -> int:
    """Delete at most `limit` rows of the table of `key` (its row id); return how many."""
    return _count(delete(key.class_).where(key.in_(_chosen(key, condition, limit))), key)


def update_some(
    key: InstrumentedAttribute[int],
    condition: ColumnElement[bool],
    values: Mapping[str, object],
    limit: int,
) -> int:
    """Give at most `limit` rows these values; return how many. The condition ends their turn."""
    chosen = key.in_(_chosen(key, condition, limit))
    return _count(update(key.class_).where(chosen).values(values), key)


def _chosen(
    key: InstrumentedAttribute[int], condition: ColumnElement[bool], limit: int
) -> Select[int]:
    return select(key).where(condition).limit(limit)


def _count(statement: Delete | Update, key: InstrumentedAttribute[int]) -> int:
    done: Any = session().execute(
        statement.returning(key).execution_options(synchronize_session=False)
    )
    return len(done.all())
