"""The database: one declarative base, one session, and `unit_of_work()` with the only commit."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, MetaData, event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase, Session

from app.core.write_turn import WriteTurn

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
BUSY_TIMEOUT_MS = 5000
WRITE_TURN = "write_turn"
FORESEEN = "foreseen"  # answers asked for ahead: app/core/foresight.py
CACHE_KB = 256  # per connection, and each thread has one; the system's own cache is behind it


class Base(DeclarativeBase):
    """Parent of every mapped class."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: object, _record: object) -> None:
    """Set WAL and friends, and take transaction control from the driver (SQLAlchemy's recipe)."""
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "foreign_keys=ON",
        f"cache_size=-{CACHE_KB}",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once: an upgrade in mid-transaction cannot wait for its turn."""
    if connection.dialect.name == "sqlite":
        writes = connection.get_execution_options().get("verbindplaats_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def after_commit(action: Callable[[], None], *, key: str) -> None:
    """Run `action` once after the current unit of work is committed; the same key runs once."""
    session().info.setdefault("after_commit", {})[key] = action


def session() -> Session:
    """Return the session of the current application context."""
    return db.session()


@contextmanager
def _rolled_back_on_error(current: Session) -> Iterator[None]:
    try:
        yield
    except BaseException:
        current.rollback()
        raise


def _find_turn() -> WriteTurn | None:
    """Return the queue for the turn to write; PostgreSQL needs none."""
    if db.engine.dialect.name != "sqlite" or not db.engine.url.database:
        return None
    turn = current_app.extensions.get(WRITE_TURN)
    if turn is None:
        made = WriteTurn(Path(db.engine.url.database))
        turn = current_app.extensions.setdefault(WRITE_TURN, made)
    assert isinstance(turn, WriteTurn)
    return turn


def _write_turn() -> AbstractContextManager[None]:
    turn = _find_turn()
    return nullcontext() if turn is None else turn.taken()


def is_write_wanted() -> bool:
    """Whether somebody waits to write: who holds the turn for long should end soon."""
    turn = _find_turn()
    return turn is not None and turn.is_wanted()


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """Commit everything done inside, or nothing; an inner unit joins the outer one.

    Only views, tasks and commands open one. Whatever was read before is read anew, so decisions
    rest on what the write lock protects. Work asked for with `after_commit` runs afterwards.
    """
    current = session()
    if current.info.get("in_unit_of_work"):
        yield current
        return
    current.commit()  # ends a reading transaction; nothing is pending outside a unit of work
    current.expire_all()
    current.info["in_unit_of_work"] = True
    current.info.pop("after_commit", None)
    current.info.pop(FORESEEN, None)
    try:
        with _write_turn(), _rolled_back_on_error(current):
            current.connection(execution_options={"verbindplaats_write": True})
            yield current
            current.commit()
    finally:
        current.info.pop("in_unit_of_work", None)
        current.info.pop(FORESEEN, None)
        actions = current.info.pop("after_commit", {})
    for action in actions.values():
        action()
