from datetime import UTC, datetime, timedelta

import pytest

from federation.transport.backoff import next_attempt, read_retry_after, wait_before

NOW = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize("chance", [0.0, 0.5, 0.999])
def test_first_retry_comes_after_15_to_30_seconds(chance: float) -> None:
    assert timedelta(seconds=15) <= wait_before(1, chance=chance) <= timedelta(seconds=30)


@pytest.mark.parametrize(
    ("attempt", "minutes"), [(2, 1), (3, 2), (4, 4), (5, 8), (9, 128), (11, 360), (400, 360)]
)
def test_later_retries_double_up_to_six_hours(attempt: int, minutes: int) -> None:
    assert wait_before(attempt, chance=0.5) == timedelta(minutes=minutes)


def test_jitter_is_ten_percent_either_way() -> None:
    assert wait_before(2, chance=0.0) == timedelta(seconds=54)
    assert timedelta(seconds=65) < wait_before(2, chance=0.9999) <= timedelta(seconds=66)


def test_advice_of_the_peer_is_a_least_waiting_time() -> None:
    assert wait_before(1, chance=0.0, retry_after=120) == timedelta(seconds=120)
    assert wait_before(4, chance=0.5, retry_after=1) == timedelta(minutes=4)
    assert wait_before(1, chance=0.0, retry_after=1e9) == timedelta(days=1)


def test_what_would_be_tried_too_late_is_given_up() -> None:
    assert next_attempt(NOW, NOW + timedelta(hours=5), 30, chance=0.5) is None
    assert next_attempt(NOW, NOW + timedelta(days=1), 30, chance=0.5) == NOW + timedelta(hours=6)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("120", 120.0),
        (" 7 ", 7.0),
        ("99999999999999", 86400.0),
        ("Mon, 23 Nov 2026 13:31:00 GMT", 60.0),
        ("Mon, 23 Nov 2026 13:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("", None),
        ("Mon, 99 Nov 2026 13:31:00 GMT", None),
    ],
)
def test_retry_after_is_read_in_both_forms(header: str | None, seconds: float | None) -> None:
    assert read_retry_after(header, NOW) == seconds
