"""Background work: the rows are the truth, a Celery message only says "look".

A listener calls `wake(Queue.X)`; after the commit one hint is sent, and the worker drains whatever
rows are due. A lost hint costs a second: the beat looks as well (ADR 0002).
"""

import logging
import time
from collections.abc import Callable
from enum import StrEnum
from threading import Lock
from typing import Any

from celery import Celery, Task
from flask import Flask, current_app

from app.core import hint_transport
from app.core.db import after_commit
from app.core.settings import Settings

log = logging.getLogger(__name__)
HINT_EXPIRES_SECONDS = 60
HINT_SPACING_SECONDS = 0.15


class Queue(StrEnum):
    """The five queues a worker consumes."""

    INBOX = "inbox"
    DELIVER = "deliver"
    FETCH = "fetch"
    FEEDS = "feeds"
    DEFAULT = "default"


# Which task drains a queue, by Celery name; a test holds every name against the worker's list.
DRAINS: dict[Queue, str] = {
    Queue.INBOX: "federation.inbound.tasks.apply_inbox",
    Queue.DELIVER: "federation.outbound.tasks.deliver_due",
    Queue.FETCH: "federation.dereference.tasks.fetch_due",
    Queue.FEEDS: "feeds.ingest.tasks.fetch_due_feeds",
    Queue.DEFAULT: "app.core.mail_tasks.send_due_mails",
}
# What else is done now and then, by Celery name: its queue, and every how many seconds.
PERIODIC: dict[str, tuple[Queue, float]] = {
    "app.core.housekeeping.tidy_up": (Queue.DEFAULT, 600.0),  # decides itself whether it is time
    "app.forum.tasks.sweep_bans": (Queue.DEFAULT, 10.0),
    "federation.dereference.tasks.refresh_stale_actors": (Queue.FETCH, 300.0),
    "federation.dereference.history_tasks.read_history": (Queue.FETCH, 2.0),
    "federation.dereference.history_tasks.reconcile": (Queue.FETCH, 600.0),
    "federation.dereference.follower_checks.check_followers": (Queue.FETCH, 60.0),
    "federation.dereference.claims.check_claims": (Queue.FETCH, 30.0),
    "federation.dereference.inboxes.check_missing_inboxes": (Queue.FETCH, 300.0),
    "federation.outbound.tasks.ask_again": (Queue.DELIVER, 60.0),
}
ROUTES: dict[str, dict[str, str]] = {
    "federation.inbound.tasks.*": {"queue": Queue.INBOX.value},
    "federation.outbound.tasks.*": {"queue": Queue.DELIVER.value},
    "federation.dereference.tasks.*": {"queue": Queue.FETCH.value},
    "federation.dereference.history_tasks.*": {"queue": Queue.FETCH.value},
    "federation.dereference.follower_checks.*": {"queue": Queue.FETCH.value},
    "federation.dereference.claims.*": {"queue": Queue.FETCH.value},
    "federation.dereference.inboxes.*": {"queue": Queue.FETCH.value},
    "feeds.ingest.tasks.*": {"queue": Queue.FEEDS.value},
}


class Doorbell:
    """Sends hints, at most one per queue in a short while: a flood of rows is one ring."""

    def __init__(self, send: Callable[[str, Queue], None]) -> None:
        self._send = send
        self._last: dict[Queue, float] = {}
        self._lock = Lock()

    def ring(self, queue: Queue) -> None:
        """Send a hint for `queue` unless one has just been sent; never raises."""
        now = time.monotonic()
        with self._lock:
            if now - self._last.get(queue, -1.0) < HINT_SPACING_SECONDS:
                return
            self._last[queue] = now
        try:
            self._send(DRAINS[queue], queue)
        except Exception:
            log.warning("no hint sent for queue %s; the beat will look", queue, exc_info=True)


def wake(queue: Queue) -> None:
    """After the commit, tell a worker that rows of `queue` are due."""
    bell = current_app.extensions.get("doorbell")
    if bell is not None:
        after_commit(lambda: bell.ring(queue), key=f"wake:{queue}")


CELERY_EXTENSION = "celery"


def install_doorbell(app: Flask, settings: Settings) -> None:
    """Give the application its Celery, and let `wake` reach the workers."""
    celery = make_celery(app, settings)
    app.extensions[CELERY_EXTENSION] = celery

    def send(task: str, queue: Queue) -> None:
        celery.send_task(task, queue=queue.value, expires=HINT_EXPIRES_SECONDS, ignore_result=True)

    app.extensions["doorbell"] = Doorbell(send)


def make_celery(app: Flask, settings: Settings) -> Celery[Any]:
    """Return a Celery bound to the settings' broker; tasks run inside the application's context."""

    class AppTask(Task[Any, Any]):
        """A task with the application's context around it."""

        def __call__(self, *args: Any, **kwargs: Any) -> object:
            with app.app_context():
                return self.run(*args, **kwargs)

    celery = Celery("verbindplaats", task_cls=AppTask)
    celery.set_default()
    celery.conf.update(
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_acks_late=True,
        task_publish_retry=False,  # nobody waits for a broker that is away: the beat looks
        task_routes=ROUTES,
        task_default_queue=Queue.DEFAULT.value,
        worker_redirect_stdouts=False,
        worker_hijack_root_logger=False,
        worker_enable_remote_control=False,
        worker_prefetch_multiplier=1,
        broker_connection_retry_on_startup=True,
        broker_transport_options=_transport_options(settings),
        broker_url=hint_transport.broker_url()
        if settings.is_embedded_broker
        else settings.broker_url,
    )
    return celery


def _transport_options(settings: Settings) -> dict[str, object]:
    if not settings.is_embedded_broker:
        return {"visibility_timeout": 120, "socket_connect_timeout": 2, "socket_timeout": 5}
    folder = settings.data_dir / "queue"
    for name in ("hints", "control"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    hints = str(folder / "hints")
    return {
        "data_folder_in": hints,
        "data_folder_out": hints,
        "control_folder": str(folder / "control"),
        "store_processed": False,
        "polling_interval": 0.1,
    }
