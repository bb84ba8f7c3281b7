"""Polls, meetings and durations of a raw document.

What cannot be used is skipped, never fatal: a poll with an odd answer is still a poll.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from federation.errors import MalformedError
from federation.vocab.carried import Meeting, Poll, PollOption
from federation.vocab.parse_fields import (
    Raw,
    as_list,
    clean_line,
    is_address,
    read_count,
    read_time,
)
from federation.vocab.terms import JsonValue

MAX_OPTIONS = 50
MAX_OPTION_LENGTH = 200
MAX_PLACES = 3
MAX_PLACE_LENGTH = 300
MAX_ORGANISERS = 5
ADDRESS_PARTS = ("streetAddress", "postalCode", "addressLocality", "addressCountry")

_DURATION = re.compile(
    r"P(?:(?P<days>\d{1,4})D)?"
    r"(?:T(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,9})(?:\.\d+)?S)?)?"
)


def read_poll(raw: Raw) -> Poll | None:
    """Return the poll of a Question: at most 50 answers; None when it has none."""
    is_multiple = not as_list(raw.get("oneOf"))
    found = as_list(raw.get("anyOf" if is_multiple else "oneOf"))[:MAX_OPTIONS]
    options = tuple(option for one in found if (option := _option(one)) is not None)
    if not options:
        return None
    closed = raw.get("closed")
    return Poll(
        options=options,
        is_multiple=is_multiple,
        closes_at=(read_time(raw, "closed") if isinstance(closed, str) else None)
        or _time(raw, "endTime"),
        is_closed=bool(closed),
        voters=_count(raw, "votersCount"),
    )


def read_meeting(raw: Raw) -> Meeting:
    """Return when and where an Event is held, as far as it says."""
    places = [one for one in as_list(raw.get("location"))[:MAX_PLACES] if isinstance(one, dict)]
    status = raw.get("ical:status") or raw.get("status")
    online = next((one.get("url") for one in places if one.get("type") == "VirtualLocation"), None)
    return Meeting(
        starts_at=_time(raw, "startTime"),
        ends_at=_time(raw, "endTime"),
        places=tuple(text for one in places if (text := _place(one))),
        online_url=_address(online) or _address(raw.get("onlineAddress")),
        sign_up_url=_address(raw.get("externalParticipationUrl")),
        organisers=tuple(_organisers(raw)),
        is_cancelled=isinstance(status, str) and status.upper() == "CANCELLED",
    )


def read_duration(raw: Raw) -> timedelta | None:
    """Return how long a Video or Audio lasts, as ISO 8601 says it; None when unusable."""
    value = raw.get("duration")
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    parts = {unit: int(number) for unit, number in match.groupdict().items() if number}
    return timedelta(**parts) or None


def _option(value: JsonValue) -> PollOption | None:
    if not isinstance(value, dict):
        return None
    name = clean_line(value.get("name"), MAX_OPTION_LENGTH)
    replies = value.get("replies")
    if name is None:
        return None
    return PollOption(name, _count(replies, "totalItems") if isinstance(replies, dict) else None)


def _place(place: Raw) -> str:
    """Return name and address of a place on one line; "" for a place on the web."""
    if place.get("type") == "VirtualLocation":
        return ""
    address = place.get("address")
    parts = [place.get("name")]
    if isinstance(address, dict):
        parts += [address.get(part) for part in ADDRESS_PARTS]
    else:
        parts.append(address)
    lines = [line for part in parts if (line := clean_line(part, MAX_PLACE_LENGTH)) is not None]
    return ", ".join(dict.fromkeys(lines))[:MAX_PLACE_LENGTH]


def _organisers(raw: Raw) -> Iterator[str]:
    """Yield the names of who holds it; only addresses are left to who knows the people."""
    for one in as_list(raw.get("organizers") or raw.get("organizer"))[:MAX_ORGANISERS]:
        named = one.get("name") if isinstance(one, dict) else one
        name = clean_line(named, MAX_OPTION_LENGTH)
        if name is not None and not is_address(name):
            yield name


def _address(value: JsonValue) -> str | None:
    return value if isinstance(value, str) and is_address(value) else None


def _time(raw: Raw, field: str) -> datetime | None:
    return read_time(raw, field) if isinstance(raw.get(field), str) else None


def _count(raw: Raw, field: str) -> int | None:
    try:
        return read_count(raw, field)
    except MalformedError:
        return None
