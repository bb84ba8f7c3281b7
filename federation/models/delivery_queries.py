"""What waits for a server and what failed there, attempt by attempt; and how late it is."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Subquery, and_, case, func, literal, or_, select
from sqlalchemy.orm import joinedload

from app.core.clock import utcnow
from app.core.columns import UtcDateTime
from app.core.db import session
from app.core.pages import EPOCH
from app.moderation.queries import exchanged_hosts
from federation.models.delivery import Delivery, DeliveryState
from federation.models.delivery_attempt import DeliveryAttempt
from federation.models.outbox_activity import OutboxActivity
from federation.models.peer import Peer
from federation.models.peer_queries import find_took_nothing

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
    """How late a server is with what everybody may read; `oldest` is None when nothing waits.

    `took_nothing`: it answered on the last day, and refused each time.
    """

    host: str
    software: str | None
    waiting: int
    oldest: datetime | None
    failing_since: datetime | None
    succeeded_at: datetime | None
    took_nothing: bool = False

    @property
    def seconds(self) -> int:
        """For how long the oldest has waited."""
        return 0 if self.oldest is None else int((utcnow() - self.oldest).total_seconds())

    @property
    def state(self) -> str:
        """In one word: silent, refusing, late, ok, or unknown: it never took anything."""
        if self.failing_since is not None:
            return "silent"
        if self.took_nothing:
            return "refusing"
        if self.seconds > LATE_AFTER_SECONDS:
            return "late"
        return "ok" if self.succeeded_at is not None else "unknown"


@dataclass(frozen=True)
class Place:
    """Where a server stands in the list: how troubled it is, since when, and its name."""

    rank: int
    since: datetime
    host: str


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


def count_lateness() -> int:
    """Return how many servers get what everybody may read."""
    return session().scalar(select(func.count()).select_from(Peer).where(*_told())) or 0


def list_lateness(size: int, after: Place | None = None) -> list[tuple[Place, Lateness]]:
    """Return servers that get what everybody may read, each with its place in the list.

    Who is silent comes first, the longest first, then who is late, then the others by name. `after`
    is the place of the last one on the page before.
    """
    waiting = _waiting()
    is_late = waiting.c.oldest < utcnow() - timedelta(seconds=LATE_AFTER_SECONDS)
    is_silent = Peer.failing_since.is_not(None)
    rank = case((is_silent, 0), (is_late, 1), else_=2)
    since = case(
        (is_silent, Peer.failing_since),
        (is_late, waiting.c.oldest),
        else_=literal(EPOCH, UtcDateTime()),
    )
    statement = (
        select(Peer, waiting.c.waiting, waiting.c.oldest, rank, since)
        .outerjoin(waiting, waiting.c.host == Peer.host)
        .where(*_told())
        .order_by(rank, since, Peer.host)
        .limit(size)
    )
    if after is not None:
        statement = statement.where(_comes_after(rank, since, after))
    return _mark_refusing([_lateness(*row) for row in session().execute(statement)])


def _comes_after(
    rank: ColumnElement[int], since: ColumnElement[datetime], after: Place
) -> ColumnElement[bool]:
    return or_(
        rank > after.rank,
        and_(rank == after.rank, since > after.since),
        and_(rank == after.rank, since == after.since, Peer.host > after.host),
    )


def _mark_refusing(found: list[tuple[Place, Lateness]]) -> list[tuple[Place, Lateness]]:
    refusing = find_took_nothing([place.host for place, _ in found])
    return [(place, replace(one, took_nothing=place.host in refusing)) for place, one in found]


def _waiting() -> Subquery:
    """Return how much of what everybody may read waits for each server, and since when."""
    return (
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


def _lateness(
    peer: Peer, waiting: int | None, oldest: datetime | None, rank: int, since: datetime
) -> tuple[Place, Lateness]:
    state = (peer.failing_since, peer.succeeded_at)
    found = Lateness(peer.host, peer.software, waiting or 0, oldest, *state)
    return Place(rank, since, peer.host), found


def _told() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Conditions on Peer: it is sent what everybody may read, and not refused."""
    sent = (
        select(Delivery.id)
        .join(OutboxActivity, OutboxActivity.id == Delivery.outbox_activity_id)
        .where(Delivery.host == Peer.host, OutboxActivity.is_public.is_(True))
    )
    return sent.exists(), exchanged_hosts(Peer.host)


def _traces(deliveries: list[Delivery]) -> list[Trace]:
    attempts: dict[int, list[DeliveryAttempt]] = {delivery.id: [] for delivery in deliveries}
    for attempt in session().scalars(
        select(DeliveryAttempt)
        .where(DeliveryAttempt.delivery_id.in_(attempts))
        .order_by(DeliveryAttempt.id)
    ):
        attempts[attempt.delivery_id].append(attempt)
    return [Trace(delivery, tuple(attempts[delivery.id])) for delivery in deliveries]
