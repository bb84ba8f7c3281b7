"""How much one host may send: a bucket of tokens per host, in memory (federation.md 5.7).

Only a verified activity costs a token of the host that signed it, so nobody can empty another
server's bucket. What fails costs a token of the network address it came from.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Lock

from federation.errors import FederationError

PER_SECOND = 10.0
BURST = 2000.0
MAX_BUCKETS = 10_000


class TooManyError(FederationError):
    """A host sends more than it may; `retry_after` in seconds says when to go on."""

    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, retry_after: float) -> None:
        super().__init__("too-many-requests")
        self.retry_after = retry_after


@dataclass
class Buckets:
    """Token buckets that fill by themselves; the least recently used are forgotten."""

    per_second: float = PER_SECOND
    burst: float = BURST
    seconds: Callable[[], float] = time.monotonic
    _levels: "OrderedDict[str, tuple[float, float]]" = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def check(self, name: str) -> None:
        """Raise TooManyError when the bucket is empty."""
        with self._lock:
            level = self._level(name)
        if level < 1:
            raise TooManyError((1 - level) / self.per_second)

    def take(self, name: str) -> None:
        """Take one token, if there is one."""
        with self._lock:
            level = max(self._level(name) - 1, 0.0)
            self._levels[name] = (level, self.seconds())
            self._levels.move_to_end(name)
            while len(self._levels) > MAX_BUCKETS:
                self._levels.popitem(last=False)

    def _level(self, name: str) -> float:
        level, at = self._levels.get(name, (self.burst, 0.0))
        return min(self.burst, level + (self.seconds() - at) * self.per_second)
