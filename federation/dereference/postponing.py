"""When a reading that was interrupted goes on: pure arithmetic over the schedule of retries."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.core.clock import utcnow
from federation.dereference.pace import PausedError
from federation.errors import UnavailableError
from federation.transport.backoff import wait_before

MAX_ATTEMPTS: Final = 10


@dataclass(frozen=True)
class Later:
    """The next time, how often it failed by then, and why; without a reason it only paused."""

    at: datetime
    attempts: int
    reason: str | None = None
    is_given_up: bool = False


def postpone(attempts: int, error: UnavailableError) -> Later:
    """Return when to go on: soon after a pause, ever later when the server does not answer."""
    now = utcnow()
    if isinstance(error, PausedError):
        return Later(now + timedelta(seconds=error.retry_after or 0), 0)
    attempts += 1
    chance = random.random()  # noqa: S311 - spreads retries, protects nothing
    wait = wait_before(attempts, chance=chance, retry_after=error.retry_after)
    return Later(now + wait, attempts, error.reason, is_given_up=attempts > MAX_ATTEMPTS)
