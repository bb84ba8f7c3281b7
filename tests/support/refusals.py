"""REFUSE(n): a status, and nothing else changed; a test that checks only the status is no test."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import inspect, select
from werkzeug.test import TestResponse

from app.core.db import Base, db, session
from tests.support.fediverse import FakeFediverse

# Bookkeeping that a refused request may move: when a key was last asked for anew.
NOT_COMPARED = {"actor.key_refetched_at"}


def snapshot() -> dict[str, str]:
    """Return a digest per table of everything that is stored."""
    session().rollback()
    session().expire_all()
    found: dict[str, str] = {}
    with db.engine.connect() as connection:
        made = set(inspect(connection).get_table_names())
        for table in (t for name, t in Base.metadata.tables.items() if name in made):
            columns = [c for c in table.columns if f"{table.name}.{c.name}" not in NOT_COMPARED]
            rows = connection.execute(select(*columns).order_by(*table.primary_key)).all()
            found[table.name] = hashlib.sha256(repr(rows).encode()).hexdigest()
    return found


class Refusal:
    """What happened inside `refusing`."""

    def __init__(self) -> None:
        self.answer: TestResponse | None = None


@contextmanager
def refusing(
    app: Flask, fediverse: FakeFediverse, status: int, *, fetches: int | None = None
) -> Iterator[Refusal]:
    """Require that what is answered inside has this status and leaves no trace.

    No row is inserted or changed, no queue is woken, and at most the named fetches were made.
    """
    rung: list[object] = []

    class Bell:
        def ring(self, queue: object) -> None:
            rung.append(queue)

    app.extensions["doorbell"] = Bell()
    before, asked = snapshot(), fediverse.fetches
    seen = Refusal()
    yield seen
    after = snapshot()
    app.extensions.pop("doorbell", None)
    assert seen.answer is not None
    assert seen.answer.status_code == status, seen.answer.text
    changed = [name for name in after if after[name] != before[name]]
    assert changed == []
    assert rung == []
    if fetches is not None:
        assert fediverse.fetches - asked == fetches
    if status >= 400:
        assert seen.answer.content_type == "application/problem+json"
        assert seen.answer.json is not None
        assert seen.answer.json["reason"]
