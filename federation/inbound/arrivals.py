"""Storing what was verified: threads that arrive together share one transaction (group commit).

Whoever comes first waits for the turn to write; who comes meanwhile waits for that one instead, and
is stored along. Under load one COMMIT then serves many requests, and nobody is answered before the
row is safe (security.md, step 12). With one request at a time it is one row per transaction.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Condition
from typing import Any

from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.core.errors import AppError
from app.core.tasks import Queue, wake
from federation.errors import FederationError
from federation.models.inbox_activity import InboxActivity, InboxState
from federation.models.insert import insert_all_once


@dataclass(frozen=True)
class Arrival:
    """One verified activity; `body` is the very bytes that were signed."""

    activity_uri: str
    host: str
    signer_uri: str
    type: str
    body: bytes
    verified_by: str = "signature"

    @property
    def key(self) -> tuple[str, str]:
        """What makes two arrivals the same: the id, and the server that may give it."""
        return self.host, self.activity_uri

    def values(self) -> dict[str, Any]:
        """Return the row it becomes."""
        now = utcnow()
        return {
            "activity_uri": self.activity_uri,
            "signer_host": self.host,
            "signer_uri": self.signer_uri,
            "type": self.type,
            "verified_by": self.verified_by,
            "body": self.body,
            "state": InboxState.WAITING,
            "attempts": 0,
            "fetches": 0,
            "received_at": now,
            "next_attempt_at": now,
        }


class InterruptedStoreError(Exception):
    """The thread that stored for others was ended in the middle: nothing was stored."""


@dataclass(eq=False)
class _Waiting:
    """A thread that waits: what it brings, what belongs to the same transaction, what came of it.

    `note` may refuse the arrival by raising AppError or FederationError.
    """

    arrival: Arrival
    note: Callable[[], None] | None
    is_done: bool = False
    is_new: bool = False
    error: Exception | None = None


@dataclass
class Arrivals:
    """The door of one process: at most one thread stores, for all who wait."""

    _changed: Condition = field(default_factory=Condition)
    _waiting: list[_Waiting] = field(default_factory=list)
    _is_storing: bool = False

    def store(self, arrival: Arrival, note: Callable[[], None] | None = None) -> bool:
        """Return whether the arrival is new, once it is committed; `note` writes what goes with it.

        Raises what `note` raises (then this arrival alone is not stored) and what the database
        raises (then nothing of the batch is).
        """
        mine = _Waiting(arrival, note)
        with self._changed:
            self._waiting.append(mine)
            self._changed.wait_for(lambda: mine.is_done or not self._is_storing)
            if not mine.is_done:
                self._is_storing = True
        if not mine.is_done:
            self._store_all(mine)
        if mine.error is not None:
            raise mine.error
        return mine.is_new

    def _store_all(self, mine: _Waiting) -> None:
        """Store what waits when the turn comes, and let everybody of the batch go on."""
        batch: list[_Waiting] = [mine]
        failure: Exception | None = InterruptedStoreError()
        try:
            with unit_of_work():
                batch = self._take_all()
                _insert([waiting for waiting in batch if _is_noted(waiting)])
            failure = None
        except Exception as error:  # noqa: BLE001  every thread of the batch raises it
            failure = error
        finally:
            with self._changed:
                for waiting in batch:
                    waiting.error = waiting.error or failure
                    waiting.is_done = True
                self._waiting = [one for one in self._waiting if not one.is_done]
                self._is_storing = False
                self._changed.notify_all()

    def _take_all(self) -> list[_Waiting]:
        with self._changed:
            batch, self._waiting = self._waiting, []
            return batch


def _is_noted(waiting: _Waiting) -> bool:
    """Write what goes with an arrival; a refusal concerns that one alone."""
    if waiting.note is None:
        return True
    try:
        with session().begin_nested():
            waiting.note()
    except (FederationError, AppError) as error:
        waiting.error = error
        return False
    return True


def _insert(batch: Sequence[_Waiting]) -> None:
    """Insert the rows that are not there yet, in one statement, and have them applied."""
    first = {waiting.arrival.key: waiting for waiting in reversed(batch)}
    if not first:
        return
    rows = [waiting.arrival.values() for waiting in reversed(first.values())]
    new = insert_all_once(InboxActivity, rows, ("signer_host", "activity_uri"))
    for host, uri in new:
        first[host, uri].is_new = True
    if any(waiting.is_new for waiting in batch):
        wake(Queue.INBOX)
