"""Taking deliveries: heads of their threads, few per host, each host by one run at a time.

Several runs (threads, processes, machines) may claim at once. What is leased belongs to a run; a
host at which another run has something leased is left to it, so that order and the number of
connections per host hold across runs. Claims wait for each other: on SQLite for the write turn, on
PostgreSQL for a lock that ends with the transaction; what was found before is checked again then.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Integer,
    Row,
    Select,
    String,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
    update,
)

from app.core.clock import utcnow
from app.core.columns import UtcDateTime
from app.core.db import session
from app.core.metrics import DELIVERIES
from app.moderation.queries import find_refused_hosts
from federation.models.delivery import Delivery, DeliveryDialect, DeliveryState
from federation.models.outbox_activity import OutboxActivity
from federation.models.peer import Dialect, Peer
from federation.outbound.heads import (
    HOST,
    NOW,
    is_free,
    is_head,
    is_proven,
    knows_software,
    moments,
)
from federation.outbound.jobs import Job, Room, UnderWay, suits
from federation.transport.habits import REMEMBERED_FOR

LEASE: Final = timedelta(seconds=60)
PER_PROVEN_HOST: Final = 32  # at most: what is under way, and what is next
PER_UNPROVEN_HOST: Final = 1
HOST_REFUSED: Final = "host-refused"
LANE_STEP: Final = 2**40  # more than there are ids: the lane counts first
CLAIM_LOCK: Final = 0x64656C69766572  # "deliver": the key of PostgreSQL's advisory lock
MINE: Final[BindParameter[str]] = bindparam("mine", expanding=True, type_=String())
FULL: Final[BindParameter[str]] = bindparam("full", expanding=True, type_=String())
HOSTS: Final[BindParameter[str]] = bindparam("hosts", expanding=True, type_=String())
IDS: Final[BindParameter[list[int]]] = bindparam("ids", expanding=True)
PROVEN_ROOM: Final = bindparam("proven_room", type_=Integer())
UNPROVEN_ROOM: Final = bindparam("unproven_room", type_=Integer())
REMEMBERED: Final = bindparam("remembered", type_=UtcDateTime())
NO_SYNC: Final = {"synchronize_session": False}

_Loaded = Row[*tuple[Any, ...]]


def _elsewhere() -> Select[str]:
    """Select the hosts to which other runs are sending."""
    leased = select(Delivery.host).where(
        Delivery.lease_until >= NOW, Delivery.state == DeliveryState.WAITING
    )
    return leased.where(Delivery.host.not_in(MINE))


@cache
def _hosts() -> Select[str, bool]:
    """Select the hosts whose turn it is: new ones before those that failed, then the most urgent.

    Hosts are chosen first, so that ten thousand waiting rows need not be sorted.
    """
    urgency = func.min(cast(Delivery.lane, BigInteger) * LANE_STEP + Delivery.id)
    waiting = (
        select(HOST.label("host"), urgency.label("urgency"))
        .where(is_head())
        .group_by(HOST)
        .subquery()
    )
    proven, failing = is_proven(), Peer.failing_since.is_not(None)
    place = func.row_number().over(partition_by=proven, order_by=(failing, waiting.c.urgency))
    placed = (
        select(waiting.c.host, proven.label("proven"), place.label("place"))
        .outerjoin(Peer, Peer.host == waiting.c.host)
        .where(or_(Peer.retry_at.is_(None), Peer.retry_at <= NOW))
        .where(waiting.c.host.not_in(FULL), waiting.c.host.not_in(_elsewhere()))
        .where(or_(proven, waiting.c.host.not_in(MINE)))
        .subquery()
    )
    most = case(
        (placed.c.proven, bindparam("proven_room", type_=Integer())),
        else_=bindparam("unproven_room", type_=Integer()),
    )
    return select(placed.c.host, placed.c.proven).where(placed.c.place <= most)


@cache
def _due() -> Select[int, str, int]:
    """Select what goes now to these hosts: a few each, the most urgent and oldest first."""
    rank = func.row_number().over(partition_by=Delivery.host, order_by=(Delivery.lane, Delivery.id))
    ranked = (
        select(Delivery.id, Delivery.host, Delivery.lane, rank.label("rank"))
        .where(HOST.in_(HOSTS), is_head())
        .subquery()
    )
    return (
        select(ranked.c.id, ranked.c.host, ranked.c.rank)
        .where(ranked.c.rank <= PER_PROVEN_HOST)
        .order_by(ranked.c.rank, ranked.c.lane, ranked.c.id)
    )


def find_due(room: Room, under_way: UnderWay) -> list[int]:
    """Return which deliveries may go now, what every host gets first in front.

    Hosts to which other runs are sending are left out.
    """
    mine = list(under_way.counts)
    values = {
        **moments(utcnow()),
        "mine": mine,
        "full": [host for host in mine if under_way.free(host) <= 0],
        "proven_room": room.proven,
        "unproven_room": room.unproven,
    }
    hosts = {row[0]: bool(row[1]) for row in session().execute(_hosts(), values)}
    if not hosts:
        return []
    left = {True: room.proven, False: room.unproven}
    found = []
    for row_id, host, rank in session().execute(_due(), {**values, "hosts": list(hosts)}):
        works = hosts[host]
        most = under_way.free(host) if works else PER_UNPROVEN_HOST
        if left[works] > 0 and rank <= most:
            left[works] -= 1
            found.append(row_id)
    return found


def has_lapsed() -> bool:
    """Whether a lease ran out: the run that held it is gone, and may have left a journal."""
    lapsed = Delivery.lease_until < utcnow()
    found = select(Delivery.id).where(lapsed, Delivery.state == DeliveryState.WAITING)
    return session().scalar(found.limit(1)) is not None


def release_deliveries(ids: Sequence[int], until: datetime | None = None) -> None:
    """Give back what was claimed and not begun; `until` when it may go, now by default."""
    session().execute(
        update(Delivery)
        .where(Delivery.id.in_(ids), Delivery.state == DeliveryState.WAITING)
        .values(lease_until=None, next_attempt_at=until or utcnow())
        .execution_options(**NO_SYNC)
    )


def claim_deliveries(ids: Sequence[int], mine: Iterable[str] = ()) -> list[Job]:
    """Lease these deliveries for a minute, as far as they are still free.

    What is for a refused host is dropped instead, and what is not for this class of server skipped.
    """
    if session().get_bind().dialect.name == "postgresql":
        session().execute(select(func.pg_advisory_xact_lock(CLAIM_LOCK)))
    now = utcnow()
    values = {
        **moments(now),
        "ids": list(ids),
        "mine": list(mine),
        "remembered": now - REMEMBERED_FOR,
    }
    rows = session().execute(_taken(), values).all()
    refused = find_refused_hosts({row[1] for row in rows})
    if refused:
        _finish(Delivery.host.in_(refused), DeliveryState.DROPPED, now, HOST_REFUSED)
    jobs = [_job(row, now) for row in rows if row[1] not in refused]
    kept = [job for job in jobs if job.needs_nodeinfo or suits(job.dialect, job.peer_dialect)]
    leased = {job.delivery_id for job in kept}
    if unsuitable := [job.delivery_id for job in jobs if job.delivery_id not in leased]:
        _finish(Delivery.id.in_(unsuitable), DeliveryState.SKIPPED, now, None)
    session().execute(
        update(Delivery)
        .where(Delivery.id.in_(leased))
        .values(lease_until=now + LEASE)
        .execution_options(**NO_SYNC)
    )
    return kept


@cache
def _taken() -> Select[*tuple[Any, ...]]:
    """Select all that is needed to send what is still free of certain deliveries."""
    dialect = func.coalesce(Peer.set_dialect, Peer.dialect, Dialect.UNKNOWN.value)
    return (
        select(
            Delivery.id,
            Delivery.host,
            Delivery.inbox_url,
            OutboxActivity.body,
            OutboxActivity.actor_id,
            Delivery.attempts,
            Delivery.dialect,
            dialect.label("peer_dialect"),
            is_proven().label("is_proven"),
            (~knows_software()).label("needs_nodeinfo"),
            Delivery.lane,
            Peer.software,
            Peer.set_dialect.is_not(None).label("dialect_is_set"),
            OutboxActivity.tells_followers,
            Delivery.signed_by,
            Delivery.last_status,
            case(
                (Peer.scheme_at > bindparam("remembered", type_=UtcDateTime()), Peer.scheme)
            ).label("scheme"),
        )
        .join(OutboxActivity, OutboxActivity.id == Delivery.outbox_activity_id)
        .outerjoin(Peer, Peer.host == Delivery.host)
        .where(Delivery.id.in_(IDS), is_free())
        .where(Delivery.host.not_in(_elsewhere()))
        .order_by(Delivery.lane, Delivery.id)
    )


def _job(row: _Loaded, now: datetime) -> Job:
    return Job(
        delivery_id=row.id,
        host=row.host,
        url=row.inbox_url,
        body=row.body,
        actor_id=row.actor_id,
        attempts=row.attempts,
        dialect=DeliveryDialect(row.dialect),
        peer_dialect=Dialect(row.peer_dialect),
        is_proven=bool(row.is_proven),
        needs_nodeinfo=bool(row.needs_nodeinfo),
        leased_until=now + LEASE,
        lane=row.lane,
        dialect_is_set=bool(row.dialect_is_set),
        synchronizes=bool(row.tells_followers),
        software=row.software,
        scheme=row.scheme,
        signed_by=row.signed_by,
        last_status=row.last_status,
    )


def _finish(
    condition: ColumnElement[bool], state: DeliveryState, now: datetime, why: str | None
) -> None:
    """End what waits without sending it."""
    ended = session().execute(
        update(Delivery)
        .where(condition, Delivery.state == DeliveryState.WAITING)
        .values(state=state, last_error=why, done_at=now, next_attempt_at=now, lease_until=None)
        .returning(Delivery.id)
        .execution_options(**NO_SYNC)
    )
    DELIVERIES.labels(state).inc(len(ended.all()))
