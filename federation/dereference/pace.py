"""How fast we may read from another server (federation.md 4.3; security.md A101, A104).

At most ten actors a second that are new to us, and nothing while it asked to be left alone. Where
one server sends us to another, with what it says or lists, that ends within the hour: per server
asked, per server that sends, and for the two together; and after twenty times in vain. One that
sends us in vain, or too often, keeps no other from doing so. Kept in memory: a new start costs a
peer one more request.
"""

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Final, TypeAlias, TypeVar

from flask import current_app

from app.core.clock import utcnow
from federation.errors import UnavailableError
from federation.vocab.origin import registered_domain

EXTENSION: Final = "federation_pace"
ACTORS_PER_SECOND: Final = 10
SECOND: Final = timedelta(seconds=1)
HOUR: Final = timedelta(hours=1)
MOST_IN_VAIN: Final = 20
MAX_HOSTS: Final = 5_000
PER_PAIR: Final = 600  # GETs an hour from one server because of what one other says
PER_ASKED: Final = 1_800  # the same because of what all others say
PER_BRINGER: Final = 3_600  # from all others because of what one says
FETCHES_PER_STEP: Final = 100
STEP_SECONDS: Final = 20.0
ANYBODY: Final = ""
_Pair: TypeAlias = tuple[str, str]  # who sends us, to whom
_Hour: TypeAlias = tuple[datetime, int]  # since when, how often
T = TypeVar("T")


class PausedError(UnavailableError):
    """Enough for this moment; nobody is to blame, and what is left is read in the next step."""


class RestingError(UnavailableError):
    """The server is left alone for a while: it asked for that, or asking was in vain too often."""


@dataclass
class Pace:
    """What one process remembers of the servers it reads from; safe to share between threads."""

    now: Callable[[], datetime] = utcnow
    _met: dict[str, deque[datetime]] = field(default_factory=dict)
    _in_vain: dict[_Pair, deque[datetime]] = field(default_factory=dict)
    _resting: dict[_Pair, datetime] = field(default_factory=dict)
    _sent: "OrderedDict[_Pair, _Hour]" = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def check(self, host: str, bringer: str = ANYBODY) -> None:
        """Raise RestingError or PausedError when `host` must not be asked at the moment.

        `bringer` is the server that sends us there.
        """
        with self._lock:
            now = self.now()
            for pair in {(ANYBODY, host), (bringer, host)}:
                until = self._resting.get(pair)
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

    def send(self, bringer: str, host: str) -> None:
        """Count a GET from `host` because of what `bringer` says; raises RestingError."""
        by = registered_domain(bringer)
        limits = {(by, host): PER_PAIR, (ANYBODY, host): PER_ASKED, (by, ANYBODY): PER_BRINGER}
        with self._lock:
            now = self.now()
            hours = {pair: self._hour(pair, now) for pair in limits}
            for pair, limit in limits.items():
                began, count = hours[pair]
                if count >= limit:
                    raise RestingError("enough-of-this-host", (began + HOUR - now).total_seconds())
            for pair, (began, count) in hours.items():
                self._sent[pair] = (began, count + 1)
                self._sent.move_to_end(pair)
            while len(self._sent) > MAX_HOSTS:
                self._sent.popitem(last=False)

    def note_in_vain(self, bringer: str, host: str) -> None:
        """Count a fetch to which a third server sent us and that gave nothing."""
        pair = (bringer, host)
        with self._lock:
            now = self.now()
            times = _since(self._in_vain.setdefault(pair, deque()), now - HOUR)
            times.append(now)
            if len(times) >= MOST_IN_VAIN:
                self._resting[pair] = now + HOUR
            self._forget(now)

    def rest(self, host: str, seconds: float) -> None:
        """Leave `host` alone for as long as it asked (Retry-After)."""
        with self._lock:
            until = self.now() + timedelta(seconds=seconds)
            pair = (ANYBODY, host)
            self._resting[pair] = max(until, self._resting.get(pair, until))

    def _hour(self, pair: _Pair, now: datetime) -> _Hour:
        """Return when the hour of a pair began, and what was counted in it."""
        began, count = self._sent.get(pair, (now, 0))
        return (began, count) if now - began < HOUR else (now, 0)

    def _forget(self, now: datetime) -> None:
        """Keep no more than some thousand hosts in mind (security.md A111)."""
        _drop_old(self._met, now - SECOND)
        _drop_old(self._in_vain, now - HOUR)
        if len(self._resting) > MAX_HOSTS:
            self._resting = {pair: at for pair, at in self._resting.items() if at > now}


def _drop_old(times: dict[T, deque[datetime]], start: datetime) -> None:
    if len(times) > MAX_HOSTS:
        old = [key for key, found in times.items() if not _since(found, start)]
        for key in old or list(times)[: MAX_HOSTS // 2]:
            del times[key]


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

    @property
    def bringer(self) -> str:
        """Whose list sends us to other servers."""
        return self.home or ANYBODY

    def pay(self, host: str) -> None:
        """Take one request to `host` off the budget; raises PausedError or RestingError."""
        if self.left <= 0 or time.monotonic() > self.until:
            raise PausedError("step-is-over")
        self.silent = host
        self.pace.check(host, self.bringer)
        if host != self.home:
            self.pace.send(self.bringer, host)
        self.silent = None
        self.left -= 1

    def meet(self, host: str) -> None:
        """Count an actor that was fetched from `host`."""
        self.actors += 1
        self.pace.note_actor(host)

    def miss(self, host: str) -> None:
        """Count a fetch in vain from a server that what we read only names."""
        if host != self.home:
            self.pace.note_in_vain(self.bringer, host)

    def heed(self, host: str, error: UnavailableError) -> None:
        """Keep who did not answer, and leave a host alone that asked for it."""
        self.silent = host
        if error.retry_after:
            self.pace.rest(host, error.retry_after)
