"""What each answer means for the delivery and for the host."""

from datetime import timedelta

import pytest
from flask.ctx import AppContext
from sqlalchemy import select

from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from federation.models.delivery import DeliveryState
from federation.models.delivery_attempt import DeliveryAttempt
from federation.models.failing_inbox import FailingInbox
from federation.models.outbox_activity import Lane
from federation.outbound.journal import Answer
from federation.outbound.outcomes import record_answers
from tests.federation.outbound.rows import add_delivery, add_peer, delivery, peer
from tests.support.clock import FakeClock

pytestmark = pytest.mark.usefixtures("clock")
HOST = "a.test"


def record(row_id: int, **fields: object) -> None:
    with unit_of_work():
        record_answers([Answer(row_id, HOST, **fields)])  # type: ignore[arg-type]


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_a_success_is_done_and_the_host_works(ctx: AppContext, status: int) -> None:
    row_id = add_delivery(HOST)

    record(row_id, status=status)

    assert delivery(row_id).state == DeliveryState.DONE
    assert peer(HOST).succeeded_at == utcnow()


@pytest.mark.parametrize("status", [None, 408, 425, 501, 502, 503, 504])
def test_trouble_of_the_host_waits_a_quarter_to_half_a_minute(
    ctx: AppContext, status: int | None
) -> None:
    add_peer(HOST)
    row_id = add_delivery(HOST)

    record(row_id, status=status, error="oh")

    row = delivery(row_id)
    assert row.state == DeliveryState.WAITING
    wait = row.next_attempt_at - utcnow()
    assert timedelta(seconds=15) <= wait <= timedelta(seconds=30)
    assert peer(HOST).failing_since == utcnow()
    retry_at = peer(HOST).retry_at
    assert retry_at is not None
    assert timedelta(seconds=15) <= retry_at - utcnow() <= timedelta(seconds=30)


@pytest.mark.parametrize("status", [301, 302, 400, 405, 406, 413, 418, 422])
def test_a_refusal_is_final_and_says_nothing_about_the_host(ctx: AppContext, status: int) -> None:
    add_peer(HOST)
    row_id = add_delivery(HOST)

    record(row_id, status=status, error="no")

    assert delivery(row_id).state == DeliveryState.DROPPED
    assert delivery(row_id).last_status == status
    assert peer(HOST).failing_since is None


@pytest.mark.parametrize(
    ("status", "times", "hours"), [(401, 3, 8), (403, 1, 1), (404, 1, 1), (410, 1, 1)]
)
def test_who_cannot_verify_us_or_forbids_is_tried_a_few_times_more(
    ctx: AppContext, status: int, times: int, hours: int
) -> None:
    add_peer(HOST)
    row_id = add_delivery(HOST)

    for attempt in range(times):
        record(row_id, attempt=attempt, status=status)
        assert delivery(row_id).next_attempt_at == utcnow() + timedelta(hours=hours)
    record(row_id, attempt=times, status=status)

    assert delivery(row_id).state == DeliveryState.DROPPED


def test_fourteen_days_after_it_was_made_it_expires(ctx: AppContext, clock: FakeClock) -> None:
    row_id = add_delivery(HOST, made_at=utcnow())
    clock.advance(timedelta(days=14))

    record(row_id, status=503)

    assert delivery(row_id).state == DeliveryState.EXPIRED


def test_an_answer_that_is_read_twice_counts_once(ctx: AppContext) -> None:
    add_peer(HOST)
    row_id = add_delivery(HOST)

    for _ in range(2):
        record(row_id, attempt=0, status=503)

    assert delivery(row_id).attempts == 1


def test_an_address_that_we_may_not_open_is_dropped_and_is_no_trouble_of_the_host(
    ctx: AppContext,
) -> None:
    add_peer(HOST)
    row_id = add_delivery(HOST)

    record(row_id, refused=True, error="address-private")

    assert delivery(row_id).state == DeliveryState.DROPPED
    assert delivery(row_id).last_status is None
    assert peer(HOST).failing_since is None


def test_a_variant_for_others_is_skipped_and_no_attempt(ctx: AppContext) -> None:
    row_id = add_delivery(HOST)

    record(row_id, skipped=True)

    assert delivery(row_id).state == DeliveryState.SKIPPED
    assert delivery(row_id).attempts == 0


def test_more_answers_than_fit_in_one_statement_are_all_written(ctx: AppContext) -> None:
    rows = [add_delivery(HOST, f"t{number}") for number in range(3)]
    unknown = [Answer(10_000 + number, HOST, status=202) for number in range(1200)]

    with unit_of_work():
        record_answers([*unknown, *(Answer(row_id, HOST, status=202) for row_id in rows)])

    assert {delivery(row_id).state for row_id in rows} == {DeliveryState.DONE}


def test_a_refusal_keeps_its_patience_however_often_the_host_was_silent(
    ctx: AppContext, clock: FakeClock
) -> None:
    add_peer(HOST)
    row_id = add_delivery(HOST)
    for attempt in range(6):
        record(row_id, attempt=attempt, error="connect_failed")
        clock.advance(timedelta(hours=1))

    record(row_id, attempt=6, status=401)

    assert delivery(row_id).state == DeliveryState.WAITING


@pytest.mark.parametrize(
    ("former", "state"),
    [
        ({"error": "too_slow"}, DeliveryState.DONE),
        ({"error": "broken_off"}, DeliveryState.DONE),
        ({"status": 504}, DeliveryState.DONE),
        ({"error": "connect_failed"}, DeliveryState.DROPPED),
        ({"status": 503}, DeliveryState.DROPPED),
    ],
)
def test_a_refusal_after_a_time_out_means_that_it_was_taken(
    ctx: AppContext, clock: FakeClock, former: dict[str, object], state: DeliveryState
) -> None:
    add_peer(HOST)
    row_id = add_delivery(HOST)
    record(row_id, **former)
    clock.advance(timedelta(minutes=1))

    record(row_id, attempt=1, status=400, error="unique violation")

    assert delivery(row_id).state == state


def test_a_signature_that_is_refused_after_a_time_out_is_still_refused(ctx: AppContext) -> None:
    add_peer(HOST)
    row_id = add_delivery(HOST)
    record(row_id, error="too_slow")

    record(row_id, attempt=1, status=401)

    assert delivery(row_id).state == DeliveryState.WAITING


@pytest.mark.parametrize(("software", "state"), [("nodebb", "dropped"), ("lemmy", "waiting")])
def test_a_server_that_refuses_in_silence_is_tried_thrice_while_it_takes_other_things(
    ctx: AppContext, clock: FakeClock, software: str, state: str
) -> None:
    add_peer(HOST, software=software)
    row_id, other = add_delivery(HOST, "one"), add_delivery(HOST, "two")
    for attempt in range(2):
        record(row_id, attempt=attempt, error="too_slow")
        clock.advance(timedelta(minutes=5))
    record(other, status=202)

    record(row_id, attempt=2, error="too_slow")

    assert delivery(row_id).state == state


def test_a_server_that_is_silent_about_everything_is_waited_for(
    ctx: AppContext, clock: FakeClock
) -> None:
    add_peer(HOST, software="nodebb")
    row_id = add_delivery(HOST)

    for attempt in range(5):
        record(row_id, attempt=attempt, error="too_slow")
        clock.advance(timedelta(minutes=20))

    assert delivery(row_id).state == DeliveryState.WAITING


def test_a_vote_is_given_up_after_seven_days(ctx: AppContext, clock: FakeClock) -> None:
    vote = add_delivery(HOST, "one", Lane.VOTES, made_at=utcnow())
    text = add_delivery(HOST, "two", made_at=utcnow())
    clock.advance(timedelta(days=7))

    with unit_of_work():
        record_answers([Answer(vote, HOST, status=503), Answer(text, HOST, status=503)])

    assert delivery(vote).state == DeliveryState.EXPIRED
    assert delivery(text).state == DeliveryState.WAITING


def traces(row_id: int) -> list[tuple[int | None, str]]:
    rows = session().scalars(
        select(DeliveryAttempt)
        .where(DeliveryAttempt.delivery_id == row_id)
        .order_by(DeliveryAttempt.id)
    )
    return [(row.status, row.answer) for row in rows]


def test_every_attempt_that_was_no_success_leaves_a_trace(ctx: AppContext) -> None:
    row_id = add_delivery(HOST)

    record(row_id, error="too_slow")
    record(row_id, attempt=1, status=503, error="<html>busy")
    record(row_id, attempt=2, status=202)

    assert traces(row_id) == [(None, "too_slow"), (503, "<html>busy")]


def test_the_newest_twenty_attempts_are_kept(ctx: AppContext, clock: FakeClock) -> None:
    row_id = add_delivery(HOST)

    for attempt in range(25):
        record(row_id, attempt=attempt, status=503, error=f"try {attempt}")

    assert [text for _, text in traces(row_id)] == [f"try {number}" for number in range(5, 25)]


def test_an_inbox_that_is_missing_is_counted_by_day_until_it_is_there(
    ctx: AppContext, clock: FakeClock
) -> None:
    add_peer(HOST)
    for thread in ("one", "two", "three"):
        record(add_delivery(HOST, thread), status=404)
        record(add_delivery(HOST, f"{thread}!"), status=410)
        clock.advance(timedelta(days=1))
    (row,) = session().scalars(select(FailingInbox))
    days = row.days

    record(add_delivery(HOST, "four"), status=202)

    assert days == 3
    assert session().scalars(select(FailingInbox)).all() == []
