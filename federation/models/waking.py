"""What waits for a host that shows a sign of life, or rests with it: its deliveries."""

from datetime import datetime
from http import HTTPStatus
from typing import Final

from sqlalchemy import ColumnElement, and_, or_, true, update

from app.core.db import session
from federation.models.delivery import Delivery, DeliveryState
from federation.models.peer import Peer

SERVER_ERROR: Final = int(HTTPStatus.INTERNAL_SERVER_ERROR)


def wake_host(peer: Peer, now: datetime) -> None:
    """Let all that waits for a host be due (contract.md, "Promises"); inside a unit of work."""
    if peer.retry_at is not None and peer.retry_at > now:
        peer.retry_at = now
    _wake(peer.host, now, true())


def wake_resting(host: str, failures: int, now: datetime) -> None:
    """Let what rested with its host be due now that it works again.

    What failed oftener than the host itself did has trouble of its own, and keeps its pause.
    """
    is_hosts = or_(Delivery.last_status.is_(None), Delivery.last_status >= SERVER_ERROR)
    _wake(host, now, and_(Delivery.attempts <= failures, is_hosts))


def _wake(host: str, now: datetime, condition: ColumnElement[bool]) -> None:
    session().execute(
        update(Delivery)
        .where(Delivery.host == host, Delivery.state == DeliveryState.WAITING)
        .where(Delivery.next_attempt_at > now, condition)
        .values(next_attempt_at=now)
        .execution_options(synchronize_session=False)
    )


def rest_host(host: str, until: datetime) -> None:
    """Let all that waits for a host rest with it, so that nobody looks at it before then."""
    session().execute(
        update(Delivery)
        .where(Delivery.host == host, Delivery.state == DeliveryState.WAITING)
        .where(Delivery.next_attempt_at < until, Delivery.lease_until.is_(None))
        .values(next_attempt_at=until)
        .execution_options(synchronize_session=False)
    )
