"""Reading remote groups and their threads in the background: one run at a time, a few at once.

The rows are the truth (`CommunityBackfill`, `ThreadCheck`); the beat looks every two seconds, and
every ten minutes whether it is night.
"""

import logging
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from celery import shared_task
from flask import Flask
from flask.globals import app_ctx
from sqlalchemy import select, update

from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.core.leases import give_back_lease, take_lease
from app.core.settings import Federation, current_settings
from federation.dereference.backfill import advance
from federation.dereference.postponing import postpone
from federation.dereference.reconcile import start_nightly_round
from federation.dereference.threads import advance_check
from federation.errors import UnavailableError
from federation.models.backfill import BackfillState, CommunityBackfill, ThreadCheck
from federation.transport.client import ActivityClient, activity_client

log = logging.getLogger(__name__)
NAME: Final = "history"
ROW_LEASE: Final = timedelta(seconds=60)
PARALLEL: Final = 4
RUN_SECONDS: Final = 45.0

RowModel = type[CommunityBackfill] | type[ThreadCheck]


@dataclass(frozen=True)
class Job:
    """One step to do: of which kind of row, which one, and how."""

    model: RowModel
    row_id: int
    run: Callable[[int, ActivityClient], None]


@shared_task(name="federation.dereference.history_tasks.read_history")
def read_history() -> int:
    """Do what is due, for at most three quarters of a minute; return how many steps that were."""
    holder, done, until = uuid.uuid4().hex, 0, time.monotonic() + RUN_SECONDS
    if current_settings().federation == Federation.OFF or not _is_due():
        return 0
    if not take_lease(NAME, holder):
        return 0
    app = app_ctx.app
    try:
        with ThreadPoolExecutor(PARALLEL) as pool:
            while time.monotonic() < until and (jobs := _claim()):
                list(pool.map(_run, [app] * len(jobs), jobs, [activity_client()] * len(jobs)))
                done += len(jobs)
                if not take_lease(NAME, holder):
                    break
    finally:
        give_back_lease(NAME, holder)
    return done


@shared_task(name="federation.dereference.history_tasks.reconcile")
def reconcile() -> None:
    """Have every followed group compared with its home, once a night."""
    if current_settings().federation != Federation.OFF:
        start_nightly_round()


def _is_due() -> bool:
    """Whether there is anything to do; without it nothing is written."""
    now = utcnow()
    return any(
        session().scalar(
            select(model.id)
            .where(model.state == BackfillState.WAITING, model.next_attempt_at <= now)
            .limit(1)
        )
        for model in (CommunityBackfill, ThreadCheck)
    )


def _claim() -> list[Job]:
    """Take some due rows for a minute; groups go before threads."""
    groups = _take(CommunityBackfill, PARALLEL)
    threads = _take(ThreadCheck, PARALLEL - len(groups))
    return [
        *(Job(CommunityBackfill, row_id, advance) for row_id in groups),
        *(Job(ThreadCheck, row_id, advance_check) for row_id in threads),
    ]


def _take(model: RowModel, limit: int) -> list[int]:
    if not limit:
        return []
    now = utcnow()
    due = (
        select(model.id)
        .where(model.state == BackfillState.WAITING, model.next_attempt_at <= now)
        .where(model.lease_until.is_(None) | (model.lease_until < now))
        .order_by(model.next_attempt_at, model.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    with unit_of_work():
        taken = session().execute(
            update(model)
            .where(model.id.in_(due.scalar_subquery()))
            .values(lease_until=now + ROW_LEASE)
            .returning(model.id)
            .execution_options(synchronize_session=False)
        )
        return sorted(taken.scalars())


def _run(app: Flask, job: Job, client: ActivityClient) -> None:
    """Do one step with a session of its own; whatever goes wrong, the others go on."""
    with app.app_context():
        try:
            job.run(job.row_id, client)
        except Exception as error:
            log.exception("reading a remote group failed unexpectedly")
            session().rollback()
            _put_off(job, type(error).__name__)


def _put_off(job: Job, reason: str) -> None:
    """Try again later, and give up after some times; the row may be gone."""
    with unit_of_work():
        row = session().get(job.model, job.row_id)
        if not isinstance(row, CommunityBackfill | ThreadCheck):
            return
        later = postpone(row.attempts, UnavailableError(reason))
        row.attempts, row.next_attempt_at, row.reason = later.attempts, later.at, reason
        row.lease_until = None
        if later.is_given_up:
            row.state = BackfillState.FAILED
