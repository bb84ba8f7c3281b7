"""What servers answered about handles, kept in this process for a while (security.md A105).

A thousand searches for one name cost one question, and an answer that leads nowhere is not asked
for again within the hour.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from flask import current_app

from federation.discovery.descriptor import Descriptor
from federation.discovery.handles import Handle
from federation.errors import RefusedError
from federation.transport.client import VanishedError

FOUND_SECONDS: Final = 3600.0
REFUSED_SECONDS: Final = 3600.0
NOBODY_SECONDS: Final = 300.0  # a name that is free now may be taken soon
MAX_KEPT: Final = 5000
EXTENSION: Final = "webfinger_memory"


@dataclass(frozen=True)
class _Kept:
    until: float
    descriptor: Descriptor | None
    error: RefusedError | None = None


@dataclass
class Memory:
    """Descriptors and refusals by handle; `seconds` is a monotonic clock. Safe between threads."""

    seconds: Callable[[], float] = time.monotonic
    _kept: "OrderedDict[str, _Kept]" = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def describe(self, handle: Handle, ask: Callable[[Handle], Descriptor]) -> Descriptor:
        """Return what is known of a handle, asking when nothing is.

        Raises RefusedError as `ask` does, also for what it said the last time; UnavailableError of
        `ask` is not remembered.
        """
        key = handle.acct.lower()
        kept = self._find(key)
        if kept is None:
            kept = self._ask(key, handle, ask)
        if kept.descriptor is None:
            raise kept.error or RefusedError("webfinger-refused")
        return kept.descriptor

    def _ask(self, key: str, handle: Handle, ask: Callable[[Handle], Descriptor]) -> _Kept:
        try:
            found = _Kept(self.seconds() + FOUND_SECONDS, ask(handle))
        except RefusedError as error:
            is_nobody = isinstance(error, VanishedError)
            wait = NOBODY_SECONDS if is_nobody else REFUSED_SECONDS
            found = _Kept(self.seconds() + wait, None, error)
        with self._lock:
            self._kept[key] = found
            self._kept.move_to_end(key)
            while len(self._kept) > MAX_KEPT:
                self._kept.popitem(last=False)
        return found

    def _find(self, key: str) -> _Kept | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and kept.until <= self.seconds():
                del self._kept[key]
                return None
            return kept


def memory() -> Memory:
    """Return the memory of the current application, made at first use."""
    found: Memory | None = current_app.extensions.get(EXTENSION)
    if found is None:
        found = current_app.extensions.setdefault(EXTENSION, Memory())
    return found
