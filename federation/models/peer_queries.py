"""How late each server is: what waits for it, since when."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.core.db import session
from federation.models.delivery import Delivery, DeliveryState
from federation.models.peer import Peer


@dataclass(frozen=True)
class PeerState:
    """One server; `oldest` is when the oldest waiting activity was made."""

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


def list_peer_states() -> list[PeerState]:
    """Return all servers we have to do with, those with trouble first, then by name."""
    waiting = (
        select(
            Delivery.host,
            func.count().label("waiting"),
            func.min(Delivery.made_at).label("oldest"),
        )
        .where(Delivery.state == DeliveryState.WAITING)
        .group_by(Delivery.host)
        .subquery()
    )
    rows = session().execute(
        select(Peer, waiting.c.waiting, waiting.c.oldest)
        .outerjoin(waiting, waiting.c.host == Peer.host)
        .order_by(Peer.failing_since.is_(None), Peer.host)
    )
    return [
        PeerState(
            host=peer.host,
            software=peer.software,
            version=peer.version,
            dialect=peer.dialect,
            waiting=count or 0,
            oldest=oldest,
            succeeded_at=peer.succeeded_at,
            heard_at=peer.heard_at,
            failing_since=peer.failing_since,
            retry_at=peer.retry_at,
            last_error=peer.last_error,
        )
        for peer, count, oldest in rows
    ]


def count_deliveries() -> dict[str, int]:
    """Return how many deliveries are in each state."""
    rows = session().execute(select(Delivery.state, func.count()).group_by(Delivery.state))
    return {state: count for state, count in rows}  # noqa: C416  rows are not typed as pairs


def find_software_of(host: str) -> str | None:
    """Return what a server runs, as far as we asked it before."""
    return session().scalar(select(Peer.software).where(Peer.host == host))
