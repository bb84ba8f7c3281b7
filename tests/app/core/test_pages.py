"""Pages by (time, id): whoever walks sees each row once, whatever is written meanwhile."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import StaticPool

from app.core.columns import Instant, RowId
from app.core.errors import InvalidInputError
from app.core.pages import (
    Page,
    PageRequest,
    decode_cursor,
    encode_cursor,
    keyset,
    make_page,
    page_request,
)

UNHURRIED = settings(deadline=None, max_examples=60)
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Own(DeclarativeBase):
    """Tables of this test alone."""


class Line(Own):
    """A row to be listed."""

    __tablename__ = "line"

    id: Mapped[RowId]
    sort_at: Mapped[Instant]
    text: Mapped[str] = mapped_column(default="")


@pytest.fixture(scope="module")
def lines() -> object:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    Own.metadata.create_all(engine)
    with Session(engine) as current:
        yield current
    engine.dispose()


def fill(current: Session, minutes: list[int]) -> None:
    current.query(Line).delete()
    current.add_all(Line(sort_at=NOON + timedelta(minutes=minute)) for minute in minutes)
    current.commit()


def read(current: Session, wanted: PageRequest) -> Page[Line]:
    statement = keyset(select(Line), Line.sort_at, Line.id, wanted)
    return make_page(list(current.scalars(statement)), wanted)


def newest_first(current: Session) -> list[int]:
    statement = select(Line.id).order_by(Line.sort_at.desc(), Line.id.desc())
    return list(current.scalars(statement))


def follow(page: Page[Line], direction: str, size: int) -> PageRequest | None:
    cursor = page.older if direction == "voor" else page.newer
    return None if cursor is None else page_request({direction: cursor}, size=size)


MINUTES = st.lists(st.integers(0, 5), max_size=25)
SIZES = st.integers(1, 6)


@UNHURRIED
@given(minutes=MINUTES, size=SIZES)
def test_walking_to_older_rows_visits_each_once(
    lines: Session, minutes: list[int], size: int
) -> None:
    fill(lines, minutes)
    seen: list[int] = []
    wanted: PageRequest | None = PageRequest(size=size)

    while wanted is not None:
        page = read(lines, wanted)
        assert len(page.items) <= size
        seen += [line.id for line in page.items]
        wanted = follow(page, "voor", size)

    assert seen == newest_first(lines)


@UNHURRIED
@given(minutes=MINUTES.filter(bool), size=SIZES)
def test_walking_back_to_newer_rows_visits_each_once(
    lines: Session, minutes: list[int], size: int
) -> None:
    fill(lines, minutes)
    order = newest_first(lines)
    oldest = lines.get_one(Line, order[-1])
    wanted: PageRequest | None = page_request(
        {"na": encode_cursor(oldest.sort_at, oldest.id)}, size=size
    )
    seen = [oldest.id]

    while wanted is not None:
        page = read(lines, wanted)
        seen = [line.id for line in page.items] + seen
        wanted = follow(page, "na", size)

    assert seen == order


@UNHURRIED
@given(minutes=MINUTES, size=SIZES, added=st.lists(st.integers(-3, 8), max_size=10))
def test_what_is_written_meanwhile_neither_hides_nor_doubles_a_row(
    lines: Session, minutes: list[int], size: int, added: list[int]
) -> None:
    fill(lines, minutes)
    known = newest_first(lines)
    seen: list[int] = []
    wanted: PageRequest | None = PageRequest(size=size)
    new = iter(added)

    while wanted is not None:
        page = read(lines, wanted)
        seen += [line.id for line in page.items]
        minute = next(new, None)
        if minute is not None:
            lines.add(Line(sort_at=NOON + timedelta(minutes=minute)))
            lines.commit()
        wanted = follow(page, "voor", size)

    assert len(seen) == len(set(seen))
    assert [row_id for row_id in seen if row_id in known] == known


def test_the_ends_have_no_neighbours(lines: Session) -> None:
    fill(lines, [1, 2, 3])

    first = read(lines, PageRequest(size=2))
    last = read(lines, page_request({"voor": first.older or ""}, size=2))
    back = read(lines, page_request({"na": last.newer or ""}, size=2))

    assert (first.newer, last.older) == (None, None)
    assert [line.id for line in back.items] == [line.id for line in first.items]
    assert (back.newer, back.older) == (None, first.older)


def test_an_empty_list_is_one_empty_page(lines: Session) -> None:
    fill(lines, [])

    assert read(lines, PageRequest()) == Page([])


@UNHURRIED
@given(
    at=st.datetimes(timezones=st.just(UTC)),
    row_id=st.integers(1, 2**31 - 1),
)
def test_a_cursor_says_exactly_what_was_put_in(at: datetime, row_id: int) -> None:
    cursor = decode_cursor(encode_cursor(at, row_id))

    assert (cursor.at, cursor.id) == (at, row_id)


def forge(raw: str) -> str:
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "é",
        "....",
        "A" * 61,
        forge("1"),
        forge("1.2.3"),
        forge("a.b"),
        forge("1.-5"),
        forge("1_0.5"),
        forge(" 1.5"),
        forge("1.5\n"),
        forge("٣.٣"),
        forge("99999999999999999999.1"),
        forge("-99999999999999999999.1"),
        forge(f"1.{'9' * 21}"),
    ],
)
def test_a_cursor_that_is_none_of_ours_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        decode_cursor(text)


@UNHURRIED
@given(st.text(max_size=70))
def test_no_text_whatever_breaks_the_reader_of_cursors(text: str) -> None:
    try:
        cursor = decode_cursor(text)
    except InvalidInputError:
        return

    assert 0 <= cursor.id < 2**31


def test_older_goes_before_newer_when_both_are_asked() -> None:
    cursor = encode_cursor(NOON, 3)

    wanted = page_request({"voor": cursor, "na": cursor})

    assert wanted.older_than is not None
    assert wanted.newer_than is None


def test_an_empty_cursor_asks_for_the_first_page() -> None:
    assert page_request({"voor": "", "na": ""}) == PageRequest()
