"""The doorbell: a flood of rows is one ring, after the commit, and no ring is no harm."""

import importlib
import logging
import threading
from pathlib import Path

import pytest
from flask import Flask
from flask.ctx import AppContext

from app.core import tasks
from app.core.db import unit_of_work
from app.core.tasks import DRAINS, HINT_SPACING_SECONDS, PERIODIC, Doorbell, Queue, wake
from app.worker import LOOK_EVERY, NOW_AND_THEN, TASKS, make_worker, schedule
from tests.support.database import make_settings


class Bell:
    """Remembers what was rung."""

    def __init__(self) -> None:
        self.rung: list[tuple[str, Queue]] = []

    def send(self, task: str, queue: Queue) -> None:
        self.rung.append((task, queue))


@pytest.fixture
def bell(app: Flask, ctx: AppContext) -> Bell:
    made = Bell()
    app.extensions["doorbell"] = Doorbell(made.send)
    return made


def test_a_ring_comes_after_the_commit_and_once(bell: Bell) -> None:
    with unit_of_work():
        wake(Queue.INBOX)
        wake(Queue.INBOX)
        wake(Queue.DELIVER)
        before = list(bell.rung)

    assert before == []
    assert bell.rung == [
        ("federation.inbound.tasks.apply_inbox", Queue.INBOX),
        ("federation.outbound.tasks.deliver_due", Queue.DELIVER),
    ]


def test_what_was_undone_rings_no_bell(bell: Bell) -> None:
    def fail() -> None:
        with unit_of_work():
            wake(Queue.INBOX)
            raise ValueError("undone")

    with pytest.raises(ValueError, match="undone"):
        fail()

    assert bell.rung == []


def test_without_a_bell_nothing_happens(ctx: AppContext) -> None:
    with unit_of_work():
        wake(Queue.INBOX)


def test_many_threads_at_once_ring_each_bell_once() -> None:
    made, start = Bell(), threading.Barrier(16)
    doorbell = Doorbell(made.send)

    def ring() -> None:
        start.wait(10)
        for queue in Queue:
            doorbell.ring(queue)

    threads = [threading.Thread(target=ring) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert sorted(queue for _, queue in made.rung) == sorted(Queue)


def test_after_a_moment_it_can_be_rung_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made, seconds = Bell(), [100.0]
    monkeypatch.setattr(tasks.time, "monotonic", lambda: seconds[0])
    doorbell = Doorbell(made.send)

    doorbell.ring(Queue.INBOX)
    seconds[0] += HINT_SPACING_SECONDS / 2
    doorbell.ring(Queue.INBOX)
    seconds[0] += HINT_SPACING_SECONDS
    doorbell.ring(Queue.INBOX)

    assert len(made.rung) == 2


def test_a_broker_that_is_away_spoils_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def fail(_task: str, _queue: Queue) -> None:
        raise OSError("no broker")

    with caplog.at_level(logging.WARNING):
        Doorbell(fail).ring(Queue.INBOX)

    assert "the beat will look" in caplog.text


def test_nobody_waits_long_for_a_broker_that_is_away(tmp_path: Path) -> None:
    _, celery = make_worker(make_settings(tmp_path, broker_url="redis://127.0.0.1:1/0"))

    assert celery.conf.task_publish_retry is False
    assert celery.conf.broker_transport_options["socket_connect_timeout"] <= 2


def test_names_of_tasks_are_those_the_worker_knows() -> None:
    assert {queue: task.name for queue, task in TASKS.items()} == DRAINS
    assert {task.name for task in NOW_AND_THEN} == set(PERIODIC)


@pytest.mark.parametrize("path", [*DRAINS.values(), *PERIODIC])
def test_a_task_stands_where_its_name_says(path: str) -> None:
    module, _, name = path.rpartition(".")

    assert getattr(importlib.import_module(module), name).name == path


def test_every_queue_is_looked_at_and_what_is_periodic_is_scheduled() -> None:
    entries = schedule()

    assert set(LOOK_EVERY) == set(Queue)
    assert all(seconds <= 10 for seconds in LOOK_EVERY.values())
    assert {entry["task"] for entry in entries.values()} == {*DRAINS.values(), *PERIODIC}
    assert all(entry["options"]["expires"] for entry in entries.values())
