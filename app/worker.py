"""Celery's entry point: the visible list of task modules and what runs when."""

import sys
from collections.abc import Callable, Mapping
from threading import Thread
from typing import Any, Final

from celery import Celery
from celery.beat import EmbeddedService, Scheduler
from celery.signals import worker_ready
from flask import Flask

from app.core.db import session, unit_of_work
from app.core.housekeeping import tidy_up
from app.core.leases import free_all_leases
from app.core.mail_tasks import send_due_mails
from app.core.settings import Settings
from app.core.tasks import CELERY_EXTENSION, DRAINS, PERIODIC, Queue
from app.factory import create_app
from app.forum.tasks import sweep_bans
from federation.dereference.claims import check_claims
from federation.dereference.follower_checks import check_followers
from federation.dereference.history_tasks import read_history, reconcile
from federation.dereference.inboxes import check_missing_inboxes
from federation.dereference.tasks import fetch_due, refresh_stale_actors
from federation.inbound.tasks import apply_inbox
from federation.outbound.tasks import ask_again, deliver_due
from feeds.ingest.tasks import fetch_due_feeds

# Every task a worker knows; DRAINS names them for `wake`, a test holds both together.
TASKS: Final[Mapping[Queue, Callable[[], Any]]] = {
    Queue.INBOX: apply_inbox,
    Queue.DELIVER: deliver_due,
    Queue.FETCH: fetch_due,
    Queue.FEEDS: fetch_due_feeds,
    Queue.DEFAULT: send_due_mails,
}
LOOK_EVERY: Final = {
    Queue.INBOX: 1.0,
    Queue.DELIVER: 1.0,
    Queue.FETCH: 1.0,
    Queue.FEEDS: 10.0,
    Queue.DEFAULT: 5.0,
}
# Named in PERIODIC; imported so that a worker knows them.
NOW_AND_THEN: Final = (
    tidy_up,
    sweep_bans,
    refresh_stale_actors,
    read_history,
    reconcile,
    ask_again,
    check_claims,
    check_followers,
    check_missing_inboxes,
)
# As many as may wait for others at the same time: what applies, sends, fetches, looks up, reads
# groups, reads feeds, mails, and one of those of `federation/dereference/turns.py`.
CONCURRENCY: Final = 8
HINT_EXPIRES_SECONDS: Final = 10
PERIODIC_EXPIRES_SECONDS: Final = 60


def schedule() -> dict[str, dict[str, object]]:
    """Return the beat schedule: look at every queue, and tidy up."""
    entries: dict[str, dict[str, object]] = {
        f"look-{queue}": {
            "task": DRAINS[queue],
            "schedule": seconds,
            "options": {"queue": queue.value, "expires": HINT_EXPIRES_SECONDS},
        }
        for queue, seconds in LOOK_EVERY.items()
    }
    for task, (queue, seconds) in PERIODIC.items():
        entries[task] = {
            "task": task,
            "schedule": seconds,
            "options": {"queue": queue.value, "expires": PERIODIC_EXPIRES_SECONDS},
        }
    return entries


def make_worker(settings: Settings) -> tuple[Flask, Celery]:
    """Return the application and its Celery, ready to work or to schedule."""
    app = create_app(settings)
    celery = app.extensions[CELERY_EXTENSION]
    assert isinstance(celery, Celery)
    celery.conf.beat_schedule = schedule()
    return app, celery


def run_worker(settings: Settings, *, is_alone: bool, with_scheduler: bool) -> None:
    """Work until told to stop; alone on its data, it frees what a killed worker had leased."""
    app, celery = make_worker(settings)
    if is_alone:
        with app.app_context(), unit_of_work():
            free_all_leases()
            session().flush()
    if with_scheduler:
        worker_ready.connect(_start_scheduler(celery), weak=False)
    worker = celery.Worker(  # not through its command line, whose shell costs 10 MB
        pool_cls="threads",
        concurrency=CONCURRENCY,
        queues=[queue.value for queue in Queue],
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        loglevel="WARNING",
        quiet=True,
    )
    worker.start()
    sys.exit(worker.exitcode)


def _start_scheduler(celery: Celery) -> Callable[..., None]:
    def start(**_: object) -> None:
        service = EmbeddedService(celery, thread=True, scheduler_cls=Scheduler, max_interval=1)
        assert isinstance(service, Thread)
        service.start()

    return start


def run_scheduler(settings: Settings) -> None:
    """Send hints until told to stop; for production, one per installation."""
    _, celery = make_worker(settings)
    scheduler = "celery.beat:Scheduler"
    celery.Beat(loglevel="WARNING", scheduler_cls=scheduler, max_interval=1, quiet=True).run()
