"""How fast we may read from another server (federation.md 4.3; security.md A101, A104).

At most ten actors a second that are new to us, nothing while it asked to be left alone, and nothing
for an hour from a server to which others sent us in vain. Kept in memory: a new start costs a peer
one more request.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from flask import current_app

from app.core.clock import utcnow
from federation.errors import UnavailableError

EXTENSION: Final = "federation_pace"
ACTORS_PER_SECOND: Final = 10
SECOND: Final = timedelta(seconds=1)
HOUR: Final = timedelta(hours=1)
MOST_IN_VAIN: Final = 20
MAX_HOSTS: Final = 5_000
FETCHES_PER_STEP: Final = 100
STEP_SECONDS: Final = 20.0


class PausedError(UnavailableError):
    """Enough for this moment; nobody is to blame, and what is left is read in the next step."""


class RestingError(UnavailableError):
    """The server is left alone for a while: it asked for that, or asking was in vain too often."""


@dataclass
class Pace:
    """What one process remembers of the servers it reads from; safe to share between threads."""

    now: Callable[[], datetime] = utcnow
    _met: dict[str, deque[datetime]] = field(default_factory=dict)
    _in_vain: dict[str, deque[datetime]] = field(default_factory=dict)
    _resting: dict[str, datetime] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def check(self, host: str) -> None:
        """Raise RestingError or PausedError when `host` must not be asked at the moment."""
        with self._lock:
            now = self.now()
            until = self._resting.get(host)
            if until is not None and until > now:
                raise RestingError("host-rests", (until - now).total_seconds())
            met = _since(self._met.get(host), now - SECOND)
            if len(met) >= ACTORS_PER_SECOND:
                raise PausedError("enough-new-actors", (met[0] + SECOND - now).total_seconds())

    def note_actor(self, host: str) -> None:
        """Count an actor that was fetched."""
        with self._lock:
            now = self.now()
            _since(self._met.setdefault(host, deque()), now - SECOND).append(now)
            self._forget(now)

    def note_in_vain(self, host: str) -> None:
        """Count a fetch to which a third server sent us and that gave nothing."""
        with self._lock:
            now = self.now()
            times = _since(self._in_vain.setdefault(host, deque()), now - HOUR)
            times.append(now)
            if len(times) >= MOST_IN_VAIN:
                self._resting[host] = now + HOUR
            self._forget(now)

    def rest(self, host: str, seconds: float) -> None:
        """Leave `host` alone for as long as it asked (Retry-After)."""
        with self._lock:
            until = self.now() + timedelta(seconds=seconds)
            self._resting[host] = max(until, self._resting.get(host, until))

    def _forget(self, now: datetime) -> None:
        """Keep no more than some thousand hosts in mind (security.md A111)."""
        for times, age in ((self._met, SECOND), (self._in_vain, HOUR)):
            if len(times) > MAX_HOSTS:
                old = [host for host, found in times.items() if not _since(found, now - age)]
                for host in old or list(times)[: MAX_HOSTS // 2]:
                    del times[host]
        if len(self._resting) > MAX_HOSTS:
            self._resting = {h: at for h, at in self._resting.items() if at > now}


def _since(times: deque[datetime] | None, start: datetime) -> deque[datetime]:
    """Drop what happened before `start`."""
    times = deque() if times is None else times
    while times and times[0] <= start:
        times.popleft()
    return times


def current_pace() -> Pace:
    """Return the pace of the current application, made at first use."""
    found: Pace | None = current_app.extensions.get(EXTENSION)
    if found is None:
        found = current_app.extensions.setdefault(EXTENSION, Pace())
    return found


@dataclass
class Toll:
    """What one step may still cost: requests and seconds; `actors` are those met in it.

    `home` is the server that is read; `silent` is the server that did not answer last.
    """

    pace: Pace
    home: str | None = None
    left: int = FETCHES_PER_STEP
    actors: int = 0
    silent: str | None = None
    until: float = field(default_factory=lambda: time.monotonic() + STEP_SECONDS)

    def pay(self, host: str) -> None:
        """Take one request to `host` off the budget; raises PausedError or RestingError."""
        if self.left <= 0 or time.monotonic() > self.until:
            raise PausedError("step-is-over")
        self.silent = host
        self.pace.check(host)
        self.silent = None
        self.left -= 1

    def meet(self, host: str) -> None:
        """Count an actor that was fetched from `host`."""
        self.actors += 1
        self.pace.note_actor(host)

    def miss(self, host: str) -> None:
        """Count a fetch in vain from a server that what we read only names."""
        if host != self.home:
            self.pace.note_in_vain(host)

    def heed(self, host: str, error: UnavailableError) -> None:
        """Keep who did not answer, and leave a host alone that asked for it."""
        self.silent = host
        if error.retry_after:
            self.pace.rest(host, error.retry_after)
