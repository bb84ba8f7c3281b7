"""Signatures too old, from the future, or with impossible times."""

from datetime import timedelta
from email.utils import format_datetime

import pytest

from tests.federation.signatures.signed_requests import (
    NOW,
    make_request,
    refusal,
    verify,
    with_header,
)


@pytest.mark.parametrize(
    ("age", "accepted"),
    [
        (timedelta(), True),
        (timedelta(hours=12), True),
        (timedelta(hours=-1), True),
        (timedelta(hours=12, seconds=1), False),
        (timedelta(hours=-1, seconds=-1), False),
        (timedelta(hours=13), False),
        (timedelta(hours=-2), False),
    ],
)
@pytest.mark.parametrize("clock", ["date", "created"])
def test_the_window_is_twelve_hours_back_and_one_ahead(ana, age, accepted, clock):
    moment = NOW - age
    if clock == "date":
        request = make_request(ana, date=format_datetime(moment, usegmt=True))
    else:
        request = make_request(
            ana,
            names="(request-target) (created) host digest",
            date="Thu, 01 Jan 1970 00:00:00 GMT",
            parameters={"created": str(int(moment.timestamp()))},
        )

    if accepted:
        verify(request, ana)
    else:
        assert refusal(request, ana) == "date-outside-window"


@pytest.mark.parametrize(
    ("date", "reason"),
    [
        ("Thu, 01 Jan 1970 00:00:00 GMT", "date-outside-window"),
        ("Fri, 31 Dec 9999 23:59:59 GMT", "date-outside-window"),
        ("Fri, 31 Dec 9999 23:59:59 -1200", "date-malformed"),
        ("yesterday", "date-malformed"),
        ("", "date-malformed"),
        ("2026-08-01T10:00:00Z", "date-malformed"),
        ("Sat, 32 Aug 2026 10:00:00 GMT", "date-malformed"),
        ("Sat, 01 Aug 2026 10:00:00 GMT" + " " * 100 + "x", "date-malformed"),
    ],
)
def test_impossible_dates_are_refused(ana, date, reason):
    assert refusal(make_request(ana, date=date), ana) == reason


def test_both_clocks_must_be_right_when_both_are_signed(ana):
    old = {"created": str(int((NOW - timedelta(days=2)).timestamp()))}
    request = make_request(ana, names="(request-target) (created) host date digest", parameters=old)

    assert refusal(request, ana) == "date-outside-window"


def test_a_signed_time_that_was_not_sent_is_missing(ana):
    request = make_request(ana, names="(request-target) host date digest")
    naming = request.headers["signature"].replace("host date", "(created) host date")

    assert refusal(with_header(request, signature=naming), ana) == "signed-header-missing"


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"created": "999999999999"}, "date-malformed"),
        ({"expires": "999999999999"}, "date-malformed"),
        ({"expires": "1"}, "date-outside-window"),
    ],
)
def test_times_out_of_range_are_refused(ana, parameters, reason):
    names = "(request-target) host date digest" + (" (created)" if "created" in parameters else "")

    assert refusal(make_request(ana, names=names, parameters=parameters), ana) == reason


def test_a_signature_may_say_when_it_expires(ana):
    later = {"expires": str(int((NOW + timedelta(hours=1)).timestamp()))}
    names = "(request-target) host date digest (expires)"

    verify(make_request(ana, names=names, parameters=later), ana)
