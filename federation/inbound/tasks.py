"""Applying what has arrived: one applier at a time, in the order of arrival."""

import time
import uuid

from celery import shared_task
from sqlalchemy import select

from app.core.clock import utcnow
from app.core.db import is_write_wanted, session, unit_of_work
from app.core.leases import give_back_lease, take_lease
from federation.inbound.dispatch import apply_row
from federation.models.inbox_activity import InboxActivity, InboxState

LEASE = "inbox"
BATCH = 64
BATCH_SECONDS = 0.05
AFTER_YOU_SECONDS = 0.001
RENEW_EVERY = 20


@shared_task(name="federation.inbound.tasks.apply_inbox")
def apply_inbox() -> int:
    """Apply everything that is due, and return how many rows that were.

    Whoever does not get the lease leaves the work to who has it.
    """
    holder, applied, batches = uuid.uuid4().hex, 0, 0
    if not take_lease(LEASE, holder):
        return 0
    try:
        while count := _apply_batch():
            applied, batches = applied + count, batches + 1
            if batches % RENEW_EVERY == 0 and not take_lease(LEASE, holder):
                break
    finally:
        give_back_lease(LEASE, holder)
    return applied


def _apply_batch() -> int:
    """Apply some rows in one transaction; a short one when somebody else waits to write."""
    deadline, count, is_wanted = time.monotonic() + BATCH_SECONDS, 0, False
    with unit_of_work():
        due = select(InboxActivity).where(
            InboxActivity.state == InboxState.WAITING, InboxActivity.next_attempt_at <= utcnow()
        )
        rows = session().scalars(due.order_by(InboxActivity.id).limit(BATCH)).all()
        for row in rows:
            if row.state == InboxState.WAITING:  # an earlier row may have undone this one
                apply_row(row)
            count += 1
            is_wanted = is_write_wanted()
            if is_wanted or time.monotonic() > deadline:
                break
    if is_wanted:
        time.sleep(AFTER_YOU_SECONDS)  # or we would have the turn again before they wake up
    return count
