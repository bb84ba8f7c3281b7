"""When to try again: pure arithmetic (contract.md, "Promises").

First after 15 to 30 seconds, then after 1, 2, 4 ... minutes up to 6 hours, each with 10 % jitter
either way, until 14 days have passed (votes: 7). A peer's own Retry-After is obeyed up to a day.
"""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

FIRST_SECONDS = (15.0, 30.0)
MINUTE_SECONDS = 60.0
LONGEST_SECONDS = 6 * 3600.0
JITTER = 0.1
GIVE_UP_AFTER = timedelta(days=14)
GIVE_UP_VOTES_AFTER = timedelta(days=7)
LONGEST_ADVICE_SECONDS = 24 * 3600.0


def wait_before(attempt: int, *, chance: float, retry_after: float | None = None) -> timedelta:
    """Return how long to wait before retry number `attempt` (1 is the first retry).

    `chance` in [0, 1) spreads the retries; `retry_after` (seconds) is a least waiting time.
    """
    if attempt <= 1:
        shortest, longest = FIRST_SECONDS
        seconds = shortest + (longest - shortest) * chance
    else:
        doublings = min(attempt - 2, 10)
        seconds = min(MINUTE_SECONDS * 2**doublings, LONGEST_SECONDS)
        seconds *= 1 - JITTER + 2 * JITTER * chance
    if retry_after is not None:
        seconds = max(seconds, min(retry_after, LONGEST_ADVICE_SECONDS))
    return timedelta(seconds=seconds)


def next_attempt(
    now: datetime,
    give_up_at: datetime,
    attempt: int,
    *,
    chance: float,
    retry_after: float | None = None,
) -> datetime | None:
    """Return when to try again; None when that would be later than `give_up_at`."""
    at = now + wait_before(attempt, chance=chance, retry_after=retry_after)
    return at if at <= give_up_at else None


def read_retry_after(value: str | None, now: datetime) -> float | None:
    """Return the seconds in a Retry-After header (RFC 9110 section 10.2.3); None for nonsense."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdecimal():
        return min(float(text[:12]), LONGEST_ADVICE_SECONDS)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    aware = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return min(max((aware - now).total_seconds(), 0.0), LONGEST_ADVICE_SECONDS)
