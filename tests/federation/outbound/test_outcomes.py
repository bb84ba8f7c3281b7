"""What each answer means for the delivery and for the host."""

from datetime import timedelta

import pytest
from flask.ctx import AppContext

from app.core.clock import utcnow
from app.core.db import unit_of_work
from federation.models.delivery import DeliveryState
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


@pytest.mark.parametrize("status", [None, 408, 425, 429, 500, 502, 503, 504])
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


@pytest.mark.parametrize("status", [301, 302, 400, 404, 405, 406, 410, 413, 418, 422])
def test_a_refusal_is_final_and_says_nothing_about_the_host(ctx: AppContext, status: int) -> None:
    add_peer(HOST)
    row_id = add_delivery(HOST)

    record(row_id, status=status, error="no")

    assert delivery(row_id).state == DeliveryState.DROPPED
    assert delivery(row_id).last_status == status
    assert peer(HOST).failing_since is None


@pytest.mark.parametrize(("status", "times", "hours"), [(401, 3, 8), (403, 1, 1)])
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


def test_the_advice_of_a_peer_is_obeyed_for_all_that_waits_for_it(ctx: AppContext) -> None:
    add_peer(HOST)
    row_id = add_delivery(HOST)

    record(row_id, status=429, retry_after=600.0)

    assert delivery(row_id).next_attempt_at >= utcnow() + timedelta(seconds=600)
    assert peer(HOST).retry_at == utcnow() + timedelta(seconds=600)


def test_fourteen_days_after_it_was_made_it_expires(ctx: AppContext, clock: FakeClock) -> None:
    row_id = add_delivery(HOST, made_at=utcnow())
    clock.advance(timedelta(days=14))

    record(row_id, status=503)

    assert delivery(row_id).state == DeliveryState.EXPIRED


def test_eight_failures_at_once_are_one_failure_of_the_host(ctx: AppContext) -> None:
    add_peer(HOST)
    rows = [add_delivery(HOST, f"t{number}") for number in range(8)]

    for row_id in rows:
        record(row_id, status=503)

    assert peer(HOST).failures == 1


def test_a_host_that_answered_one_of_several_works(ctx: AppContext) -> None:
    add_peer(HOST)
    good, bad = add_delivery(HOST, "one"), add_delivery(HOST, "two")

    with unit_of_work():
        record_answers([Answer(good, HOST, status=202), Answer(bad, HOST, status=500)])

    assert peer(HOST).failing_since is None
    assert delivery(bad).state == DeliveryState.WAITING


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
