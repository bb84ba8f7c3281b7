"""`unit_of_work`: all or nothing, fresh reads, what waits for the commit, and writers in turn."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from app.core.db import after_commit, db, session, unit_of_work
from app.core.site import SiteFact, find_fact, remember_fact


def stored(app: Flask, name: str) -> str | None:
    """What another connection sees."""
    with app.app_context(), db.engine.connect() as connection:
        found: str | None = connection.scalar(
            text("SELECT value FROM site_fact WHERE name = :name"), {"name": name}
        )
        return found


def elsewhere(app: Flask, action: Callable[[], None]) -> None:
    """Do something in another thread, with a session of its own."""

    def run() -> None:
        with app.app_context():
            action()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result(30)


def write(name: str, value: str) -> None:
    with unit_of_work():
        remember_fact(name, value)


def test_what_is_done_inside_is_stored(app: Flask, ctx: AppContext) -> None:
    write("kleur", "groen")

    assert stored(app, "kleur") == "groen"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_error_undoes_everything(
    app: Flask, ctx: AppContext, error: type[BaseException]
) -> None:
    def fail() -> None:
        with unit_of_work():
            remember_fact("kleur", "groen")
            session().flush()
            raise error

    with pytest.raises(error):
        fail()

    assert stored(app, "kleur") is None
    write("kleur", "rood")
    assert stored(app, "kleur") == "rood"


def test_an_inner_unit_joins_the_outer_one(app: Flask, ctx: AppContext) -> None:
    def fail() -> None:
        with unit_of_work():
            with unit_of_work():
                remember_fact("kleur", "groen")
            assert stored(app, "kleur") is None
            raise ValueError("undone")

    with pytest.raises(ValueError, match="undone"):
        fail()

    assert stored(app, "kleur") is None


def test_a_refused_commit_undoes_everything(app: Flask, ctx: AppContext) -> None:
    write("kleur", "groen")

    def fail() -> None:
        with unit_of_work():
            remember_fact("vorm", "rond")
            session().add(SiteFact(name="kleur", value="rood"))

    with pytest.raises(IntegrityError):
        fail()

    assert stored(app, "vorm") is None


def test_an_error_of_the_database_tells_no_values(ctx: AppContext) -> None:
    write("kleur", "groen")

    with pytest.raises(IntegrityError) as told, unit_of_work():
        session().add(SiteFact(name="kleur", value="geheim"))

    assert "geheim" not in str(told.value)


def test_actions_run_once_each_and_only_after_the_commit(app: Flask, ctx: AppContext) -> None:
    seen: list[str | None] = []

    with unit_of_work():
        remember_fact("kleur", "groen")
        for _ in range(3):
            after_commit(lambda: seen.append(stored(app, "kleur")), key="look")
        with unit_of_work():
            after_commit(lambda: seen.append("inner"), key="inner")
        before = list(seen)

    assert before == []
    assert seen == ["groen", "inner"]


def test_actions_of_what_failed_never_run(ctx: AppContext) -> None:
    seen: list[str] = []

    def fail() -> None:
        with unit_of_work():
            after_commit(lambda: seen.append("ran"), key="look")
            raise ValueError("undone")

    with pytest.raises(ValueError, match="undone"):
        fail()
    write("kleur", "groen")

    assert seen == []


def test_an_action_may_open_a_unit_of_its_own(app: Flask, ctx: AppContext) -> None:
    with unit_of_work():
        after_commit(lambda: write("kleur", "groen"), key="write")

    assert stored(app, "kleur") == "groen"


def test_what_was_read_before_is_read_anew(app: Flask, ctx: AppContext) -> None:
    write("kleur", "groen")
    assert find_fact("kleur") == "groen"
    elsewhere(app, lambda: write("kleur", "rood"))

    with unit_of_work():
        found = find_fact("kleur")

    assert found == "rood"


def test_a_unit_takes_the_write_lock_at_once_and_a_look_does_not(
    app: Flask, ctx: AppContext
) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no such lock")
    begun: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("BEGIN"):
            begun.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    find_fact("kleur")
    with unit_of_work():
        pass

    assert begun == ["BEGIN", "BEGIN IMMEDIATE"]


def test_a_second_writer_waits_for_the_first_and_builds_on_what_it_did(
    app: Flask, ctx: AppContext
) -> None:
    write("teller", "0")
    inside, go_on = threading.Event(), threading.Event()

    def count(*, slowly: bool) -> None:
        with app.app_context(), unit_of_work():
            session().execute(text("SELECT 1"))
            row = session().get_one(SiteFact, "teller", with_for_update=True)
            if slowly:
                inside.set()
                assert go_on.wait(10)
            row.value = str(int(row.value) + 1)

    first = threading.Thread(target=count, kwargs={"slowly": True})
    second = threading.Thread(target=count, kwargs={"slowly": False})
    first.start()
    assert inside.wait(10)
    second.start()
    second.join(0.3)
    waited = second.is_alive()
    go_on.set()
    first.join(10)
    second.join(10)

    assert waited
    assert stored(app, "teller") == "2"


def test_a_reader_does_not_wait_for_a_writer(app: Flask, ctx: AppContext) -> None:
    write("kleur", "groen")

    with unit_of_work():
        remember_fact("kleur", "rood")
        session().flush()
        found = stored(app, "kleur")

    assert found == "groen"


def test_many_writers_at_once_lose_nothing(app: Flask, ctx: AppContext) -> None:
    write("teller", "0")

    def count() -> None:
        with app.app_context():
            for _ in range(10):
                with unit_of_work():
                    row = session().get_one(SiteFact, "teller", with_for_update=True)
                    row.value = str(int(row.value) + 1)

    threads = [threading.Thread(target=count) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert stored(app, "teller") == "60"
