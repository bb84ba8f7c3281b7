"""`serve --single`: the worker's drains as threads of the web process, for a demo or a test."""

import importlib
import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from flask import Flask

from app.core.db import unit_of_work
from app.core.leases import free_all_leases
from app.core.tasks import DRAINS, PERIODIC, Doorbell, Queue

log = logging.getLogger(__name__)
LOOK_SECONDS: Final = 1.0


def start_drains(app: Flask) -> list[threading.Thread]:
    """Let a thread per queue drain it whenever `wake` rings, and every second.

    One thread does what is done now and then. A queue that waits for a slow peer holds up no other.
    """
    with app.app_context(), unit_of_work():
        free_all_leases()  # a process that was killed may have held some; we are alone
    bells = {queue: threading.Event() for queue in Queue}
    app.extensions["doorbell"] = Doorbell(lambda _task, queue: bells[queue].set())
    threads = [
        threading.Thread(target=_drain, args=(app, queue, bells[queue]), name=f"drain-{queue}")
        for queue in Queue
    ]
    threads.append(threading.Thread(target=_run_periodic, args=(app,), name="periodic"))
    for thread in threads:
        thread.daemon = True
        thread.start()
    return threads


def _find_task(path: str) -> Callable[[], object]:
    module, _, name = path.rpartition(".")
    run: Callable[[], object] = getattr(importlib.import_module(module), name).run
    return run


def _drain(app: Flask, queue: Queue, rung: threading.Event) -> None:
    run = _find_task(DRAINS[queue])
    while True:
        rung.wait(LOOK_SECONDS)
        rung.clear()
        _try(app, run, DRAINS[queue])


def _run_periodic(app: Flask) -> None:
    due = {path: time.monotonic() + seconds for path, (_queue, seconds) in PERIODIC.items()}
    while True:
        time.sleep(LOOK_SECONDS)
        for path, at in due.items():
            if time.monotonic() >= at:
                due[path] = time.monotonic() + PERIODIC[path][1]
                _try(app, _find_task(path), path)


def _try(app: Flask, run: Callable[[], object], name: str) -> None:
    """Run a task inside the application's context; whatever happens, it is tried again."""
    try:
        with app.app_context():
            run()
    except Exception:
        log.exception("%s failed; it is tried again", name)
