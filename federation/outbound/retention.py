"""What is given up, and what is forgotten: now and then, between deliveries.

A delivery that waits behind a silent host is given up after 14 days (a vote after 7) like one that
was tried; finished deliveries, with their attempts, and votes are kept for 30 days (federation.md
section 3.1), everything else as long as what it is about.
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import and_, delete, or_, select, update

from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.core.metrics import DELIVERIES
from federation.models.delivery import Delivery, DeliveryState
from federation.models.failing_inbox import FailingInbox
from federation.models.outbox_activity import Lane, OutboxActivity
from federation.transport.backoff import GIVE_UP_AFTER, GIVE_UP_VOTES_AFTER

KEPT_FOR: Final = timedelta(days=30)
TIDY_EVERY: Final = timedelta(minutes=10)
AT_ONCE: Final = 2000
NO_SYNC: Final = {"synchronize_session": False}

_tidied: dict[Path, datetime] = {}


def tidy_when_due(data_dir: Path) -> None:
    """Expire and forget, at most once in ten minutes per process."""
    now, last = utcnow(), _tidied.get(data_dir)
    if last is not None and timedelta() <= now - last < TIDY_EVERY:
        return
    _tidied[data_dir] = now
    with unit_of_work():
        expire_deliveries()
        forget_finished()


def expire_deliveries() -> None:
    """Give up what has waited for 14 days, votes for 7, tried or not (contract.md, "Promises")."""
    now = utcnow()
    is_old_vote = and_(Delivery.lane == Lane.VOTES, Delivery.made_at < now - GIVE_UP_VOTES_AFTER)
    expired = session().execute(
        update(Delivery)
        .where(Delivery.state == DeliveryState.WAITING)
        .where(or_(Delivery.made_at < now - GIVE_UP_AFTER, is_old_vote))
        .values(state=DeliveryState.EXPIRED, done_at=now, next_attempt_at=now, lease_until=None)
        .returning(Delivery.id)
        .execution_options(**NO_SYNC)
    )
    DELIVERIES.labels(DeliveryState.EXPIRED).inc(len(expired.all()))


def forget_finished() -> None:
    """Delete finished deliveries and votes of more than 30 days ago, some at a time."""
    before = utcnow() - KEPT_FOR
    finished = [state for state in DeliveryState if state != DeliveryState.WAITING]
    old = (
        select(Delivery.id)
        .where(Delivery.state.in_(finished), Delivery.next_attempt_at < before)
        .limit(AT_ONCE)
    )
    session().execute(delete(Delivery).where(Delivery.id.in_(old)).execution_options(**NO_SYNC))
    votes = (
        select(OutboxActivity.id)
        .where(OutboxActivity.lane == Lane.VOTES, OutboxActivity.made_at < before)
        .limit(AT_ONCE)
    )
    session().execute(
        delete(OutboxActivity).where(OutboxActivity.id.in_(votes)).execution_options(**NO_SYNC)
    )
    session().execute(
        delete(FailingInbox).where(FailingInbox.failed_on < before).execution_options(**NO_SYNC)
    )
