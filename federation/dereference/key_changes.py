"""A key of somebody elsewhere changed: noted, and too many at one host at once are looked at.

More than twenty actors of a host with other keys within an hour is somebody who took the host over,
or who moved it: an administrator decides which (security.md A014). Until then nothing is taken from
it.
"""

import logging
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select, update

from app.core.clock import utcnow
from app.core.db import session
from federation.models.actor import Actor
from federation.models.former_key import FormerKey
from federation.models.peer import Peer

log = logging.getLogger(__name__)
MOST_CHANGES: Final = 20
MOST_FORMER_KEYS: Final = 5
FORMER_KEYS_FOR: Final = timedelta(days=30)
WITHIN: Final = timedelta(hours=1)
TRUSTED_FOR: Final = timedelta(days=1)
"""So long a host's keys may change freely after an administrator let it in again."""


def note_key_change(actor: Actor) -> None:
    """Keep that an actor's key changed, inside a unit of work; quarantine its host if need be."""
    now = utcnow()
    actor.key_changed_at = now
    session().flush()
    assert actor.host is not None
    log.info("the key of %s changed", actor.uri)
    if _count_changes(actor.host, now) > MOST_CHANGES:
        _quarantine(actor.host, now)


def keep_former_key(actor: Actor, public_key: str) -> None:
    """Keep the key that somebody elsewhere had, for 30 days, inside a unit of work.

    Nothing is believed of it but that who is gone left: the Delete may have been signed before.
    """
    now = utcnow()
    session().add(
        FormerKey(
            actor_id=actor.id,
            public_key=public_key,
            private_key="",
            replaced_at=now,
            signs_until=now,
            listed_until=now + FORMER_KEYS_FOR,
        )
    )


def list_former_keys(actor_id: int) -> list[str]:
    """Return the keys that somebody elsewhere had in the last 30 days, the latest first."""
    statement = (
        select(FormerKey.public_key)
        .where(FormerKey.actor_id == actor_id, FormerKey.listed_until > utcnow())
        .order_by(FormerKey.id.desc())
        .limit(MOST_FORMER_KEYS)
    )
    return list(session().scalars(statement))


def is_quarantined(host: str) -> bool:
    """Whether nothing is taken from a host until an administrator has looked."""
    statement = select(Peer.quarantined_at).where(Peer.host == host)
    return session().scalar(statement) is not None


def list_quarantined() -> list[Peer]:
    """Return the hosts that wait for an administrator, the oldest first."""
    statement = select(Peer).where(Peer.quarantined_at.is_not(None))
    return list(session().scalars(statement.order_by(Peer.quarantined_at, Peer.host)))


def release_host(host: str) -> bool:
    """Take from a host again, inside a unit of work; False when it was not in quarantine."""
    now = utcnow()
    released = session().execute(
        update(Peer)
        .where(Peer.host == host, Peer.quarantined_at.is_not(None))
        .values(quarantined_at=None, released_at=now)
        .returning(Peer.host)
        .execution_options(synchronize_session=False)
    )
    is_released = released.first() is not None
    if is_released:
        log.info("an administrator released %s from quarantine", host)
    return is_released


def _count_changes(host: str, now: datetime) -> int:
    statement = select(func.count(Actor.id)).where(
        Actor.host == host, Actor.key_changed_at > now - WITHIN
    )
    return session().scalar(statement) or 0


def _quarantine(host: str, now: datetime) -> None:
    peer = session().get(Peer, host)
    if peer is None:
        peer = Peer(host=host, known_since=now)
        session().add(peer)
    is_trusted = peer.released_at is not None and now - peer.released_at < TRUSTED_FOR
    if peer.quarantined_at is None and not is_trusted:
        peer.quarantined_at = now
        log.warning(
            "more than %s keys of %s changed within an hour: quarantined until an administrator"
            " looks at it",
            MOST_CHANGES,
            host,
        )
    session().flush()
