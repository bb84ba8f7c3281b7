"""A peer says that it will not take what we sent: it is not sent there again."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import ColumnElement, and_, or_, select, update

from app.core.addresses import local_path, local_uri
from app.core.clock import utcnow
from app.core.db import session
from federation.dereference.actors import find_owner
from federation.models.actor import Actor
from federation.models.delivery import Delivery, DeliveryState
from federation.models.outbox_activity import OutboxActivity
from federation.transport.actors import find_actor
from federation.vocab.activities import ActivityDocument
from federation.vocab.origin import host_of

REJECTED: Final = "rejected"


def end_delivery(rejection: ActivityDocument) -> bool:
    """Give up what waits for the server of who rejects it; whether anything did.

    What is rejected is named by its id, or (NodeBB) by its type, its actor and what it is about:
    then it is what was tried there already or is under way.
    """
    named = rejection.object
    if isinstance(named, ActivityDocument) and not named.uri:
        actor = _actor_at(named.actor)
        return actor is not None and _end(rejection, _sent_like(named, actor))
    uri = named.uri if isinstance(named, ActivityDocument) else named
    path = local_path(uri) if isinstance(uri, str) else None
    if path is None or not path.startswith("/activities/"):
        return False
    return _end(rejection, OutboxActivity.public_id == path.rpartition("/")[2])


def _sent_like(named: ActivityDocument, actor: Actor) -> ColumnElement[bool]:
    was_tried = or_(Delivery.attempts > 0, Delivery.lease_until.is_not(None))
    return and_(
        was_tried,
        OutboxActivity.type == named.type,
        OutboxActivity.actor_id == actor.id,
        OutboxActivity.object_uri.in_(list(_subjects(named))),
    )


def _subjects(named: ActivityDocument) -> Iterator[str]:
    """Give the ids of all that an activity is about, however deep activities are embedded."""
    thing = named.object
    if named.object_uri is not None:
        yield named.object_uri
    if isinstance(thing, ActivityDocument):
        yield from _subjects(thing)


def _actor_at(uri: str) -> Actor | None:
    """Return the actor of ours with an id, if there is one."""
    if uri == local_uri("/"):
        return find_actor(None)
    owner = find_owner(uri)
    return find_actor(owner) if owner is not None and owner.is_local else None


def _end(rejection: ActivityDocument, which: ColumnElement[bool]) -> bool:
    now = utcnow()
    waiting = (
        select(Delivery.id)
        .join(OutboxActivity, OutboxActivity.id == Delivery.outbox_activity_id)
        .where(Delivery.host == host_of(rejection.actor), Delivery.state == DeliveryState.WAITING)
        .where(which)
    )
    ended = session().execute(
        update(Delivery)
        .where(Delivery.id.in_(waiting.scalar_subquery()), Delivery.state == DeliveryState.WAITING)
        .values(state=DeliveryState.DROPPED, last_error=REJECTED, done_at=now, next_attempt_at=now)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    return bool(ended.all())
