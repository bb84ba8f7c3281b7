"""`serve --single`: the worker's drains as one thread of the web process, for a demo or a test."""

import importlib
import logging
import threading
from typing import Final

from flask import Flask

from app.core.tasks import DRAINS, Doorbell, Queue

log = logging.getLogger(__name__)
LOOK_SECONDS: Final = 1.0


def start_drains(app: Flask) -> threading.Thread:
    """Let a thread drain all queues whenever `wake` rings, and every second."""
    rung = threading.Event()
    app.extensions["doorbell"] = Doorbell(lambda _task, _queue: rung.set())

    def run() -> None:
        while True:
            rung.wait(LOOK_SECONDS)
            rung.clear()
            for queue in Queue:
                _drain(app, queue)

    thread = threading.Thread(target=run, name="drains", daemon=True)
    thread.start()
    return thread


def _drain(app: Flask, queue: Queue) -> None:
    module, _, name = DRAINS[queue].rpartition(".")
    task = getattr(importlib.import_module(module), name)
    try:
        with app.app_context():
            task.run()
    except Exception:
        log.exception("the drain of %s failed; it is tried again", queue)
