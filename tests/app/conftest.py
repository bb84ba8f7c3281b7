"""What tests of the site share: reading anew what requests wrote, counting statements."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import event

from app.core.db import db, session

CountStatements = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def reread(ctx: AppContext) -> Callable[[], None]:
    """See what requests have written since: forget what the test's own session read before."""

    def forget() -> None:
        session().rollback()
        session().expire_all()

    return forget


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
