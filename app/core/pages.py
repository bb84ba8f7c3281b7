"""Keyset pagination: a page starts after a (time, id) pair, so it never shifts under the reader."""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, Protocol, TypeVar

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from app.core.errors import InvalidInputError

PAGE_SIZE = 25
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MAX_CURSOR_LENGTH = 60
MAX_ID = 2**31 - 1  # what the narrowest column of our databases holds
MICROSECOND = timedelta(microseconds=1)
_CURSOR = re.compile(r"(?P<micros>-?[0-9]{1,20})\.(?P<id>[0-9]{1,20})")


class Sortable(Protocol):
    """A row with a time and an id to sort by."""

    @property
    def id(self) -> int:
        """Tells rows of the same time apart."""

    @property
    def sort_at(self) -> datetime:
        """The time it is listed by."""


T = TypeVar("T")
S = TypeVar("S", bound=Sortable)


@dataclass(frozen=True)
class Cursor:
    """A place in a list that is sorted by time and id, newest first."""

    at: datetime
    id: int


@dataclass(frozen=True)
class PageRequest:
    """Which page is asked for: older than a cursor, newer than one, or the first."""

    older_than: Cursor | None = None
    newer_than: Cursor | None = None
    size: int = PAGE_SIZE


@dataclass(frozen=True)
class Page(Generic[T]):
    """The rows of a page and the cursors of its neighbours (None: there is none)."""

    items: list[T]
    newer: str | None = None
    older: str | None = None


def encode_cursor(at: datetime, row_id: int) -> str:
    """Return the cursor of a row as a short URL-safe text."""
    micros = (at - EPOCH) // MICROSECOND
    raw = f"{micros}.{row_id}".encode("ascii")
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def decode_cursor(text: str) -> Cursor:
    """Read a cursor; raises InvalidInputError when it is none of ours."""
    try:
        if len(text) > MAX_CURSOR_LENGTH:
            raise ValueError
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
        found = _CURSOR.fullmatch(raw)
        if found is None:
            raise ValueError
        at = EPOCH + timedelta(microseconds=int(found["micros"]))
        return Cursor(at, min(int(found["id"]), MAX_ID))
    except (ValueError, binascii.Error, OverflowError, UnicodeDecodeError) as error:
        raise InvalidInputError("voor", _("Dit pagina-adres klopt niet.")) from error


def page_request(args: Mapping[str, str], *, size: int = PAGE_SIZE) -> PageRequest:
    """Read `voor` (older) and `na` (newer) from a query string."""
    older, newer = args.get("voor"), args.get("na")
    return PageRequest(
        older_than=decode_cursor(older) if older else None,
        newer_than=decode_cursor(newer) if newer and not older else None,
        size=size,
    )


def keyset(
    statement: Select[S],
    sort_at: InstrumentedAttribute[datetime],
    row_id: InstrumentedAttribute[int],
    wanted: PageRequest,
) -> Select[S]:
    """Limit `statement` to the rows of a page, one more than its size."""
    if wanted.newer_than is not None:
        statement = statement.where(_after(sort_at, row_id, wanted.newer_than))
        return statement.order_by(sort_at.asc(), row_id.asc()).limit(wanted.size + 1)
    if wanted.older_than is not None:
        statement = statement.where(_before(sort_at, row_id, wanted.older_than))
    return statement.order_by(sort_at.desc(), row_id.desc()).limit(wanted.size + 1)


def _before(
    sort_at: InstrumentedAttribute[datetime], row_id: InstrumentedAttribute[int], cursor: Cursor
) -> ColumnElement[bool]:
    return or_(sort_at < cursor.at, and_(sort_at == cursor.at, row_id < cursor.id))


def _after(
    sort_at: InstrumentedAttribute[datetime], row_id: InstrumentedAttribute[int], cursor: Cursor
) -> ColumnElement[bool]:
    return or_(sort_at > cursor.at, and_(sort_at == cursor.at, row_id > cursor.id))


def make_page(rows: Sequence[S], wanted: PageRequest) -> Page[S]:
    """Turn the rows that `keyset` selected into a page, newest first."""
    has_more = len(rows) > wanted.size
    items = list(rows[: wanted.size])
    backwards = wanted.newer_than is not None
    if backwards:
        items.reverse()
    if not items:
        return Page([])
    has_newer = has_more if backwards else wanted.older_than is not None
    has_older = True if backwards else has_more
    first, last = items[0], items[-1]
    return Page(
        items,
        newer=encode_cursor(first.sort_at, first.id) if has_newer else None,
        older=encode_cursor(last.sort_at, last.id) if has_older else None,
    )
