"""Threads that arrive together share one transaction, and each gets its own answer."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from app.core.db import db, session, unit_of_work
from federation.errors import RefusedError
from federation.inbound.arrivals import Arrival, Arrivals
from federation.models.inbox_activity import InboxActivity
from tests.support.server import wait_until


def arrival(number: int) -> Arrival:
    uri = f"https://peer.test/activities/{number}"
    return Arrival(uri, "peer.test", "https://peer.test/u/anna", "Like", b"{}")


def stored(app: Flask) -> list[str]:
    with app.app_context():
        return sorted(session().scalars(select(InboxActivity.activity_uri)))


@contextmanager
def commits(app: Flask) -> Iterator[list[object]]:
    """Count the transactions that are committed."""
    seen: list[object] = []
    with app.app_context():
        engine = db.engine
    note = seen.append
    event.listen(engine, "commit", note)
    yield seen
    event.remove(engine, "commit", note)


def store_together(
    app: Flask, door: Arrivals, *wanted: tuple[Arrival, Callable[[], None] | None]
) -> list[Future[bool]]:
    """Let the first thread hold the door until all the others wait behind it."""
    with ThreadPoolExecutor(len(wanted) + 1) as pool:

        def wait_for_all() -> None:
            wait_until(lambda: len(door._waiting) == len(wanted))

        def store(one: Arrival, note: Callable[[], None] | None) -> bool:
            with app.app_context():
                return door.store(one, note)

        holder = pool.submit(store, arrival(0), wait_for_all)
        wait_until(lambda: door._is_storing and not door._waiting)
        answers = [pool.submit(store, one, note) for one, note in wanted]
        assert holder.result() is True
    return answers


def test_who_waits_together_is_stored_in_one_transaction(app: Flask) -> None:
    with commits(app) as seen:
        answers = store_together(app, Arrivals(), *((arrival(n), None) for n in range(1, 8)))

    assert [answer.result() for answer in answers] == [True] * 7
    assert len(stored(app)) == 8
    assert len(seen) == 2


def test_one_thing_brought_by_three_threads_is_new_once(app: Flask) -> None:
    answers = store_together(app, Arrivals(), *[(arrival(1), None)] * 3)

    assert sorted(answer.result() for answer in answers) == [False, False, True]
    assert len(stored(app)) == 2


def test_what_is_known_is_told_apart_from_what_is_new(app: Flask) -> None:
    door = Arrivals()
    with app.app_context():
        door.store(arrival(1))

    again, new = store_together(app, door, (arrival(1), None), (arrival(2), None))

    assert (again.result(), new.result()) == (False, True)


def test_a_refusal_concerns_one_thread_alone(app: Flask) -> None:
    def refuse() -> None:
        raise RefusedError("name-taken")

    good, bad = store_together(app, Arrivals(), (arrival(1), None), (arrival(2), refuse))

    assert good.result() is True
    with pytest.raises(RefusedError, match="name-taken"):
        bad.result()
    assert stored(app) == [arrival(0).activity_uri, arrival(1).activity_uri]


def test_when_the_database_fails_nobody_is_told_that_it_is_safe(app: Flask) -> None:
    def fail() -> None:
        raise OperationalError("INSERT", {}, Exception("disk full"))

    answers = store_together(app, Arrivals(), (arrival(1), None), (arrival(2), fail))

    for answer in answers:
        with pytest.raises(OperationalError):
            answer.result()
    assert stored(app) == [arrival(0).activity_uri]


def test_after_a_failure_the_door_opens_again(app: Flask) -> None:
    door = Arrivals()

    def fail() -> None:
        raise OperationalError("INSERT", {}, Exception("disk full"))

    with app.app_context():
        with pytest.raises(OperationalError):
            door.store(arrival(1), fail)
        is_new = door.store(arrival(1))

    assert is_new


def test_inside_a_unit_of_work_it_joins_that_one(app: Flask) -> None:
    with app.app_context(), unit_of_work():
        Arrivals().store(arrival(1))
        session().rollback()

    assert stored(app) == []
