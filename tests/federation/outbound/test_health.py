"""What answers tell about a host: working, resting, stumbling over one thing."""

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


def test_the_advice_of_a_peer_is_obeyed_for_all_that_waits_for_it(ctx: AppContext) -> None:
    add_peer(HOST)
    row_id = add_delivery(HOST)

    record(row_id, status=429, retry_after=600.0)

    assert delivery(row_id).next_attempt_at >= utcnow() + timedelta(seconds=600)
    assert peer(HOST).retry_at == utcnow() + timedelta(seconds=600)


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


def test_slow_down_is_obeyed_and_is_no_failure_of_the_host(ctx: AppContext) -> None:
    add_peer(HOST)
    row_id, other = add_delivery(HOST, "one"), add_delivery(HOST, "two")

    with unit_of_work():
        record_answers(
            [
                Answer(row_id, HOST, status=429, retry_after=600.0),
                Answer(other, HOST, status=202),
            ]
        )

    assert peer(HOST).failing_since is None
    assert peer(HOST).retry_at == utcnow() + timedelta(seconds=600)
    assert delivery(row_id).state == DeliveryState.WAITING


def test_a_server_that_works_and_stumbles_over_one_thing_does_not_rest(ctx: AppContext) -> None:
    add_peer(HOST)
    row_id = add_delivery(HOST)

    record(row_id, status=500)

    assert delivery(row_id).state == DeliveryState.WAITING
    assert peer(HOST).retry_at is None


def test_what_waits_rests_with_its_host_and_is_due_when_that_works_again(
    ctx: AppContext, clock: FakeClock
) -> None:
    add_peer(HOST)
    tried, waiting = add_delivery(HOST, "one"), add_delivery(HOST, "two")
    for attempt in range(8):
        record(tried, attempt=attempt, status=503)
        assert delivery(waiting).next_attempt_at == peer(HOST).retry_at
        clock.advance(timedelta(hours=3))

    record(waiting, status=202)

    assert delivery(tried).next_attempt_at <= utcnow()
    assert peer(HOST).retry_at is None


def test_the_days_on_which_a_host_fails_are_counted_until_it_answers(
    ctx: AppContext, clock: FakeClock
) -> None:
    add_peer(HOST)
    row_id = add_delivery(HOST)
    for attempt in range(3):
        record(row_id, attempt=attempt, status=503)
        clock.advance(timedelta(days=1))
    failing_days = peer(HOST).failing_days

    record(row_id, attempt=3, status=202)

    assert (failing_days, peer(HOST).failing_days) == (3, 0)
