"""What administrators may do with deliveries: try again, give up, say what a server is."""

from sqlalchemy import ColumnElement, update

from app.core.clock import utcnow
from app.core.db import session
from app.core.tasks import Queue, wake
from federation.models.delivery import Delivery, DeliveryState
from federation.models.delivery_queries import FAILED
from federation.models.peer import Dialect, Peer
from federation.models.waking import wake_host

DROPPED_BY_HAND = "dropped-by-hand"


def retry_delivery(delivery: Delivery) -> None:
    """Let a delivery go now, also one that was given up; what is done stays done."""
    if delivery.state == DeliveryState.WAITING or delivery.state in FAILED:
        _let_go(Delivery.id == delivery.id)
        peer = session().get(Peer, delivery.host)
        if peer is not None and peer.retry_at is not None:
            peer.retry_at = utcnow()


def retry_host(peer: Peer) -> None:
    """Let all that waits for a server go now, and what was given up as it did not answer."""
    wake_host(peer, utcnow())
    _let_go((Delivery.host == peer.host) & (Delivery.state == DeliveryState.EXPIRED))


def drop_delivery(delivery: Delivery) -> None:
    """Give up what waits; what is under way at this moment may still arrive."""
    if delivery.state == DeliveryState.WAITING:
        now = utcnow()
        delivery.state, delivery.last_error = DeliveryState.DROPPED, DROPPED_BY_HAND
        delivery.done_at, delivery.next_attempt_at, delivery.lease_until = now, now, None


def set_dialect(peer: Peer, dialect: Dialect | None) -> None:
    """Say in which form a server is told things, whatever it says it runs; None: as it says."""
    peer.set_dialect = dialect


def _let_go(condition: ColumnElement[bool]) -> None:
    """Make deliveries due; one that was given up begins anew, or it would expire at once."""
    now = utcnow()
    again = {"state": DeliveryState.WAITING, "next_attempt_at": now, "done_at": None}
    for is_over, values in (
        (Delivery.state.in_(FAILED), {**again, "made_at": now, "lease_until": None}),
        (Delivery.state == DeliveryState.WAITING, {"next_attempt_at": now}),
    ):
        session().execute(
            update(Delivery)
            .where(condition, is_over)
            .values(**values)
            .execution_options(synchronize_session="fetch")
        )
    wake(Queue.DELIVER)
