"""How each host wants to be asked: what worked is remembered (federation.md section 5.3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from flask import has_app_context
from sqlalchemy import select

from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from federation.models.peer import Peer, Scheme

REMEMBERED_FOR = timedelta(days=30)
UNSIGNED_FOR = timedelta(days=1)
"""Shorter: a server that could not fetch our key for a moment gives strangers only stubs."""
NOTED_AGAIN_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Habit:
    """What worked at a host: a kind of signature, and whether GETs had better not be signed."""

    scheme: Scheme | None = None
    wants_unsigned: bool = False

    def differs_from(self, known: "Habit") -> bool:
        """Whether this is worth remembering; draft-cavage is what is tried anyway."""
        usual = Scheme.CAVAGE
        is_other_scheme = (self.scheme or usual) != (known.scheme or usual)
        return is_other_scheme or self.wants_unsigned != known.wants_unsigned


class Habits(Protocol):
    """Where habits are remembered."""

    def find(self, host: str) -> Habit:
        """Return what is known of a host."""

    def note(self, host: str, habit: Habit) -> None:
        """Remember what worked."""


class Forgetful:
    """Remembers nothing: for threads without a database."""

    def find(self, host: str) -> Habit:  # noqa: ARG002 - the protocol names it
        """Return that nothing is known."""
        return Habit()

    def note(self, host: str, habit: Habit) -> None:
        """Forget it at once."""


class PeerHabits:
    """Remembers in the rows of the peers; a thread without application context knows nothing."""

    def find(self, host: str) -> Habit:
        """Return what is known of a host."""
        if not has_app_context():
            return Habit()
        statement = select(Peer.scheme, Peer.scheme_at, Peer.wants_unsigned_gets)
        row = session().execute(statement.where(Peer.host == host)).first()
        if row is None:
            return Habit()
        scheme, at, wants_unsigned = row
        age = timedelta.max if at is None else utcnow() - at
        return Habit(
            Scheme(scheme) if scheme and age <= REMEMBERED_FOR else None,
            bool(wants_unsigned) and age <= UNSIGNED_FOR,
        )

    def note(self, host: str, habit: Habit) -> None:
        """Remember what worked, in a unit of work of its own."""
        if not has_app_context():
            return
        now = utcnow()
        with unit_of_work():
            peer = session().get(Peer, host)
            if peer is None:
                peer = Peer(host=host, known_since=now)
                session().add(peer)
            peer.scheme = habit.scheme or peer.scheme
            peer.wants_unsigned_gets = habit.wants_unsigned
            peer.scheme_at = now


def note_scheme(peer: Peer, schemes: Iterable[str | None], now: datetime) -> None:
    """Keep with which kind of signature a host took something; at most once a day, when known."""
    took = next((Scheme(one) for one in schemes if one), None)
    if took is None:
        return
    is_known = peer.scheme == took and peer.scheme_at is not None
    if not is_known or now - (peer.scheme_at or now) > NOTED_AGAIN_AFTER:
        peer.scheme, peer.scheme_at = took, now
