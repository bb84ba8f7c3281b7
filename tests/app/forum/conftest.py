"""What the forum's tests share: the events that were emitted, the statements that were run."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import event

from app.core.db import db, session
from app.core.events import Event, listen
from app.forum import events

CountStatements = Callable[[], AbstractContextManager[list[str]]]

_heard: list[Event] = []


def remember_event(heard: Event) -> None:
    _heard.append(heard)


@pytest.fixture
def reread(ctx: AppContext) -> Callable[[], None]:
    """See what requests have written since: forget what the test's own session read before."""

    def forget() -> None:
        session().rollback()
        session().expire_all()

    return forget


@pytest.fixture
def heard(ctx: AppContext) -> Iterator[list[Event]]:
    """All events of the forum since the test began."""
    for kind in vars(events).values():
        if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event:
            listen(kind, remember_event)
    _heard.clear()
    yield _heard
    _heard.clear()


@pytest.fixture
def count_statements(app: Flask) -> CountStatements:
    """Collect the SQL statements that run inside a block, without BEGIN and the like."""

    @contextmanager
    def collect() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_c: object, _k: object, statement: str, *_rest: object) -> None:
            if statement.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
                statements.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return collect
