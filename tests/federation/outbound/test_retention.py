"""What waited too long is given up, what is long finished is forgotten."""

from datetime import timedelta

from flask.ctx import AppContext
from sqlalchemy import func, select

from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from federation.models.delivery import Delivery, DeliveryState
from federation.models.outbox_activity import Lane, OutboxActivity
from federation.outbound.deliver import deliver_all_due
from federation.outbound.retention import expire_deliveries, forget_finished
from tests.federation.outbound.rows import add_delivery, add_peer, delivery, states
from tests.support.clock import FakeClock


def count(model: type[Delivery] | type[OutboxActivity]) -> int:
    return session().scalar(select(func.count(model.id))) or 0


def test_what_waits_behind_a_silent_host_expires_although_it_was_never_tried(
    ctx: AppContext, clock: FakeClock
) -> None:
    add_peer("a.test", retry_at=utcnow() + timedelta(days=30), failing_since=utcnow())
    old = [add_delivery("a.test", "one"), add_delivery("a.test", "one")]
    clock.advance(timedelta(days=14, seconds=1))
    young = add_delivery("a.test", "two")

    deliver_all_due()

    assert [delivery(row_id).state for row_id in old] == [DeliveryState.EXPIRED] * 2
    assert delivery(young).state == DeliveryState.WAITING


def test_the_first_fourteen_days_nothing_expires(ctx: AppContext, clock: FakeClock) -> None:
    add_delivery("a.test")
    clock.advance(timedelta(days=14))

    with unit_of_work():
        expire_deliveries()

    assert states() == ["waiting"]


def test_finished_deliveries_and_votes_are_kept_for_thirty_days(
    ctx: AppContext, clock: FakeClock
) -> None:
    for lane in (Lane.CONTENT, Lane.VOTES):
        add_delivery("a.test", f"t{lane}", lane, state=DeliveryState.DONE)
    clock.advance(timedelta(days=29))
    with unit_of_work():
        forget_finished()
    kept = count(Delivery), count(OutboxActivity)
    clock.advance(timedelta(days=2))

    with unit_of_work():
        forget_finished()

    assert kept == (2, 2)
    assert (count(Delivery), count(OutboxActivity)) == (0, 1)
