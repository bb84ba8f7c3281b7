"""How much one owner of a domain may bring in within an hour (security.md A101, A119, BUDGET).

Wildcard names make endless servers, so what counts is the domain somebody registered, not the host.
What people here ask for, and what a group that they follow passes on, is not counted. Whom others
made us fetch counts for who did: nobody uses up what another may bring. In memory, per process: a
new start forgets it.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Lock
from typing import Final

from flask import current_app

from app.core.clock import utcnow
from federation.errors import RefusedError
from federation.vocab.origin import registered_domain

EXTENSION: Final = "federation_intake"
HOUR: Final = timedelta(hours=1)
MAX_DOMAINS: Final = 10_000


class Newcomer(StrEnum):
    """What a domain brings in."""

    ACTOR = "actor"  # who comes to us
    BROUGHT = "brought-actor"  # whom somebody else made us fetch: that keeps nobody out who comes
    POST = "post"
    EDIT = "edit"  # each is told to all who were told of the text


PER_HOUR: Final = {
    Newcomer.ACTOR: 400,
    Newcomer.BROUGHT: 400,
    Newcomer.POST: 1000,
    Newcomer.EDIT: 1000,
}


@dataclass
class Intake:
    """What each domain brought in since its hour began; safe to share between threads."""

    now: Callable[[], datetime] = utcnow
    _counts: "OrderedDict[tuple[str, Newcomer, str], tuple[datetime, int]]" = field(
        default_factory=OrderedDict
    )
    _lock: Lock = field(default_factory=Lock)

    def take(self, kind: Newcomer, host: str, bringer: str | None = None) -> None:
        """Count one newcomer of `host`; raises RefusedError when its domain has brought enough.

        `bringer` is the host that made us fetch it: then it is what that one brought from there.
        """
        by = "" if bringer is None else registered_domain(bringer)
        key = (registered_domain(host), kind, by)
        with self._lock:
            now = self.now()
            began, count = self._counts.get(key, (now, 0))
            if now - began >= HOUR:
                began, count = now, 0
            if count >= PER_HOUR[kind]:
                raise RefusedError(f"too-many-{kind.value}s-of-one-domain")
            self._counts[key] = (began, count + 1)
            self._counts.move_to_end(key)
            while len(self._counts) > MAX_DOMAINS:
                self._counts.popitem(last=False)


def current_intake() -> Intake:
    """Return the counts of the current application, made at first use."""
    found: Intake | None = current_app.extensions.get(EXTENSION)
    if found is None:
        found = current_app.extensions.setdefault(EXTENSION, Intake())
    return found
