"""One member of a raw document at a time: tolerant where peers differ, strict where it matters.

Nulls and missing members are None. Lists stand where one value is meant and the other way round;
both are read. What has another type altogether is a MalformedError that names the member, because
guessing there is how two readers come to different conclusions.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from federation.errors import MalformedError
from federation.vocab.origin import origin_of
from federation.vocab.terms import PUBLIC, PUBLIC_ALIASES, JsonValue

Raw = Mapping[str, JsonValue]

MAX_RECIPIENTS = 1000
MAX_LINE = 500
MAX_TIME_LENGTH = 64
MAX_COUNT = 2**53
FIRST_YEAR, LAST_YEAR = 1900, 9998

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
    r"|[\U000e0000-\U000e007f]"
)


def read_text(raw: Raw, field: str) -> str | None:
    """Return a text, or the first language of its map; None when there is none or it is blank."""
    value = raw.get(field)
    if value is None:
        value = _first_text(raw.get(f"{field}Map"))
    if value is None:
        return None
    if not isinstance(value, str):
        raise MalformedError(field, "not a text")
    return value.replace("\x00", "") if value.strip() else None


def read_line(raw: Raw, field: str) -> str | None:
    """Return a one-line text such as a name or a title, without invisible and bidi characters.

    Longer than 500 characters is cut.
    """
    return clean_line(read_text(raw, field), MAX_LINE)


def clean_line(value: JsonValue, length: int) -> str | None:
    """Return a text on one line, cut, without invisible and bidi characters; else None."""
    if not isinstance(value, str):
        return None
    return " ".join(_INVISIBLE.sub("", value[: 4 * length]).split())[:length].strip() or None


def read_uri(raw: Raw, field: str) -> str:
    """Return an id that must be there: one plain http(s) address, never a list or an object."""
    value = raw.get(field)
    if not isinstance(value, str):
        raise MalformedError(field, "not one address")
    if not is_address(value):
        raise MalformedError(field, "not an http(s) address")
    return value


def read_reference(raw: Raw, field: str) -> str | None:
    """Return the id of something pointed to, given as id, as object with an id, or as list of one.

    Raises MalformedError when it points to several things or to no http(s) address.
    """
    value = raw.get(field)
    if isinstance(value, list) and len(value) <= 1:
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("id")
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise MalformedError(field, "not one address")
    if not is_address(value):
        raise MalformedError(field, "not an http(s) address")
    return value


def read_endpoint(raw: Raw, field: str) -> str | None:
    """Return the address of a collection or service; None when it is missing or unusable."""
    value = raw.get(field)
    if isinstance(value, dict):
        value = value.get("id")
    return value if isinstance(value, str) and is_address(value) else None


def read_recipients(raw: Raw, field: str) -> tuple[str, ...]:
    """Return ids, each once, in order, the public one in full; at most 1,000, the rest ignored.

    One that cannot be read is passed over (security.md A109): an audience becomes smaller by that,
    never larger. Raises MalformedError when the member is neither an id, an object nor a list.
    """
    given = raw.get(field)
    if given is not None and not isinstance(given, str | dict | list):
        raise MalformedError(field, "not recipients")
    found: dict[str, None] = {}
    for value in as_list(given)[:MAX_RECIPIENTS]:
        uri = value.get("id") if isinstance(value, dict) else value
        if not isinstance(uri, str):
            continue
        if uri in PUBLIC_ALIASES:
            found[PUBLIC] = None
        elif is_address(uri):
            found[uri] = None
    return tuple(found)


def read_time(raw: Raw, field: str) -> datetime | None:
    """Return an RFC 3339 time in UTC; without an offset it is taken for UTC; unreadable is None.

    So is the first or the last moment that a server can write when it means none at all (the years
    1 and 9999): there is no time of day in every time zone for those.
    """
    value = raw.get(field)
    if value is None:
        return None
    if not isinstance(value, str):
        raise MalformedError(field, "not a time")
    try:
        moment = datetime.fromisoformat(value.strip()[:MAX_TIME_LENGTH])
        moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if FIRST_YEAR <= moment.year <= LAST_YEAR else None


def read_flag(raw: Raw, field: str) -> bool | None:
    """Return a yes or no; None when the peer does not say."""
    value = raw.get(field)
    if value is not None and not isinstance(value, bool):
        raise MalformedError(field, "not true or false")
    return value


def read_count(raw: Raw, field: str) -> int | None:
    """Return a number of things; None when missing, negative or beyond what JSON can carry."""
    value = raw.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise MalformedError(field, "not a number")
    return int(value) if 0 <= value <= MAX_COUNT else None


def read_language(raw: Raw) -> str | None:
    """Return the language tag, lower case: `language`, `inLanguage`, or the one of contentMap."""
    named = (*as_list(raw.get("language")), *as_list(raw.get("inLanguage")))
    candidates = [one.get("identifier") if isinstance(one, dict) else one for one in named]
    texts = raw.get("contentMap")
    if isinstance(texts, dict) and len(texts) == 1:
        candidates.extend(texts)
    for value in candidates:
        if isinstance(value, str) and _LANGUAGE.fullmatch(value) and value.lower() != "und":
            return value.lower()
    return None


def as_list(value: JsonValue) -> list[JsonValue]:
    """Return a list as it is, nothing as an empty list, anything else as a list of one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def is_address(uri: str) -> bool:
    """Whether a text is a plain http(s) address."""
    try:
        origin_of(uri)
    except MalformedError:
        return False
    return True


def _first_text(texts: JsonValue) -> str | None:
    """Return the first text of a language map; Mbin sends maps with nulls."""
    if not isinstance(texts, dict):
        return None
    return next((text for text in texts.values() if isinstance(text, str)), None)
