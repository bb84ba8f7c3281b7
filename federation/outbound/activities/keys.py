"""A key of ours is replaced, and who knew the former one is told (federation.md section 5.2)."""

from typing import assert_never

from sqlalchemy import func, select

from app.accounts.models.account import Account, AccountState
from app.core.clock import utcnow
from app.core.db import session
from app.forum.models.community import Community
from federation.models.actor import Actor
from federation.models.delivery import Delivery, DeliveryState
from federation.models.outbox_activity import Lane, OutboxActivity
from federation.outbound.audience import (
    Audience,
    everyone_known,
    followers_of_community,
    followers_of_person,
)
from federation.outbound.fanout import Publication, new_activity_uri, publish
from federation.outbound.serializers.actors import (
    serialize_group,
    serialize_instance,
    serialize_person,
)
from federation.transport.actors import local_actor
from federation.transport.own_keys import replace_key, replace_proof_key
from federation.vocab.origin import host_of
from federation.vocab.outgoing import Activity, Application, Group, Person
from federation.vocab.terms import PUBLIC

Owner = Account | Community | None


def rotate_key(owner: Owner) -> None:
    """Replace the key of one of ours (None: this server) and send Update, inside a unit of work.

    The Update is signed with the former key (key_choice). Raises RotationTooSoonError.
    """
    actor = local_actor(owner)
    replace_key(actor)
    _tell(owner, actor)


def rotate_proof_key(owner: Owner) -> None:
    """Replace the key for proofs of one of ours and send Update, inside a unit of work.

    The Update is proven with the former key. Raises RotationTooSoonError.
    """
    actor = local_actor(owner)
    replace_proof_key(actor)
    _tell(owner, actor)


def _tell(owner: Owner, actor: Actor) -> None:
    document = _serialize(owner, actor)
    activity = Activity(
        type="Update",
        uri=new_activity_uri("Update"),
        actor=document.uri,
        object=document,
        to=(PUBLIC,),
        published=utcnow(),
    )
    publication = Publication(
        actor=owner,
        activity=activity,
        object_uri=document.uri,
        order_key=document.uri,
        lane=Lane.CONTROL,
    )
    publish(publication, _who_knows(owner, actor))


def list_owners_of_keys() -> list[Owner]:
    """Return all of ours that have a key and are still there, this server first."""
    statement = select(Actor).where(Actor.host.is_(None), Actor.private_key.is_not(None))
    actors = list(session().scalars(statement.order_by(Actor.id)))
    owners: list[Owner] = [actor.account or actor.community for actor in actors]
    return sorted(filter(is_here, owners), key=lambda owner: owner is not None)


def is_here(owner: Owner) -> bool:
    """Whether there is somebody to tell of: nothing is said for who left."""
    return not isinstance(owner, Account) or owner.state != AccountState.DELETED


def _serialize(owner: Owner, actor: Actor) -> Person | Group | Application:
    if owner is None:
        return serialize_instance(actor)
    if isinstance(owner, Account):
        return serialize_person(owner, actor)
    if isinstance(owner, Community):
        return serialize_group(owner, actor)
    assert_never(owner)


def _who_knows(owner: Owner, actor: Actor) -> Audience:
    """Return who follows, and who took something signed with this key in the last 30 days.

    An inbox per host: the first Update that is delivered tells a server. Everybody may have seen
    the key of this server: it signs all our GETs.
    """
    if owner is None:
        return everyone_known()
    followers = (
        followers_of_person(owner) if isinstance(owner, Account) else followers_of_community(owner)
    )
    reached = {host_of(url) for url in followers.inboxes}
    told = session().execute(
        select(Delivery.host, func.max(Delivery.inbox_url))
        .join(OutboxActivity, OutboxActivity.id == Delivery.outbox_activity_id)
        .where(OutboxActivity.actor_id == actor.id, Delivery.state == DeliveryState.DONE)
        .group_by(Delivery.host)
    )
    return followers | Audience(tuple(url for host, url in told if host not in reached))
