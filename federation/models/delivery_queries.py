"""What waits for a server and what failed there, attempt by attempt; and how late it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.core.clock import utcnow
from app.core.db import session
from federation.models.delivery import Delivery, DeliveryState
from federation.models.delivery_attempt import DeliveryAttempt
from federation.models.outbox_activity import OutboxActivity
from federation.models.peer import Peer

FAILED: Final = (DeliveryState.DROPPED, DeliveryState.EXPIRED)
SHOWN: Final = 100
LATE_AFTER_SECONDS: Final = 60
_WITH_ACTIVITY: Final = select(Delivery).options(
    joinedload(Delivery.activity).load_only(
        OutboxActivity.type, OutboxActivity.object_uri, OutboxActivity.public_id
    )
)


@dataclass(frozen=True)
class Trace:
    """One delivery with what was tried; the newest attempt last."""

    delivery: Delivery
    attempts: tuple[DeliveryAttempt, ...]

    @property
    def is_waiting(self) -> bool:
        """Whether it will be tried (again)."""
        return self.delivery.state == DeliveryState.WAITING


@dataclass(frozen=True)
class Lateness:
    """How late a server is with what everybody may read; `oldest` is None when nothing waits."""

    host: str
    software: str | None
    waiting: int
    oldest: datetime | None
    failing_since: datetime | None
    succeeded_at: datetime | None

    @property
    def seconds(self) -> int:
        """For how long the oldest has waited."""
        return 0 if self.oldest is None else int((utcnow() - self.oldest).total_seconds())

    @property
    def state(self) -> str:
        """In one word: ok, late, silent, or unknown while nothing was ever taken there."""
        if self.failing_since is not None:
            return "silent"
        if self.seconds > LATE_AFTER_SECONDS:
            return "late"
        return "ok" if self.succeeded_at is not None else "unknown"


def list_waiting(host: str) -> list[Trace]:
    """Return what waits for a host, in the order in which it goes; a hundred at most."""
    waiting = _WITH_ACTIVITY.where(Delivery.host == host, Delivery.state == DeliveryState.WAITING)
    return _traces(
        list(session().scalars(waiting.order_by(Delivery.lane, Delivery.id).limit(SHOWN)))
    )


def list_failed(host: str) -> list[Trace]:
    """Return what was given up for a host, the newest first; a hundred at most."""
    failed = _WITH_ACTIVITY.where(Delivery.host == host, Delivery.state.in_(FAILED))
    newest = failed.order_by(Delivery.id.desc()).limit(SHOWN)
    return _traces(list(session().scalars(newest)))


def find_delivery(row_id: int) -> Delivery | None:
    """Return one delivery."""
    return session().get(Delivery, row_id)


def list_lateness() -> list[Lateness]:
    """Return every server that gets what everybody may read, by name; nothing else counts."""
    of_host = (
        select(Delivery.id)
        .join(OutboxActivity, OutboxActivity.id == Delivery.outbox_activity_id)
        .where(Delivery.host == Peer.host, OutboxActivity.is_public.is_(True))
    )
    waiting = (
        select(
            Delivery.host,
            func.count().label("waiting"),
            func.min(Delivery.made_at).label("oldest"),
        )
        .join(OutboxActivity, OutboxActivity.id == Delivery.outbox_activity_id)
        .where(Delivery.state == DeliveryState.WAITING, OutboxActivity.is_public.is_(True))
        .group_by(Delivery.host)
        .subquery()
    )
    rows = session().execute(
        select(
            Peer.host,
            Peer.software,
            waiting.c.waiting,
            waiting.c.oldest,
            Peer.failing_since,
            Peer.succeeded_at,
        )
        .outerjoin(waiting, waiting.c.host == Peer.host)
        .where(of_host.exists())
        .order_by(Peer.host)
    )
    return [Lateness(row[0], row[1], row[2] or 0, row[3], row[4], row[5]) for row in rows]


def _traces(deliveries: list[Delivery]) -> list[Trace]:
    attempts: dict[int, list[DeliveryAttempt]] = {delivery.id: [] for delivery in deliveries}
    for attempt in session().scalars(
        select(DeliveryAttempt)
        .where(DeliveryAttempt.delivery_id.in_(attempts))
        .order_by(DeliveryAttempt.id)
    ):
        attempts[attempt.delivery_id].append(attempt)
    return [Trace(delivery, tuple(attempts[delivery.id])) for delivery in deliveries]
