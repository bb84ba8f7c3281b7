"""How often a publisher asks to be read (RSS 2.0 ttl, skipHours, skipDays; RSS 1.0 syndication).

feedparser keeps only the last hour and day, so these are read from the text itself.
"""

import re

from feeds.formats.document import ScheduleHints

_TTL = re.compile(r"<(?:[\w.-]+:)?ttl>\s*(\d{1,6})\s*<", re.IGNORECASE)
_HOURS_BLOCK = re.compile(
    r"<(?:[\w.-]+:)?skipHours>(.{0,4000}?)</(?:[\w.-]+:)?skipHours>", re.IGNORECASE | re.DOTALL
)
_DAYS_BLOCK = re.compile(
    r"<(?:[\w.-]+:)?skipDays>(.{0,4000}?)</(?:[\w.-]+:)?skipDays>", re.IGNORECASE | re.DOTALL
)
_VALUE = re.compile(r">\s*([A-Za-z]{3,12}|\d{1,2})\s*<")
_PERIOD = re.compile(r"<(?:[\w.-]+:)?updatePeriod>\s*([A-Za-z]{4,8})\s*<", re.IGNORECASE)
_FREQUENCY = re.compile(
    r"<(?:[\w.-]+:)?updateFrequency>\s*(\d{1,6}(?:\.\d{1,6})?)\s*<", re.IGNORECASE
)
_PERIOD_MINUTES = {
    "hourly": 60, "daily": 1_440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600,
}  # fmt: skip
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HOURS_IN_A_DAY = 24


def _values(block: re.Pattern[str], head: str) -> list[str]:
    match = block.search(head)
    return _VALUE.findall(match[1]) if match else []


def _update_minutes(head: str) -> int | None:
    period, frequency = _PERIOD.search(head), _FREQUENCY.search(head)
    minutes = _PERIOD_MINUTES.get(period[1].lower()) if period else None
    times = float(frequency[1]) if frequency else 1.0
    return round(minutes / times) if minutes and times > 0 else None


def read_hints(head: str) -> ScheduleHints:
    """Read the hints in the part of an RSS feed before its first item.

    Hour 24 is hour 0, unknown days are ignored, and a list that leaves no hour is no list.
    """
    hours = {
        int(value) % _HOURS_IN_A_DAY for value in _values(_HOURS_BLOCK, head) if value.isdigit()
    }
    days = {value.lower() for value in _values(_DAYS_BLOCK, head)}
    ttl = _TTL.search(head)
    return ScheduleHints(
        ttl_minutes=int(ttl[1]) or None if ttl else None,
        update_minutes=_update_minutes(head),
        skip_hours=frozenset(hours) if len(hours) < _HOURS_IN_A_DAY else frozenset(),
        skip_days=frozenset(_DAYS.index(day) for day in days if day in _DAYS),
    )
