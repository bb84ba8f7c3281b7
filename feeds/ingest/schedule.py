"""When a feed is read again: rules only, no rows (feeds-and-directory.md 7.4). Pure.

A feed that works is read about three times between two entries, never more than its publisher
asks; one that fails is asked ever less, and never given up.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise
from typing import Final

SHORTEST: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=24)
UNKNOWN_RHYTHM: Final = timedelta(hours=6)
QUIET_AFTER: Final = timedelta(days=60)
QUIET_INTERVAL: Final = timedelta(hours=12)
ASLEEP_AFTER: Final = timedelta(days=365)
# Education wakes up in these months: quiet feeds get their own rhythm back.
WAKING_MONTHS: Final = frozenset({8, 9})
FIRST_RETRY: Final = timedelta(hours=2)
LONGEST_RETRY: Final = timedelta(days=3)
DOUBLINGS: Final = 9
FOREVER: Final = timedelta(days=7)
LONGEST_WAIT: Final = timedelta(days=7)
UNTOLD_WAIT: Final = timedelta(hours=1)
SLACK: Final = 0.1
GAPS: Final = 12
_HOURS_IN_A_WEEK: Final = 24 * 7


@dataclass(frozen=True)
class Rhythm:
    """What the next time depends on; zero and empty mean that nothing is known.

    `skip_hours` are GMT, `skip_days` count Monday as 0 (RSS 2.0).
    """

    median_gap_seconds: int = 0
    newest_entry_at: datetime | None = None
    max_age_seconds: int = 0
    ttl_minutes: int = 0
    update_minutes: int = 0
    skip_hours: Collection[int] = ()
    skip_days: Collection[int] = ()


def next_after_success(rhythm: Rhythm, now: datetime, chance: float) -> datetime:
    """Return when to read a working feed again; `chance` (0 to 1) spreads feeds by +-10 %."""
    interval = max(base_interval(rhythm, now), _asked_interval(rhythm))
    interval = min(interval, LONGEST)
    return _skip_forward(now + _jittered(interval, chance), rhythm)


def next_after_failure(attempts: int, now: datetime, chance: float) -> datetime:
    """Return when to try a feed again that failed `attempts` times: 2 h, 4 h ... 3 days, weekly."""
    interval = FOREVER
    if attempts <= DOUBLINGS:
        interval = min(FIRST_RETRY * 2 ** (max(attempts, 1) - 1), LONGEST_RETRY)
    return now + _jittered(interval, chance)


def base_interval(rhythm: Rhythm, now: datetime) -> timedelta:
    """Return a third of the usual gap between entries, and longer for who has long been silent."""
    gap = timedelta(seconds=rhythm.median_gap_seconds)
    usual = min(max(gap / 3, SHORTEST), LONGEST) if gap else UNKNOWN_RHYTHM
    if rhythm.newest_entry_at is None or now.month in WAKING_MONTHS:
        return usual
    silence = now - rhythm.newest_entry_at
    if silence > ASLEEP_AFTER:
        return LONGEST
    return max(usual, QUIET_INTERVAL) if silence > QUIET_AFTER else usual


def median_gap_seconds(moments: Collection[datetime]) -> int:
    """Return the median time between the newest moments, in seconds; 0 with fewer than two."""
    newest = sorted(moments, reverse=True)[: GAPS + 1]
    gaps = sorted((later - earlier).total_seconds() for later, earlier in pairwise(newest))
    return max(1, int(gaps[len(gaps) // 2])) if gaps else 0


def max_age_of(headers: Mapping[str, str], now: datetime) -> int:
    """Return for how many seconds an answer says it stays fresh; 0 when it does not say.

    Cache-Control wins over Expires (RFC 9111 section 5.3); both are cut at 24 hours.
    """
    longest = int(LONGEST.total_seconds())
    for part in headers.get("cache-control", "").split(","):
        name, _, value = part.strip().partition("=")
        digits = value.strip('" ')
        if name.strip().lower() == "max-age" and digits.isdecimal():
            return min(int(digits[:10]), longest)
    expires = _http_date(headers.get("expires", ""))
    if expires is None:
        return 0
    lifetime = expires - (_http_date(headers.get("date", "")) or now)
    return min(max(int(lifetime.total_seconds()), 0), longest)


def wait_until(retry_after: str, now: datetime) -> datetime | None:
    """Return until when Retry-After asks to wait, at most 7 days; None when it does not say.

    Both forms are read: seconds and an HTTP date (RFC 9110 section 10.2.3).
    """
    text = retry_after.strip()
    if text.isdecimal():
        seconds = min(int(text[:12]), int(LONGEST_WAIT.total_seconds()))
        return now + timedelta(seconds=seconds) if seconds else None
    moment = _http_date(text)
    if moment is None or moment <= now:
        return None
    return min(moment, now + LONGEST_WAIT)


def _asked_interval(rhythm: Rhythm) -> timedelta:
    """Return the longest of what the publisher asks for; a hint under half an hour is no hint."""
    update = timedelta(minutes=rhythm.update_minutes)
    return max(
        timedelta(seconds=rhythm.max_age_seconds),
        timedelta(minutes=rhythm.ttl_minutes),
        update if update > SHORTEST else timedelta(),
    )


def _jittered(interval: timedelta, chance: float) -> timedelta:
    return interval * (1 + SLACK * (2 * chance - 1))


def _skip_forward(moment: datetime, rhythm: Rhythm) -> datetime:
    """Move on to the first hour in which the publisher wants to be asked; if there is one."""
    for hours in range(_HOURS_IN_A_WEEK):
        candidate = moment + timedelta(hours=hours)
        if candidate.hour not in rhythm.skip_hours and candidate.weekday() not in rhythm.skip_days:
            return candidate
    return moment


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
