"""The queue in front of SQLite's write lock."""

import fcntl
import os
import threading
from pathlib import Path

from flask import Flask
from sqlalchemy.exc import OperationalError

from app.core.db import unit_of_work
from app.core.site import find_fact, remember_fact
from app.core.write_turn import STREAK_SECONDS, WriteTurn
from tests.support.server import wait_until

WRITERS = 8
WRITES = 40


def _is_taken(database: Path) -> bool:
    """Whether another process would have to wait."""
    descriptor = os.open(f"{database}-turn", os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)


def test_other_processes_wait_while_the_turn_is_taken(tmp_path: Path) -> None:
    database = tmp_path / "a.sqlite"

    with WriteTurn(database).taken():
        during = _is_taken(database)

    assert during
    assert not _is_taken(database)


def test_second_thread_waits_for_the_first(tmp_path: Path) -> None:
    turn = WriteTurn(tmp_path / "a.sqlite")
    order: list[str] = []

    def write() -> None:
        with turn.taken():
            order.append("second")

    with turn.taken():
        second = threading.Thread(target=write)
        second.start()
        second.join(0.05)
        order.append("first")
    second.join(10)

    assert order == ["first", "second"]


def test_nobody_wants_the_turn_of_who_is_alone(tmp_path: Path) -> None:
    turn = WriteTurn(tmp_path / "a.sqlite")

    with turn.taken():
        assert not turn.is_wanted()


def test_a_waiting_thread_is_noticed(tmp_path: Path) -> None:
    turn = WriteTurn(tmp_path / "a.sqlite")

    def write() -> None:
        with turn.taken():
            pass

    with turn.taken():
        second = threading.Thread(target=write)
        second.start()
        wait_until(turn.is_wanted)
    second.join(10)

    assert not turn.is_wanted()


def test_a_waiting_process_is_noticed(tmp_path: Path) -> None:
    ours, theirs = WriteTurn(tmp_path / "a.sqlite"), WriteTurn(tmp_path / "a.sqlite")

    def write() -> None:
        with theirs.taken():
            pass

    with ours.taken():
        second = threading.Thread(target=write)
        second.start()
        wait_until(ours.is_wanted)
    second.join(10)

    assert not ours.is_wanted()


def test_whoever_waits_in_vain_goes_on_without(tmp_path: Path) -> None:
    turn = WriteTurn(tmp_path / "a.sqlite", patience=0.01)

    with turn.taken(), turn.taken():
        pass

    assert not _is_taken(tmp_path / "a.sqlite")


def test_process_keeps_its_turn_while_its_own_threads_wait_but_not_for_long(
    tmp_path: Path,
) -> None:
    database = tmp_path / "a.sqlite"
    turn = WriteTurn(database)
    other_waits, other_done = threading.Event(), threading.Event()

    def write() -> None:
        while not other_done.is_set():
            with turn.taken():
                other_waits.set()

    def write_elsewhere() -> None:
        descriptor = os.open(f"{database}-turn", os.O_RDWR | os.O_CREAT)
        other_waits.wait(10)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        other_done.set()
        os.close(descriptor)

    threads = [threading.Thread(target=write) for _ in range(4)]
    threads.append(threading.Thread(target=write_elsewhere))
    for thread in threads:
        thread.start()

    assert other_done.wait(STREAK_SECONDS * 50)
    for thread in threads:
        thread.join(10)


def test_unit_of_work_holds_the_turn_and_gives_it_back(app: Flask) -> None:
    database = Path(app.config["VERBINDPLAATS"].data_dir) / "verbindplaats.sqlite"
    if app.config["VERBINDPLAATS"].database_url:
        return

    with app.app_context(), unit_of_work():
        during = _is_taken(database)

    assert during
    assert not _is_taken(database)


def test_many_writers_all_get_their_turn(app: Flask) -> None:
    faults: list[OperationalError] = []

    def write(name: str) -> None:
        try:
            for number in range(WRITES):
                with app.app_context(), unit_of_work():
                    remember_fact(name, str(number))
        except OperationalError as error:
            faults.append(error)

    threads = [threading.Thread(target=write, args=(f"writer-{n}",)) for n in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    with app.app_context():
        assert [find_fact(f"writer-{n}") for n in range(WRITERS)] == [str(WRITES - 1)] * WRITERS
