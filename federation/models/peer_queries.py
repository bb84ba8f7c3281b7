"""How each server is doing, for administrators: what waits for it, and what it refuses."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, case, func, select

from app.core.clock import utcnow
from app.core.db import session
from federation.models.delivery import Delivery, DeliveryState
from federation.models.outbox_activity import Lane, OutboxActivity
from federation.models.peer import Dialect, Peer

REFUSALS_COUNTED: Final = timedelta(days=1)
REFUSES_ALL: Final = 0.95  # share of 4xx above which a server is shown to administrators
LEAST_ANSWERS: Final = 20  # fewer say nothing
BAD_REQUEST: Final = 400
SERVER_ERROR: Final = 500


@dataclass(frozen=True)
class PeerState:
    """One server; `oldest` is when the oldest waiting activity was made.

    `control`, `content` and `votes` are what waits per lane, together `waiting`. `taken` and
    `refused` (4xx) count the deliveries of the last 24 hours. `dialect` is what counts,
    `set_dialect` what an administrator said.
    """

    host: str
    software: str | None
    version: str | None
    dialect: str
    waiting: int
    oldest: datetime | None
    succeeded_at: datetime | None
    heard_at: datetime | None
    failing_since: datetime | None
    retry_at: datetime | None
    last_error: str | None
    set_dialect: str | None = None
    scheme: str | None = None
    control: int = 0
    content: int = 0
    votes: int = 0
    taken: int = 0
    refused: int = 0
    failing_days: int = 0
    quarantined_at: datetime | None = None

    @property
    def answers(self) -> int:
        """How many deliveries of the last day it took or refused."""
        return self.taken + self.refused

    @property
    def has_a_share(self) -> bool:
        """Whether there were answers enough to speak of a share of them."""
        return self.answers >= LEAST_ANSWERS

    @property
    def refused_share(self) -> float:
        """Which part of the last day's answers was a 4xx, from 0 to 1."""
        return self.refused / self.answers if self.answers else 0.0

    @property
    def refuses_all(self) -> bool:
        """Whether it takes next to nothing of what we send: something is wrong between us."""
        return self.has_a_share and self.refused_share > REFUSES_ALL

    @property
    def took_nothing(self) -> bool:
        """Whether it answered on the last day, and refused each time."""
        return self.refused > 0 and self.taken == 0


def list_peer_states() -> list[PeerState]:
    """Return all servers we have to do with, those with trouble first, then by name."""
    return _states(_statement().order_by(Peer.failing_since.is_(None), Peer.host))


def find_peer_state(host: str) -> PeerState | None:
    """Return how one server is doing, or None for one we have nothing to do with."""
    return next(iter(_states(_statement().where(Peer.host == host))), None)


def find_peer(host: str) -> Peer | None:
    """Return the row of a server."""
    return session().get(Peer, host)


def count_deliveries() -> dict[str, int]:
    """Return how many deliveries are in each state."""
    rows = session().execute(select(Delivery.state, func.count()).group_by(Delivery.state))
    return {state: count for state, count in rows}  # noqa: C416  rows are not typed as pairs


def find_software_of(host: str) -> str | None:
    """Return what a server runs, as far as we asked it before."""
    return session().scalar(select(Peer.software).where(Peer.host == host))


def find_took_nothing(hosts: Collection[str]) -> set[str]:
    """Return who of these refused all of what everybody may read that they answered in a day."""
    is_taken = Delivery.state == DeliveryState.DONE
    is_refusal = Delivery.last_status.between(BAD_REQUEST, SERVER_ERROR - 1)
    found = session().scalars(
        select(Delivery.host)
        .join(OutboxActivity, OutboxActivity.id == Delivery.outbox_activity_id)
        .where(Delivery.host.in_(hosts), OutboxActivity.is_public.is_(True))
        .where(is_taken | ((Delivery.state == DeliveryState.DROPPED) & is_refusal))
        .where(Delivery.next_attempt_at > utcnow() - REFUSALS_COUNTED)  # when it was finished
        .group_by(Delivery.host)
        .having(func.sum(case((is_taken, 1), else_=0)) == 0)
    )
    return set(found)


def _statement() -> Select[*tuple[object, ...]]:
    def of_lane(lane: Lane) -> object:
        return func.sum(case((Delivery.lane == lane, 1), else_=0)).label(lane.name.lower())

    waiting = (
        select(
            Delivery.host,
            func.count().label("waiting"),
            func.min(Delivery.made_at).label("oldest"),
            *(of_lane(lane) for lane in Lane),
        )
        .where(Delivery.state == DeliveryState.WAITING)
        .group_by(Delivery.host)
        .subquery()
    )
    is_refusal = Delivery.last_status.between(BAD_REQUEST, SERVER_ERROR - 1)
    is_taken = Delivery.state == DeliveryState.DONE
    answered = (
        select(
            Delivery.host,
            func.sum(case((is_taken, 1), else_=0)).label("taken"),
            func.sum(case((~is_taken & is_refusal, 1), else_=0)).label("refused"),
        )
        .where(Delivery.state.in_([DeliveryState.DONE, DeliveryState.DROPPED]))
        .where(Delivery.next_attempt_at > utcnow() - REFUSALS_COUNTED)  # when it was finished
        .group_by(Delivery.host)
        .subquery()
    )
    columns = [*waiting.c[1:], *answered.c[1:]]
    return (
        select(Peer, *columns)
        .outerjoin(waiting, waiting.c.host == Peer.host)
        .outerjoin(answered, answered.c.host == Peer.host)
    )


def _states(statement: Select[*tuple[object, ...]]) -> list[PeerState]:
    found = []
    for row in session().execute(statement):
        peer = row[0]
        assert isinstance(peer, Peer)
        found.append(
            PeerState(
                host=peer.host,
                software=peer.software,
                version=peer.version,
                dialect=peer.set_dialect or peer.dialect or Dialect.UNKNOWN,
                waiting=row.waiting or 0,
                oldest=row.oldest,
                succeeded_at=peer.succeeded_at,
                heard_at=peer.heard_at,
                failing_since=peer.failing_since,
                retry_at=peer.retry_at,
                last_error=peer.last_error,
                set_dialect=peer.set_dialect,
                scheme=peer.scheme,
                control=row.control or 0,
                content=row.content or 0,
                votes=row.votes or 0,
                taken=row.taken or 0,
                refused=row.refused or 0,
                failing_days=peer.failing_days,
                quarantined_at=peer.quarantined_at,
            )
        )
    return found
