"""Which deliveries may go now: due, first of their thread there, not too many per host."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, and_, func, or_, select, update
from sqlalchemy.orm import aliased

from app.core.clock import utcnow
from app.core.db import session
from federation.models.actor import Actor
from federation.models.delivery import Delivery, DeliveryDialect, DeliveryState
from federation.models.outbox_activity import OutboxActivity
from federation.models.peer import Dialect, Peer

LEASE: Final = timedelta(seconds=60)
PER_PROVEN_HOST: Final = 8
PER_UNPROVEN_HOST: Final = 1


@dataclass(frozen=True)
class Job:
    """All a sending thread needs; no row, no session."""

    delivery_id: int
    host: str
    url: str
    body: bytes
    actor_id: int
    attempts: int
    dialect: DeliveryDialect
    peer_dialect: Dialect
    is_proven: bool
    needs_nodeinfo: bool


def _due(now: datetime, excluded: Iterable[str]) -> Select[tuple[int]]:
    earlier = aliased(Delivery)
    has_earlier = (
        select(earlier.id)
        .where(
            earlier.host == Delivery.host,
            earlier.order_key == Delivery.order_key,
            earlier.state == DeliveryState.WAITING,
            earlier.id < Delivery.id,
        )
        .exists()
    )
    proven = and_(Peer.succeeded_at.is_not(None), Peer.failing_since.is_(None))
    rank = func.row_number().over(partition_by=Delivery.host, order_by=(Delivery.lane, Delivery.id))
    ranked = (
        select(
            Delivery.id,
            Delivery.lane,
            rank.label("rank"),
            func.coalesce(proven, False).label("proven"),
        )
        .outerjoin(Peer, Peer.host == Delivery.host)
        .where(
            Delivery.state == DeliveryState.WAITING,
            Delivery.next_attempt_at <= now,
            or_(Delivery.lease_until.is_(None), Delivery.lease_until < now),
            or_(Peer.retry_at.is_(None), Peer.retry_at <= now),
            Delivery.host.not_in(list(excluded)),
            ~has_earlier,
        )
        .subquery()
    )
    return (
        select(ranked.c.id)
        .where(
            or_(
                ranked.c.rank <= PER_UNPROVEN_HOST,
                and_(ranked.c.proven, ranked.c.rank <= PER_PROVEN_HOST),
            )
        )
        .order_by(ranked.c.lane, ranked.c.id)
    )


def claim_deliveries(limit: int, busy_hosts: Iterable[str]) -> list[Job]:
    """Lease up to `limit` deliveries, none to a host that is busy; oldest and most urgent first."""
    now = utcnow()
    ids = list(session().scalars(_due(now, busy_hosts).limit(limit)))
    if not ids:
        return []
    session().execute(
        update(Delivery)
        .where(Delivery.id.in_(ids))
        .values(lease_until=now + LEASE)
        .execution_options(synchronize_session=False)
    )
    rows = session().execute(
        select(
            Delivery.id,
            Delivery.host,
            Delivery.inbox_url,
            OutboxActivity.body,
            OutboxActivity.actor_id,
            Delivery.attempts,
            Delivery.dialect,
            Peer,
        )
        .join(OutboxActivity, OutboxActivity.id == Delivery.outbox_activity_id)
        .join(Actor, Actor.id == OutboxActivity.actor_id)
        .outerjoin(Peer, Peer.host == Delivery.host)
        .where(Delivery.id.in_(ids))
        .order_by(Delivery.lane, Delivery.id)
    )
    return [
        Job(
            delivery_id=row[0],
            host=row[1],
            url=row[2],
            body=row[3],
            actor_id=row[4],
            attempts=row[5],
            dialect=DeliveryDialect(row[6]),
            peer_dialect=Dialect(row[7].dialect) if row[7] else Dialect.UNKNOWN,
            is_proven=bool(row[7] and row[7].succeeded_at and row[7].failing_since is None),
            needs_nodeinfo=row[7] is None or row[7].nodeinfo_at is None,
        )
        for row in rows
    ]
