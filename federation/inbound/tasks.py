"""Applying what has arrived: one applier at a time, in the order of arrival."""

import time
import uuid
from functools import partial

from celery import shared_task
from sqlalchemy import select

from app.core.clock import utcnow
from app.core.db import is_write_wanted, session, unit_of_work
from app.core.leases import give_back_lease, take_lease
from app.forum.services.locking import has_one_writer
from federation.inbound.dispatch import Outcome, apply_row, write_outcomes
from federation.inbound.foreseeing import read_ahead
from federation.models.inbox_activity import InboxActivity, InboxState
from federation.provenance import settling

LEASE = "inbox"
BATCH = 20
WIDE_BATCH = 40  # where others can write meanwhile
SMALL_BATCH = 4  # while others wait to write
BATCH_SECONDS = 0.1
AFTER_YOU_SECONDS = 0.001
RENEW_EVERY = 20


@shared_task(name="federation.inbound.tasks.apply_inbox")
def apply_inbox() -> int:
    """Apply everything that is due, and return how many rows that were.

    Whoever does not get the lease leaves the work to who has it.
    """
    holder, applied, batches = uuid.uuid4().hex, 0, 0
    full = size = BATCH if has_one_writer() else WIDE_BATCH
    if not take_lease(LEASE, holder):
        return 0
    try:
        while count := _apply_batch(size):
            applied, batches, size = applied + count, batches + 1, full
            if is_write_wanted():
                size = SMALL_BATCH
                time.sleep(AFTER_YOU_SECONDS)  # or the turn is ours again before they wake up
            if batches % RENEW_EVERY == 0 and not take_lease(LEASE, holder):
                break
    finally:
        give_back_lease(LEASE, holder)
    return applied


def _apply_batch(size: int) -> int:
    """Apply up to `size` rows in one transaction, fewer when somebody else waits to write."""
    deadline, count = time.monotonic() + BATCH_SECONDS, 0
    with unit_of_work():
        due = select(InboxActivity).where(
            InboxActivity.state == InboxState.WAITING, InboxActivity.next_attempt_at <= utcnow()
        )
        rows = session().scalars(due.order_by(InboxActivity.id).limit(size)).all()
        documents = read_ahead(rows)
        outcomes: list[Outcome] = []
        for row in rows:
            if row.state == InboxState.WAITING:  # an earlier row may have undone this one
                with settling(partial(write_outcomes, outcomes)):
                    outcome = apply_row(row, documents.get(row.id))
                outcomes += [] if outcome is None else [outcome]
            count += 1
            is_wanted = count % SMALL_BATCH == 0 and is_write_wanted()
            if is_wanted or time.monotonic() > deadline:
                break
        write_outcomes(outcomes)
    return count
