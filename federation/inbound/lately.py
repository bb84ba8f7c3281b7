"""Who was just found welcome at the gate: for a second the database is not asked again.

Pages are kept as long (app/core/page_cache.py). Only those whose key is stored and about whom there
is nothing to refuse. Whatever this process writes about people, servers and keys ends it at once;
what another process writes counts within that second, and what is taken in meanwhile is judged
anew when it is applied.
"""

import time
from collections.abc import Callable
from threading import Lock
from typing import Final

from flask import current_app, has_app_context
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session

from app.accounts.models.account import Account
from app.moderation.models.host_rule import HostRule
from federation.inbound.signers import Signer
from federation.models.actor import Actor
from federation.models.peer import Peer

SECONDS: Final = 1.0
MAX_KEPT: Final = 4096
EXTENSION: Final = "federation_lately"
ABOUT: Final = frozenset({Account, HostRule, Actor, Peer})


class Lately:
    """Signers by key id, shared by the threads of a process."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._kept: dict[str, tuple[float, Signer]] = {}
        self._lock = Lock()

    def find(self, key_id: str) -> Signer | None:
        """Return who signed with this key and was welcome less than a second ago."""
        since, signer = self._kept.get(key_id, (0.0, None))
        return signer if self._seconds() - since < SECONDS else None

    def keep(self, key_id: str, signer: Signer) -> None:
        """Remember a signer that passed every check."""
        if signer.actor_id is None or signer.has_left:
            return
        if signer.is_suspended or signer.is_quarantined:
            return
        with self._lock:
            if len(self._kept) >= MAX_KEPT:
                self._kept.clear()
            self._kept[key_id] = (self._seconds(), signer)

    def forget(self) -> None:
        """Ask the database about everybody again."""
        with self._lock:
            self._kept.clear()


def lately() -> Lately:
    """Return what the gate of the current application remembers."""
    found: Lately | None = current_app.extensions.get(EXTENSION)
    if found is None:
        found = current_app.extensions.setdefault(EXTENSION, Lately())
    return found


@event.listens_for(Session, "after_flush")
def _forget_what_was_flushed(current: Session, _context: object) -> None:
    rows = (*current.new, *current.dirty, *current.deleted)
    if any(type(row) in ABOUT for row in rows):
        _forget()


@event.listens_for(Session, "do_orm_execute")
def _forget_what_is_written(state: ORMExecuteState) -> None:
    if not state.is_select and state.bind_mapper is not None and state.bind_mapper.class_ in ABOUT:
        _forget()


def _forget() -> None:
    if has_app_context() and EXTENSION in current_app.extensions:
        lately().forget()
