"""The keys of our own actors: made at first use, replaced with an overlap, listed for peers.

After a replacement both keys are in use, under one key id, as peers ask for a key by that id: for a
day the former one signs, as most know only that one, and a peer that refuses it is shown the other
(knocking). The former key stays listed for a week (federation.md section 5.2).
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.core.settings import current_settings
from federation.models.actor import Actor
from federation.models.former_key import FormerKey
from federation.signatures.keys import (
    fingerprint,
    generate_key_pair,
    generate_proof_key_pair,
    lock_private_key,
    multikey_of,
    unlock_private_key,
)
from federation.signatures.sign import SigningKey
from federation.vocab.outgoing_parts import KeyMethod

SIGNS_FOR = timedelta(days=1)
LISTED_FOR = timedelta(days=7)
PROOF_KEY = "ed25519-key"


class RotationTooSoonError(Exception):
    """The key was replaced less than a day ago; few peers know the present one."""


def public_key_pem(actor: Actor) -> str:
    """Return the public key of one of our actors (SPKI PEM), made when missing."""
    _ensure_key(actor)
    assert actor.public_key is not None
    return actor.public_key


def signing_key(actor: Actor) -> SigningKey:
    """Return what one of our actors signs with, made when missing.

    Raises KeyLockedError when the stored key was encrypted with another secret.
    """
    _ensure_key(actor)
    assert actor.private_key is not None
    present, now = _unlock(actor.private_key), utcnow()
    former = _find_former(actor, now)
    if former is None:
        return SigningKey(actor.own_key_id, present)
    other = _unlock(former.private_key)
    if former.signs_until > now:
        return SigningKey(actor.own_key_id, other, spare_pem=present)
    return SigningKey(actor.own_key_id, present, spare_pem=other)


def proof_key(actor: Actor) -> tuple[str, str]:
    """Return id and private key (PEM) with which an actor of ours makes proofs, made when missing.

    Raises KeyLockedError when the stored key was encrypted with another secret.
    """
    _ensure_proof_key(actor)
    assert actor.private_proof_key is not None
    return proof_key_id(actor), _unlock(actor.private_proof_key)


def proof_key_id(actor: Actor) -> str:
    """Return the id of an actor's key for proofs (federation.md section 1.1)."""
    return f"{actor.uri}#{PROOF_KEY}"


def list_key_methods(actor: Actor) -> tuple[KeyMethod, ...]:
    """Return what stands in an actor's `assertionMethod`: its key for proofs, and former keys."""
    _ensure_proof_key(actor)
    assert actor.proof_key is not None
    former = session().scalars(
        select(FormerKey)
        .where(FormerKey.actor_id == actor.id, FormerKey.listed_until > utcnow())
        .order_by(FormerKey.id.desc())
    )
    return (
        KeyMethod(proof_key_id(actor), actor.proof_key),
        *(KeyMethod(_former_id(actor, key), multikey_of(key.public_key)) for key in former),
    )


def replace_key(actor: Actor) -> None:
    """Give one of our actors another RSA key, inside a unit of work; the former stays in use.

    Raises RotationTooSoonError within a day after the last time.
    """
    _ensure_key(actor)
    assert actor.public_key is not None
    assert actor.private_key is not None
    now = utcnow()
    former = _find_former(actor, now)
    if former is not None and former.signs_until > now:
        raise RotationTooSoonError(f"the key of {actor.uri} was replaced less than a day ago")
    session().add(
        FormerKey(
            actor_id=actor.id,
            public_key=actor.public_key,
            private_key=actor.private_key,
            replaced_at=now,
            signs_until=now + SIGNS_FOR,
            listed_until=now + LISTED_FOR,
        )
    )
    pair = generate_key_pair()
    actor.public_key = pair.public_pem
    actor.private_key = _lock(pair.private_pem)
    actor.key_changed_at = now
    session().flush()


def purge_former_keys(limit: int) -> int:
    """Forget keys that are no longer listed; returns how many."""
    old = select(FormerKey.id).where(FormerKey.listed_until < utcnow()).limit(limit)
    gone = session().execute(
        delete(FormerKey)
        .where(FormerKey.id.in_(old))
        .returning(FormerKey.id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())


def _find_former(actor: Actor, now: datetime) -> FormerKey | None:
    return session().scalar(
        select(FormerKey)
        .where(FormerKey.actor_id == actor.id, FormerKey.listed_until > now)
        .order_by(FormerKey.id.desc())
        .limit(1)
    )


def _former_id(actor: Actor, key: FormerKey) -> str:
    return f"{actor.uri}#former-key-{fingerprint(key.public_key)[:16]}"


def _lock(private_pem: str) -> str:
    return lock_private_key(private_pem, current_settings().secret_key)


def _unlock(locked: str) -> str:
    return unlock_private_key(locked, current_settings().secret_key)


def _ensure_key(actor: Actor) -> None:
    """Make and store an RSA key pair unless there is one; whoever stores first wins."""
    if actor.private_key is None:
        _require_ours(actor)
        pair = generate_key_pair()
        _store(actor, "private_key", _lock(pair.private_pem), "public_key", pair.public_pem)


def _ensure_proof_key(actor: Actor) -> None:
    """Make and store an Ed25519 key pair unless there is one; whoever stores first wins."""
    if actor.private_proof_key is None:
        _require_ours(actor)
        pair = generate_proof_key_pair()
        _store(actor, "private_proof_key", _lock(pair.private_pem), "proof_key", pair.multikey)


def _require_ours(actor: Actor) -> None:
    if not actor.is_local:
        raise ValueError(f"{actor.uri} is not ours")


def _store(actor: Actor, private: str, locked: str, public: str, key: str) -> None:
    column = getattr(Actor, private)
    with unit_of_work():
        session().execute(
            update(Actor)
            .where(Actor.id == actor.id, column.is_(None))
            .values({private: locked, public: key})
            .execution_options(synchronize_session=False)
        )
        session().refresh(actor, [private, public])
