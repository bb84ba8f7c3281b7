"""The keys of our own actors: made at first use, replaced with an overlap, listed for peers.

After a replacement both RSA keys are in use for a week, under one key id, as peers ask for a key by
that id: a host is shown the former one until it was told of the present one (outbound/key_choice),
and the other one when it refuses (knocking). A key for proofs has an id of its own, as what it
proved is out there: for a day the former one goes on proving, and it stays listed for as long as
something proven with it may still be on its way (federation.md section 5.2).
"""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select, update

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
from federation.transport.backoff import GIVE_UP_AFTER
from federation.vocab.outgoing_parts import KeyMethod

SIGNS_FOR = timedelta(days=1)
LISTED_FOR = timedelta(days=7)
PROOFS_LISTED_FOR = SIGNS_FOR + GIVE_UP_AFTER
PROOF_KEY = "ed25519-key"
NAME_LENGTH = 16  # characters of a fingerprint


class RotationTooSoonError(Exception):
    """The key was replaced less than a day ago; few peers know the present one."""


def public_key_pem(actor: Actor) -> str:
    """Return the public key of one of our actors (SPKI PEM), made when missing."""
    _ensure_key(actor)
    assert actor.public_key is not None
    return actor.public_key


def signing_key(actor: Actor) -> SigningKey:
    """Return what one of our actors signs with, made when missing; the former key is the spare.

    Raises KeyLockedError when the stored key was encrypted with another secret.
    """
    _ensure_key(actor)
    assert actor.private_key is not None
    assert actor.public_key is not None
    key = SigningKey(actor.own_key_id, _unlock(actor.private_key), name=_name(actor.public_key))
    former = find_former_key(actor)
    if former is None:
        return key
    spare_pem, spare_name = _unlock(former.private_key), _name(former.public_key)
    return replace(key, spare_pem=spare_pem, spare_name=spare_name)


def find_former_key(actor: Actor) -> FormerKey | None:
    """Return the RSA key that an actor of ours had before, while it is in use."""
    return _find_former(actor, FormerKey.method_id.is_(None))


def proof_key(actor: Actor) -> tuple[str, str]:
    """Return id and private key (PEM) with which an actor of ours makes proofs, made when missing.

    For a day after a replacement that is the former one, as most know only that one. Raises
    KeyLockedError when the stored key was encrypted with another secret.
    """
    _ensure_proof_key(actor)
    assert actor.private_proof_key is not None
    former = _find_former(actor, FormerKey.method_id.is_not(None))
    if former is not None and former.signs_until > utcnow():
        return f"{actor.uri}#{former.method_id}", _unlock(former.private_key)
    return proof_key_id(actor), _unlock(actor.private_proof_key)


def proof_key_id(actor: Actor) -> str:
    """Return the id of an actor's present key for proofs (federation.md section 1.1)."""
    return f"{actor.uri}#{_method_id(actor)}"


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
    _require_pause(actor, FormerKey.method_id.is_(None))
    _retire(actor, (actor.public_key, actor.private_key), LISTED_FOR)
    pair = generate_key_pair()
    actor.public_key = pair.public_pem
    actor.private_key = _lock(pair.private_pem)
    actor.key_changed_at = utcnow()
    session().flush()


def replace_proof_key(actor: Actor) -> None:
    """Give one of our actors another key for proofs, inside a unit of work.

    Raises RotationTooSoonError within a day after the last time.
    """
    _ensure_proof_key(actor)
    assert actor.proof_key is not None
    assert actor.private_proof_key is not None
    _require_pause(actor, FormerKey.method_id.is_not(None))
    former = (actor.proof_key, actor.private_proof_key)
    _retire(actor, former, PROOFS_LISTED_FOR, _method_id(actor))
    pair = generate_proof_key_pair()
    actor.proof_key = pair.multikey
    actor.private_proof_key = _lock(pair.private_pem)
    actor.proof_keys = {f"{PROOF_KEY}-{_name(pair.multikey)}": pair.multikey}
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


def _find_former(actor: Actor, kind: ColumnElement[bool]) -> FormerKey | None:
    return session().scalar(
        select(FormerKey)
        .where(FormerKey.actor_id == actor.id, FormerKey.listed_until > utcnow(), kind)
        .order_by(FormerKey.id.desc())
        .limit(1)
    )


def _require_pause(actor: Actor, kind: ColumnElement[bool]) -> None:
    former = _find_former(actor, kind)
    if former is not None and former.signs_until > utcnow():
        raise RotationTooSoonError(f"this key of {actor.uri} was replaced less than a day ago")


def _retire(
    actor: Actor, pair: tuple[str, str], listed_for: timedelta, method_id: str | None = None
) -> None:
    """Keep a pair (public, locked private) that is being replaced."""
    now = utcnow()
    public, private = pair
    session().add(
        FormerKey(
            actor_id=actor.id,
            public_key=public,
            private_key=private,
            replaced_at=now,
            signs_until=now + SIGNS_FOR,
            listed_until=now + listed_for,
            method_id=method_id,
        )
    )


def _method_id(actor: Actor) -> str:
    """Return the name of an actor's present key for proofs within its document."""
    return next(iter(actor.proof_keys), PROOF_KEY)


def _former_id(actor: Actor, key: FormerKey) -> str:
    return f"{actor.uri}#{key.method_id or f'former-key-{_name(key.public_key)}'}"


def _name(public_key: str) -> str:
    return fingerprint(public_key)[:NAME_LENGTH]


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
