"""Which deliveries may go now: due, first of their thread there, not too many per host."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    and_,
    case,
    cast,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased

from app.core.clock import utcnow
from app.core.db import session
from app.core.metrics import DELIVERIES
from app.moderation.queries import find_refused_hosts
from federation.discovery.nodeinfo import LOOK_AGAIN_AFTER
from federation.models.delivery import Delivery, DeliveryDialect, DeliveryState
from federation.models.outbox_activity import OutboxActivity
from federation.models.peer import Dialect, Peer

LEASE: Final = timedelta(seconds=60)
PER_PROVEN_HOST: Final = 8
PER_UNPROVEN_HOST: Final = 1
ASK_UNKNOWN_AGAIN_AFTER: Final = timedelta(hours=1)
HOST_REFUSED: Final = "host-refused"
# Not the bare column, or SQLite reads a host's finished deliveries too, by the index on hosts.
HOST: Final = Delivery.host.concat("")
LANE_STEP: Final = 2**40  # more than there are ids: the lane counts first


@dataclass(frozen=True)
class Room:
    """How many deliveries may be taken on: for hosts that answer, and for all others."""

    proven: int
    unproven: int


@dataclass(frozen=True)
class Job:
    """All a sending thread needs; no row, no session. `attempts` were made before this one."""

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


def _knows_software(now: datetime) -> ColumnElement[bool]:
    """Condition: what the host runs was looked up lately; one that would not say is asked hourly.

    Until a host took something for the first time, it is asked before every attempt: it may have
    been down when it was asked.
    """
    return func.coalesce(
        or_(
            and_(Peer.software.is_not(None), Peer.nodeinfo_at > now - LOOK_AGAIN_AFTER),
            and_(Peer.succeeded_at.is_not(None), Peer.nodeinfo_at > now - ASK_UNKNOWN_AGAIN_AFTER),
        ),
        False,
    )


def _is_proven(now: datetime) -> ColumnElement[bool]:
    """Condition: the host answered the last time, and nothing has to be asked first."""
    works = and_(Peer.succeeded_at.is_not(None), Peer.failing_since.is_(None))
    return case((and_(works, _knows_software(now)), True), else_=False)


def _is_head(now: datetime) -> ColumnElement[bool]:
    """Condition: due, not leased, and first of its thread at its host."""
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
    return and_(
        Delivery.state == DeliveryState.WAITING,
        Delivery.next_attempt_at <= now,
        or_(Delivery.lease_until.is_(None), Delivery.lease_until < now),
        ~has_earlier,
    )


def _hosts(now: datetime, excluded: Iterable[str], room: Room) -> Select[str, bool]:
    """Select the hosts whose turn it is: new ones before those that failed, then the most urgent.

    Hosts are chosen first, so that ten thousand waiting rows need not be sorted.
    """
    urgency = func.min(cast(Delivery.lane, BigInteger) * LANE_STEP + Delivery.id)
    waiting = (
        select(HOST.label("host"), urgency.label("urgency"))
        .where(_is_head(now))
        .group_by(HOST)
        .subquery()
    )
    proven, failing = _is_proven(now), Peer.failing_since.is_not(None)
    place = func.row_number().over(partition_by=proven, order_by=(failing, waiting.c.urgency))
    placed = (
        select(waiting.c.host, proven.label("proven"), place.label("place"))
        .outerjoin(Peer, Peer.host == waiting.c.host)
        .where(or_(Peer.retry_at.is_(None), Peer.retry_at <= now))
        .where(waiting.c.host.not_in(list(excluded)))
        .subquery()
    )
    return select(placed.c.host, placed.c.proven).where(
        placed.c.place <= case((placed.c.proven, room.proven), else_=room.unproven)
    )


def _due(now: datetime, hosts: Iterable[str]) -> Select[int, str, int]:
    """Select what goes now to these hosts: a few each, the most urgent and oldest first."""
    rank = func.row_number().over(partition_by=Delivery.host, order_by=(Delivery.lane, Delivery.id))
    ranked = (
        select(Delivery.id, Delivery.host, Delivery.lane, rank.label("rank"))
        .where(HOST.in_(list(hosts)), _is_head(now))
        .subquery()
    )
    return (
        select(ranked.c.id, ranked.c.host, ranked.c.rank)
        .where(ranked.c.rank <= PER_PROVEN_HOST)
        .order_by(ranked.c.lane, ranked.c.id)
    )


def find_due(room: Room, busy_hosts: Iterable[str]) -> list[int]:
    """Return which deliveries may go now, none to a busy host; the most urgent and oldest first."""
    now = utcnow()
    hosts = {row[0]: bool(row[1]) for row in session().execute(_hosts(now, busy_hosts, room))}
    if not hosts:
        return []
    left = {True: room.proven, False: room.unproven}
    found = []
    for row_id, host, rank in session().execute(_due(now, hosts)):
        is_proven = hosts[host]
        if left[is_proven] > 0 and (is_proven or rank <= PER_UNPROVEN_HOST):
            left[is_proven] -= 1
            found.append(row_id)
    return found


def claim_deliveries(ids: Sequence[int]) -> list[Job]:
    """Lease these deliveries for a minute; what is for a refused host is dropped instead."""
    now = utcnow()
    rows = _load(ids, now)
    refused = find_refused_hosts({row[1] for row in rows})
    if refused:
        _drop(refused, now)
    kept = [_job(row) for row in rows if row[1] not in refused]
    session().execute(
        update(Delivery)
        .where(Delivery.id.in_([job.delivery_id for job in kept]))
        .values(lease_until=now + LEASE)
        .execution_options(synchronize_session=False)
    )
    return kept


def _load(
    ids: Sequence[int], now: datetime
) -> Sequence[Row[int, str, str, bytes, int, int, str, str | None, bool, bool]]:
    statement = (
        select(
            Delivery.id,
            Delivery.host,
            Delivery.inbox_url,
            OutboxActivity.body,
            OutboxActivity.actor_id,
            Delivery.attempts,
            Delivery.dialect,
            Peer.dialect,
            _is_proven(now),
            ~_knows_software(now),
        )
        .join(OutboxActivity, OutboxActivity.id == Delivery.outbox_activity_id)
        .outerjoin(Peer, Peer.host == Delivery.host)
        .where(Delivery.id.in_(ids), Delivery.state == DeliveryState.WAITING)
        .where(or_(Delivery.lease_until.is_(None), Delivery.lease_until < now))
        .order_by(Delivery.lane, Delivery.id)
    )
    return session().execute(statement).all()


def _job(row: Row[int, str, str, bytes, int, int, str, str | None, bool, bool]) -> Job:
    return Job(
        delivery_id=row[0],
        host=row[1],
        url=row[2],
        body=row[3],
        actor_id=row[4],
        attempts=row[5],
        dialect=DeliveryDialect(row[6]),
        peer_dialect=Dialect(row[7] or Dialect.UNKNOWN),
        is_proven=bool(row[8]),
        needs_nodeinfo=bool(row[9]),
    )


def _drop(hosts: set[str], now: datetime) -> None:
    """Give up what waits for hosts with which nothing may be exchanged any more."""
    dropped = session().execute(
        update(Delivery)
        .where(Delivery.host.in_(hosts), Delivery.state == DeliveryState.WAITING)
        .values(state=DeliveryState.DROPPED, last_error=HOST_REFUSED, done_at=now, lease_until=None)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    DELIVERIES.labels(DeliveryState.DROPPED).inc(len(dropped.all()))
