"""A peer says that it will not take what we sent: it is not sent there again."""

from typing import Final

from sqlalchemy import select, update

from app.core.addresses import local_path
from app.core.clock import utcnow
from app.core.db import session
from federation.models.delivery import Delivery, DeliveryState
from federation.models.outbox_activity import OutboxActivity
from federation.vocab.activities import ActivityDocument
from federation.vocab.origin import host_of

REJECTED: Final = "rejected"


def end_delivery(rejection: ActivityDocument) -> bool:
    """Give up what waits for the server of who rejects it; whether anything did."""
    named = rejection.object
    uri = named.uri if isinstance(named, ActivityDocument) else named
    path = local_path(uri) if isinstance(uri, str) else None
    if path is None or not path.startswith("/activities/"):
        return False
    now, public_id = utcnow(), path.rpartition("/")[2]
    sent = select(OutboxActivity.id).where(OutboxActivity.public_id == public_id)
    ended = session().execute(
        update(Delivery)
        .where(Delivery.outbox_activity_id.in_(sent.scalar_subquery()))
        .where(Delivery.host == host_of(rejection.actor), Delivery.state == DeliveryState.WAITING)
        .values(state=DeliveryState.DROPPED, last_error=REJECTED, done_at=now, next_attempt_at=now)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    return bool(ended.all())
