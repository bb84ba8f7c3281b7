from datetime import UTC, datetime, timedelta

import pytest

from feeds.ingest.schedule import (
    Rhythm,
    base_interval,
    max_age_of,
    median_gap_seconds,
    next_after_failure,
    next_after_success,
    wait_until,
)

NOW = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
DAY = 86_400
MIDDLE = 0.5


def interval(**known):
    return next_after_success(Rhythm(**known), NOW, MIDDLE) - NOW


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, timedelta(hours=6)),
        ({"median_gap_seconds": 60}, timedelta(minutes=30)),
        ({"median_gap_seconds": 6 * 3600}, timedelta(hours=2)),
        ({"median_gap_seconds": 30 * DAY}, timedelta(hours=24)),
        ({"median_gap_seconds": 60, "ttl_minutes": 1}, timedelta(minutes=30)),
        ({"median_gap_seconds": 60, "ttl_minutes": 180}, timedelta(hours=3)),
        ({"median_gap_seconds": 60, "ttl_minutes": 99_999}, timedelta(hours=24)),
        ({"median_gap_seconds": 60, "max_age_seconds": 7200}, timedelta(hours=2)),
        ({"median_gap_seconds": 60, "update_minutes": 60}, timedelta(hours=1)),
        ({"median_gap_seconds": 60, "update_minutes": 10}, timedelta(minutes=30)),
    ],
)
def test_a_working_feed_is_read_at_its_own_pace_and_never_more_than_it_asks(known, expected):
    assert interval(**known) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [(10, timedelta(minutes=30)), (61, timedelta(hours=12)), (366, timedelta(hours=24))],
)
def test_who_is_long_silent_is_asked_less(days, expected):
    quiet = Rhythm(median_gap_seconds=60, newest_entry_at=NOW - timedelta(days=days))

    assert base_interval(quiet, NOW) == expected


def test_in_august_and_september_quiet_feeds_get_their_rhythm_back():
    august = datetime(2026, 8, 20, tzinfo=UTC)
    quiet = Rhythm(median_gap_seconds=60, newest_entry_at=august - timedelta(days=400))

    assert base_interval(quiet, august) == timedelta(minutes=30)


def test_feeds_do_not_keep_step():
    rhythm = Rhythm(median_gap_seconds=30 * DAY)

    early, late = (next_after_success(rhythm, NOW, chance) - NOW for chance in (0.0, 1.0))

    assert early == timedelta(hours=24) * 0.9
    assert late == timedelta(hours=24) * 1.1


def test_a_failing_feed_is_asked_ever_less_and_never_given_up():
    hours = [
        round((next_after_failure(n, NOW, MIDDLE) - NOW) / timedelta(hours=1))
        for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 60)
    ]

    assert hours == [2, 4, 8, 16, 32, 64, 72, 72, 72, 168, 168]


def test_skipped_hours_and_days_get_no_request():
    night = Rhythm(median_gap_seconds=60, skip_hours=range(14), skip_days=[5])
    friday = datetime(2026, 11, 27, 23, 50, tzinfo=UTC)

    moment = next_after_success(night, friday, MIDDLE)

    assert moment.weekday() == 6
    assert moment.hour == 14


def test_a_feed_that_skips_every_hour_skips_none():
    never = Rhythm(median_gap_seconds=60, skip_hours=range(24))

    assert next_after_success(never, NOW, MIDDLE) == NOW + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, 0),
        ({"cache-control": "public, max-age=600"}, 600),
        ({"cache-control": "max-age=31536000"}, DAY),
        ({"cache-control": "max-age=soon"}, 0),
        ({"expires": "0"}, 0),
        ({"expires": "Mon, 23 Nov 2026 14:30:00 GMT"}, 3600),
        ({"expires": "Wed, 01 Jan 2099 00:00:00 GMT"}, DAY),
        ({"expires": "Mon, 01 Jan 2001 00:00:00 GMT"}, 0),
        ({"expires": "Mon, 23 Nov 2026 16:00:00 GMT", "cache-control": "max-age=60"}, 60),
    ],
)
def test_freshness_is_read_from_the_headers_and_clamped(headers, expected):
    assert max_age_of(headers, NOW) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("120", NOW + timedelta(minutes=2)),
        ("Mon, 23 Nov 2026 15:30:00 GMT", NOW + timedelta(hours=2)),
        ("1000000000", NOW + timedelta(days=7)),
        ("Wed, 01 Jan 2099 00:00:00 GMT", NOW + timedelta(days=7)),
        ("soon", None),
        ("", None),
        ("-5", None),
        ("Mon, 01 Jan 2001 00:00:00 GMT", None),
    ],
)
def test_retry_after_is_read_in_both_forms_and_clamped(text, expected):
    assert wait_until(text, NOW) == expected


def test_the_usual_gap_is_the_median_of_the_last_twelve():
    weekly = [NOW - timedelta(days=7 * n) for n in range(13)]
    long_ago = [NOW - timedelta(days=4000)]

    assert median_gap_seconds(weekly + long_ago) == 7 * DAY
    assert median_gap_seconds([NOW]) == 0
