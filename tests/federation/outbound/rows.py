"""Deliveries as rows, for tests of when each may go."""

from typing import Any

from sqlalchemy import select

from app.core.clock import utcnow
from app.core.columns import new_public_id
from app.core.db import session, unit_of_work
from federation.models.delivery import Delivery, DeliveryState
from federation.models.outbox_activity import Lane, OutboxActivity
from federation.models.peer import Dialect, Peer
from federation.transport.actors import local_actor


def add_delivery(host: str, thread: str = "t", lane: Lane = Lane.CONTENT, **fields: Any) -> int:
    """One waiting delivery of this server itself, `about` something; returns its id."""
    about = fields.pop("about", thread)
    with unit_of_work():
        activity = OutboxActivity(
            public_id=new_public_id(),
            type="Create",
            actor_id=local_actor(None).id,
            object_uri=about,
            body=b'{"type":"Create"}',
            lane=lane,
        )
        session().add(activity)
        session().flush()
        row = Delivery(
            outbox_activity_id=activity.id,
            inbox_url=f"http://{host}/inbox",
            host=host,
            order_key=thread,
            lane=lane,
            **{"state": DeliveryState.WAITING, "next_attempt_at": utcnow(), **fields},
        )
        session().add(row)
        session().flush()
        return row.id


def add_peer(host: str, **fields: Any) -> None:
    """A server that took something before and said what it runs, unless `fields` say otherwise."""
    now = utcnow()
    values = {
        "software": "lemmy",
        "dialect": Dialect.FORUM,
        "nodeinfo_at": now,
        "succeeded_at": now,
        **fields,
    }
    with unit_of_work():
        session().add(Peer(host=host, **values))


def delivery(row_id: int) -> Delivery:
    """The row as it is now."""
    session().rollback()
    session().expire_all()
    return session().get_one(Delivery, row_id)


def peer(host: str) -> Peer:
    session().rollback()
    session().expire_all()
    return session().get_one(Peer, host)


def states() -> list[str]:
    session().rollback()
    session().expire_all()
    return [str(state) for state in session().scalars(select(Delivery.state).order_by("id"))]
