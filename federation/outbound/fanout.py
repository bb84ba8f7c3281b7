"""An activity becomes a row, and one delivery per inbox, in the transaction of the event."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import insert, select, update

from app.accounts.models.account import Account
from app.core.addresses import local_uri
from app.core.clock import utcnow
from app.core.columns import new_public_id
from app.core.db import session
from app.core.settings import Federation, current_settings
from app.core.tasks import Queue, wake
from app.forum.models.community import Community
from app.moderation.queries import find_refused_hosts
from federation.models.delivery import Delivery, DeliveryState
from federation.models.outbox_activity import Lane, OutboxActivity
from federation.models.peer import Peer
from federation.outbound.audience import Audience, own_inbox
from federation.outbound.proving import render_said
from federation.transport.actors import local_actor
from federation.vocab.origin import host_of
from federation.vocab.outgoing import Activity

ACTOR_LEFT: Final = "actor-left"


@dataclass(frozen=True)
class Publication:
    """One activity of one of our actors, and how it travels.

    `actor` None is this server itself. `order_key` (a thread or an actor) keeps its order per host;
    `is_listed` puts it into the actor's outbox collection.
    """

    actor: Account | Community | None
    activity: Activity
    object_uri: str
    order_key: str
    lane: Lane = Lane.CONTENT
    is_public: bool = True
    is_listed: bool = False


def new_activity_uri(verb: str, public_id: str | None = None) -> str:
    """Return an id for an activity: `/activities/<verb>/<public id>`."""
    return local_uri(f"/activities/{verb.lower()}/{public_id or new_public_id()}")


def publish(publication: Publication, *audiences: Audience) -> OutboxActivity:
    """Store an activity and its deliveries; an inbox named twice gets it once, the first counts."""
    row = _store(publication)
    if current_settings().federation == Federation.OFF:
        return row
    chosen: dict[str, Audience] = {}
    for audience in audiences:
        for inbox in audience.inboxes:
            chosen.setdefault(inbox, audience)
    hosts = {inbox: host_of(inbox) for inbox in chosen}
    refused = find_refused_hosts(set(hosts.values())) if hosts else set()
    now, rests = utcnow(), _find_rests()
    deliveries = [
        {
            "outbox_activity_id": row.id,
            "inbox_url": inbox,
            "host": hosts[inbox],
            "order_key": publication.order_key,
            "lane": int(publication.lane),
            "dialect": audience.dialect,
            "state": DeliveryState.WAITING,
            "attempts": 0,
            "made_at": now,
            "next_attempt_at": rests.get(hosts[inbox], now),
        }
        for inbox, audience in chosen.items()
        if hosts[inbox] not in refused
    ]
    if deliveries:
        session().execute(insert(Delivery), deliveries)
        wake(Queue.DELIVER)
    return row


def tell_one(
    sender: Account | Community, activity: Activity, receiver: Account | Community
) -> OutboxActivity:
    """Say something to one actor and nobody else, in order with what was said to it before."""
    publication = Publication(
        actor=sender,
        activity=activity,
        object_uri=receiver.uri,
        order_key=f"{sender.uri} {receiver.uri}",
        lane=Lane.CONTROL,
        is_public=False,
    )
    return publish(publication, own_inbox(receiver))


def _find_rests() -> dict[str, datetime]:
    """Return until when the hosts rest that do not answer; what is for them rests along."""
    resting = select(Peer.host, Peer.retry_at).where(Peer.retry_at > utcnow())
    return {host: until for host, until in session().execute(resting) if until is not None}


def drop_unsent(actor_id: int) -> None:
    """Give up what an actor said that is still here: a departure must not be overtaken by it."""
    said = select(OutboxActivity.id).where(OutboxActivity.actor_id == actor_id)
    session().execute(
        update(Delivery)
        .where(Delivery.outbox_activity_id.in_(said), Delivery.state == DeliveryState.WAITING)
        .values(state=DeliveryState.DROPPED, last_error=ACTOR_LEFT, done_at=utcnow())
        .execution_options(synchronize_session=False)
    )


def _store(publication: Publication) -> OutboxActivity:
    """Insert the activity; its id is new, as peers drop an id they have seen."""
    activity = publication.activity
    actor = local_actor(publication.actor)
    row = OutboxActivity(
        public_id=activity.uri.rsplit("/", 1)[-1],
        type=activity.type,
        actor_id=actor.id,
        object_uri=publication.object_uri,
        body=render_said(activity, actor),
        lane=publication.lane,
        is_public=publication.is_public,
        is_listed=publication.is_listed,
        tells_followers=f"{activity.actor}/followers" in (*activity.to, *activity.cc),
    )
    session().add(row)
    session().flush()
    return row
