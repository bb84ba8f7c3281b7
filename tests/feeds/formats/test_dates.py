from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.formats.dates import AMSTERDAM, parse_date


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Mon, 05 Feb 2024 10:00:00 +0100", utc(2024, 2, 5, 9)),
        ("05 Feb 24 10:00 EST", utc(2024, 2, 5, 15)),
        ("Thu, 01 Jan 99 00:00:00 GMT", utc(1999, 1, 1)),
        ("Sat Jan 01 00:00:00 UTC 2004", utc(2004, 1, 1)),
        ("2024-03-14T09:05:00.123456Z", utc(2024, 3, 14, 9, 5)),
        ("2024-03-14T09:05:00+01", utc(2024, 3, 14, 8, 5)),
        ("20240314T090500Z", utc(2024, 3, 14, 9, 5)),
        ("20240314090500", utc(2024, 3, 14, 8, 5)),
        ("1709280000", utc(2024, 3, 1, 8)),
        ("1709280000000", utc(2024, 3, 1, 8)),
        ("May 5, 2024 12:04 AM", utc(2024, 5, 4, 22, 4)),
        ("Fri, 31 Dec 1999 24:00:00 GMT", utc(2000, 1, 1)),
        ("Sat, 31 Dec 2016 23:59:60 GMT", utc(2016, 12, 31, 23, 59, 59)),
    ],
)
def test_dates_of_the_standards_and_their_habits_are_read(text, moment):
    assert parse_date(text) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("ma, 05 feb 2024 10:00:00 +0100", utc(2024, 2, 5, 9)),
        ("maandag 5 februari 2024", utc(2024, 2, 4, 23)),
        ("do 14 mrt 2024 09:05", utc(2024, 3, 14, 8, 5)),
        ("14 maart 2024 om 9.05 uur", utc(2024, 3, 14, 8, 5)),
        ("14 maart 2024, 9 uur", utc(2024, 3, 14, 8)),
        ("14 maart 2024 9u05", utc(2024, 3, 14, 8, 5)),
        ("za 31 aug. 2024 20:00", utc(2024, 8, 31, 18)),
        ("05-mrt-24 10:00", utc(2024, 3, 5, 9)),
        ("1 mei 2024", utc(2024, 4, 30, 22)),
        ("1 OKT 2024", utc(2024, 9, 30, 22)),
        ("14-03-2024 09:05", utc(2024, 3, 14, 8, 5)),
        ("03-04-2024", utc(2024, 4, 2, 22)),
        ("14/3/24", utc(2024, 3, 13, 23)),
        ("14.03.2024 10:30", utc(2024, 3, 14, 9, 30)),
    ],
)
def test_dutch_dates_are_day_first_and_in_dutch_time(text, moment):
    assert parse_date(text) == moment


def test_an_american_date_is_read_when_it_can_be_nothing_else():
    assert parse_date("12/25/2024 12:00 GMT") == utc(2024, 12, 25, 12)


def test_a_time_without_zone_is_amsterdam_in_summer_and_winter_alike():
    assert parse_date("2024-07-01T10:00:00") == utc(2024, 7, 1, 8)
    assert parse_date("2024-01-01T10:00:00") == utc(2024, 1, 1, 9)


@pytest.mark.parametrize(
    "text",
    [
        None, "", "vandaag", "gisteren om 10:00", "binnenkort", "Mon, 01 Jan 0001 00:00:00 +0000",
        "0000-00-00T00:00:00Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2024-02-30",
        "31-31-2024", "2024", "maart", "maart 2024",
        "5 maart", "9999-12-31T23:59:59-05:00", "2024-03-14T09:05:00+99:00", "x" * 10_000,
    ],
)  # fmt: skip
def test_what_names_no_reliable_moment_counts_as_no_date(text):
    assert parse_date(text) is None


def test_the_future_is_kept():
    assert parse_date("Fri, 20 Nov 2099 09:00:00 +0100") == utc(2099, 11, 20, 8)


@given(st.text(max_size=60))
def test_any_text_gives_a_utc_moment_or_none(text):
    moment = parse_date(text)

    assert moment is None or (moment.tzinfo is UTC and moment.year >= 1971)


@given(
    st.text(alphabet="0123456789-/.: +TZumaertfbjnlsipokdvgw,", max_size=40),
)
def test_almost_dates_never_raise(text):
    moment = parse_date(text)

    assert moment is None or moment.utcoffset() == timedelta()


@given(
    st.datetimes(datetime(1971, 1, 2), datetime(2150, 1, 1)),  # noqa: DTZ001 - made aware below
    st.sampled_from(
        ["%d-%m-%Y %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%a, %d %b %Y %H:%M:%S", "%d %B %Y %H:%M:%S"]
    ),
)
def test_a_local_time_in_every_common_shape_comes_back(naive, shape):
    naive = naive.replace(microsecond=0)

    moment = parse_date(naive.strftime(shape))

    assert moment == naive.replace(tzinfo=AMSTERDAM).astimezone(UTC)


@given(
    st.datetimes(
        datetime(1971, 1, 2),  # noqa: DTZ001 - hypothesis makes it aware
        datetime(2150, 1, 1),  # noqa: DTZ001 - hypothesis makes it aware
        timezones=st.just(UTC),
    )
)
def test_rfc_3339_times_come_back_to_the_second(moment):
    assert parse_date(moment.isoformat()) == moment.replace(microsecond=0)
