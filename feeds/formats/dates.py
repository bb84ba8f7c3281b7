"""Dates as feeds write them, to aware UTC times.

Reads RFC 822 and its habits, RFC 3339 and ISO 8601, asctime, Dutch and English month names,
day-first numbers (14-03-2024), two-digit years (RFC 2822 section 4.3) and Unix seconds. A time
without zone is Europe/Amsterdam. Relative words ("vandaag") say nothing lasting and count as no
date, as do the default dates of content systems (year 1, 1970-01-01). The future is kept.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from feeds.formats import limits

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
FIRST_YEAR, LAST_YEAR = 1971, 9998  # the last one that is a date in every time zone
_MONTH_NAMES = (
    "jan januari january",
    "feb febr februari february",
    "mrt maa maart mar march",
    "apr april",
    "mei may",
    "jun juni june",
    "jul juli july",
    "aug augustus august",
    "sep sept september",
    "okt oktober oct october",
    "nov november",
    "dec december",
)
_MONTHS = {word: n for n, names in enumerate(_MONTH_NAMES, 1) for word in names.split()}
# RFC 822 section 5.1, and the names seen in Europe. Hours from UTC.
_ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 1, "west": 1,
    "cet": 1, "met": 1, "mez": 1, "cest": 2, "mest": 2, "mesz": 2, "eet": 2, "eest": 3,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip
_CLOCK = (
    r"(?P<hour>\d{1,2})(?:[:.u](?P<minute>\d{2}))(?:[:.](?P<second>\d{2}))?(?:[.,]\d+)?"
    r"(?:\s*(?P<half>[ap])\.?m\b\.?)?(?:\s*uur\b)?"
)
_OFFSET = r"\s*\(?(?P<zone>[a-z]{1,5}\b)?\)?\s*(?P<offset>[+-]\d{1,2}:?(?:\d{2})?\b)?"
_CLOCK_AND_ZONE = re.compile(_CLOCK + _OFFSET, re.ASCII)
_COMPACT_CLOCK = re.compile(
    r"(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?(?P<half>(?!))?" + _OFFSET, re.ASCII
)
_WHOLE_HOUR = re.compile(r"\b(?P<hour>\d{1,2})\s*(?:uur|u)\b", re.ASCII)
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})(?:(?P<sep>[-/.])(?P<month>\d{1,2})(?:(?P=sep)(?P<day>\d{1,2}))?"
    r"|(?P<month2>\d{2})(?P<day2>\d{2}))?(?!\d{5})(?:[t\s,]*(?P<rest>.*))?",
    re.ASCII | re.DOTALL,
)
_DAY_FIRST = re.compile(
    r"(?:[a-z]+\.?,?\s+)?(?P<day>\d{1,2})(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)"
    r"(?P<year>\d{4}|\d{2})(?!\d)(?P<rest>.*)",
    re.ASCII | re.DOTALL,
)
_TIMED_YEAR = re.compile(r"(?P<date>\d{8})(?P<clock>\d{4}(?:\d{2})?)(?P<zone>\D.*)?", re.ASCII)
_UNIX = re.compile(r"\d{10}|\d{13}", re.ASCII)
_WORDS = re.compile(r"[a-z]+|\d+", re.ASCII)
_FOUR_DIGITS = 4
_MAX_DAY = 31
_MAX_MONTH = 12
_PIVOT = 50
_MILLISECOND_DIGITS = 13
_MAX_OFFSET_HOURS = 24

_Day = tuple[int, int, int]


def parse_date(text: str | None) -> datetime | None:
    """Find the moment a feed means, in UTC; None when it names none we can rely on."""
    if not text:
        return None
    words = " ".join(text[: limits.DATE_TEXT].lower().split())
    for read in (_read_unix, _read_compact, _read_year_first, _read_day_first, _read_named_month):
        try:
            moment = read(words)
        except (ValueError, OverflowError):
            return None
        if moment:
            return moment if FIRST_YEAR <= moment.year <= LAST_YEAR else None
    return None


def _read_unix(words: str) -> datetime | None:
    if not _UNIX.fullmatch(words):
        return None
    seconds = int(words) / (1000 if len(words) == _MILLISECOND_DIGITS else 1)
    return datetime.fromtimestamp(seconds, UTC)


def _read_compact(words: str) -> datetime | None:
    match = _TIMED_YEAR.fullmatch(words)
    if not match:
        return None
    date = match["date"]
    day = (int(date[:4]), int(date[4:6]), int(date[6:]))
    return _moment(day, _COMPACT_CLOCK.match(match["clock"] + (match["zone"] or "")))


def _read_year_first(words: str) -> datetime | None:
    match = _YEAR_FIRST.fullmatch(words)
    if not match or not (match["month"] or match["month2"]):
        return None
    day = (int(match["year"]), int(match["month"] or match["month2"]))
    rest = match["rest"] or ""
    clock = _CLOCK_AND_ZONE.match(rest) or _COMPACT_CLOCK.match(rest)
    return _moment((*day, int(match["day"] or match["day2"] or 1)), clock)


def _read_day_first(words: str) -> datetime | None:
    match = _DAY_FIRST.fullmatch(words)
    if not match:
        return None
    day, month = int(match["day"]), int(match["month"])
    if month > _MAX_MONTH >= day:
        day, month = month, day
    date = (_full_year(match["year"]), month, day)
    return _moment(date, _find_clock(match["rest"])[0])


def _read_named_month(words: str) -> datetime | None:
    clock, rest = _find_clock(words)
    tokens = _WORDS.findall(rest)
    month = next((_MONTHS[token] for token in tokens if token in _MONTHS), None)
    numbers = [token for token in tokens if token.isdigit()]
    years = [number for number in numbers if len(number) == _FOUR_DIGITS]
    days = [number for number in numbers if len(number) <= 2]  # noqa: PLR2004  a day has two digits
    if month is None or not days:
        return None
    if years:
        return _moment((int(years[0]), month, int(days[0])), clock)
    if len(days) == 1:
        return None
    day, year = (days[1], days[0]) if int(days[0]) > _MAX_DAY else (days[0], days[1])
    return _moment((_full_year(year), month, int(day)), clock)


def _find_clock(words: str) -> tuple[re.Match[str] | None, str]:
    """Find the time of day in a text, and the text without it."""
    clock = _CLOCK_AND_ZONE.search(words) or _WHOLE_HOUR.search(words)
    if clock is None:
        return None, words
    return clock, f"{words[: clock.start()]} {words[clock.end() :]}"


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) == _FOUR_DIGITS:
        return year
    return year + (2000 if year < _PIVOT else 1900)


def _moment(day: _Day, clock: re.Match[str] | None) -> datetime:
    found = clock.groupdict() if clock else {}
    hour, minute = int(found.get("hour") or 0), int(found.get("minute") or 0)
    if found.get("half"):
        hour = hour % 12 + (12 if found["half"] == "p" else 0)
    extra = timedelta(days=1) if (hour, minute) == (24, 0) else timedelta()
    second = min(int(found.get("second") or 0), 59)  # a leap second is 60
    naive = datetime(*day, 0 if extra else hour, minute, second) + extra  # noqa: DTZ001  zone next
    return naive.replace(tzinfo=_zone(found)).astimezone(UTC)


def _zone(found: dict[str, str | None]) -> tzinfo:
    offset = found.get("offset")
    if offset:
        digits = offset[1:].replace(":", "").ljust(_FOUR_DIGITS, "0")
        hours, minutes = (digits[:2], digits[2:]) if offset[2:3].isdigit() else (digits[:1], "00")
        shift = timedelta(hours=int(hours), minutes=int(minutes))
        if shift >= timedelta(hours=_MAX_OFFSET_HOURS):
            raise ValueError(offset)
        return timezone(-shift if offset.startswith("-") else shift)
    name = found.get("zone") or ""
    return timezone(timedelta(hours=_ZONES[name])) if name in _ZONES else AMSTERDAM
