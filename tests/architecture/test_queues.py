"""Every queue has a task that drains it, a worker that consumes it and a beat that looks."""

import inspect

from celery import current_app as current_celery

from app import worker
from app.core.tasks import DRAINS, ROUTES, Queue


def test_worker_drains_every_queue_with_the_task_that_hints_name() -> None:
    names = {queue: task.name for queue, task in worker.TASKS.items()}

    assert names == DRAINS
    assert set(names) == set(Queue)


def test_worker_consumes_every_queue() -> None:
    source = inspect.getsource(worker.run_worker)

    assert "queues=[queue.value for queue in Queue]" in source


def test_beat_looks_at_every_queue() -> None:
    entries = worker.schedule()

    assert {f"look-{queue}" for queue in Queue} <= set(entries)
    assert set(worker.LOOK_EVERY) == set(Queue)


def test_beat_starts_tasks_that_exist() -> None:
    wanted = {str(entry["task"]) for entry in worker.schedule().values()}

    assert wanted <= set(current_celery.tasks)


def test_hints_go_to_the_queue_of_their_task() -> None:
    default = {"queue": Queue.DEFAULT.value}
    routed = {
        queue: ROUTES.get(f"{name.rpartition('.')[0]}.*", default)["queue"]
        for queue, name in DRAINS.items()
    }

    assert routed == {queue: queue.value for queue in Queue}
