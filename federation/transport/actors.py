"""Our own actors: the row that stands for an account, a community or this server, and its key.

Rows are made inside the unit of work of whoever needs them; keys at first use (own_keys), encrypted
with the server's secret (contract.md, "Decided early").
"""

from sqlalchemy import select

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.forum.models.community import Community
from federation.models.actor import Actor, ActorKind
from federation.models.insert import insert_once
from federation.signatures.sign import SigningKey
from federation.transport.own_keys import public_key_pem, signing_key

__all__ = [
    "find_actor",
    "instance_signing_key",
    "local_actor",
    "public_key_pem",
    "signing_key",
]


def find_actor(owner: Account | Community | None) -> Actor | None:
    """Return the actor of an account, a community, or (None) of this server, if there is one."""
    statement = select(Actor)
    if isinstance(owner, Account):
        statement = statement.where(Actor.account_id == owner.id)
    elif isinstance(owner, Community):
        statement = statement.where(Actor.community_id == owner.id)
    else:
        statement = statement.where(Actor.kind == ActorKind.INSTANCE)
    return session().scalar(statement)


def local_actor(owner: Account | Community | None) -> Actor:
    """Return the actor of one of ours, made when missing; None stands for this server itself.

    Call it inside a unit of work. Its key is made later, at first use.
    """
    if owner is not None and not owner.is_local:
        raise ValueError(f"{owner.uri} is not ours")
    actor = find_actor(owner)
    if actor is None:
        insert_once(Actor, {**_owner_columns(owner), "host": None, "made_at": utcnow()})
        actor = find_actor(owner)
    assert actor is not None
    return actor


def instance_signing_key() -> SigningKey:
    """Return the key of this server itself, with which all our GETs are signed."""
    actor = find_actor(None)
    if actor is None:
        with unit_of_work():
            actor = local_actor(None)
    return signing_key(actor)


def _owner_columns(owner: Account | Community | None) -> dict[str, object]:
    if isinstance(owner, Account):
        return {"kind": ActorKind.PERSON, "account_id": owner.id}
    if isinstance(owner, Community):
        return {"kind": ActorKind.COMMUNITY, "community_id": owner.id}
    return {"kind": ActorKind.INSTANCE}
