"""Who may go now: order per thread and host, few per host, the dead in nobody's way."""

from datetime import timedelta

import pytest
from flask.ctx import AppContext
from sqlalchemy import text
from sqlalchemy.dialects import sqlite

from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.moderation.models.host_rule import HostVerdict
from app.moderation.services.hosts import rule_host
from federation.models.delivery import DeliveryState
from federation.models.outbox_activity import Lane
from federation.outbound import claim
from federation.outbound.claim import claim_deliveries, find_due
from federation.outbound.heads import moments
from federation.outbound.jobs import Job, Room, UnderWay
from tests.federation.outbound.rows import add_delivery, add_peer, delivery
from tests.support.clock import FakeClock

pytestmark = pytest.mark.usefixtures("clock")
ROOM = Room(100, 100)


def claimed(room: Room = ROOM, places: int = 8, **counts: int) -> list[Job]:
    """What a run takes that has so many places per host, and `counts` of them filled."""
    mine = {f"{name}.test": count for name, count in counts.items()}
    session().rollback()
    ids = find_due(room, UnderWay(mine, lambda _host: places))
    with unit_of_work():
        return claim_deliveries(ids, mine)


def claimed_ids(room: Room = ROOM, places: int = 8, **counts: int) -> list[int]:
    return [job.delivery_id for job in claimed(room, places, **counts)]


def finish(row_id: int) -> None:
    with unit_of_work():
        delivery(row_id).state = DeliveryState.DONE


def test_a_thread_keeps_its_order_at_a_host_and_other_threads_go_beside_it(ctx: AppContext) -> None:
    add_peer("a.test")
    first, second = add_delivery("a.test", "one"), add_delivery("a.test", "one", Lane.CONTROL)
    other = add_delivery("a.test", "two")

    assert claimed_ids() == [first, other]
    finish(first)

    assert claimed_ids(a=1) == [second]


def test_what_failed_for_itself_still_comes_before_the_rest_of_its_thread(
    ctx: AppContext, clock: FakeClock
) -> None:
    add_peer("a.test")
    later = utcnow() + timedelta(hours=1)
    first = add_delivery("a.test", "one", next_attempt_at=later)
    second = add_delivery("a.test", "one")

    assert claimed_ids() == []
    clock.advance(timedelta(hours=2))
    assert claimed_ids() == [first]
    finish(first)

    assert claimed_ids() == [second]


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_what_is_refused_for_a_while_holds_up_only_what_is_about_the_same_thing(
    ctx: AppContext, status: int
) -> None:
    add_peer("a.test")
    later = utcnow() + timedelta(hours=8)
    add_delivery("a.test", "one", about="x", next_attempt_at=later, last_status=status, attempts=1)
    add_delivery("a.test", "one", about="x")
    answer = add_delivery("a.test", "one", about="y")
    add_delivery("a.test", "one", about="y")

    assert claimed_ids() == [answer]


@pytest.mark.parametrize(("attempts", "passes"), [(1, False), (2, False), (3, True)])
def test_what_a_host_stumbles_over_thrice_lets_the_rest_of_its_thread_pass(
    ctx: AppContext, attempts: int, passes: bool
) -> None:
    add_peer("a.test")
    fields = {"next_attempt_at": utcnow() + timedelta(hours=1), "last_status": 500}
    add_delivery("a.test", "one", about="x", attempts=attempts, **fields)
    answer = add_delivery("a.test", "one", about="y")

    assert claimed_ids() == ([answer] if passes else [])


def test_what_passed_is_passed_no_more_when_its_time_comes(
    ctx: AppContext, clock: FakeClock
) -> None:
    add_peer("a.test")
    fields = {"next_attempt_at": utcnow() + timedelta(hours=8), "last_status": 401}
    first = add_delivery("a.test", "one", about="x", attempts=1, **fields)
    clock.advance(timedelta(hours=9))
    add_delivery("a.test", "one", about="y")

    assert claimed_ids() == [first]


def test_the_same_thread_goes_to_each_host_at_its_own_pace(ctx: AppContext) -> None:
    add_peer("a.test")
    add_peer("b.test", retry_at=utcnow() + timedelta(hours=1), failing_since=utcnow())
    here, there = add_delivery("a.test", "one"), add_delivery("b.test", "one")

    assert claimed_ids() == [here]
    assert delivery(there).lease_until is None


def test_a_host_that_answers_gets_eight_at_once_and_a_new_one_a_single_one(ctx: AppContext) -> None:
    add_peer("known.test")
    for number in range(12):
        add_delivery("known.test", f"t{number}")
        add_delivery("new.test", f"t{number}")

    hosts = [job.host for job in claimed()]

    assert (hosts.count("known.test"), hosts.count("new.test")) == (8, 1)


def test_control_goes_before_content_and_votes_go_last(ctx: AppContext) -> None:
    add_peer("a.test")
    lanes = (Lane.VOTES, Lane.CONTENT, Lane.CONTROL)
    vote, content, control = (add_delivery("a.test", f"t{lane}", lane) for lane in lanes)

    assert claimed_ids() == [control, content, vote]


def test_silent_hosts_take_no_place_of_hosts_that_answer(ctx: AppContext) -> None:
    for number in range(30):
        add_peer(f"dead{number}.test", failing_since=utcnow())
        add_delivery(f"dead{number}.test")
    add_peer("a.test")
    alive, new = add_delivery("a.test"), add_delivery("new.test")

    found = claimed(Room(4, 3))

    assert [job.delivery_id for job in found if job.is_proven] == [alive]
    others = [job.delivery_id for job in found if not job.is_proven]
    assert len(others) == 3
    assert new in others


def test_a_host_gets_more_while_there_are_places_and_never_more_than_that(ctx: AppContext) -> None:
    add_peer("a.test")
    rows = [add_delivery("a.test", f"t{number}") for number in range(6)]
    first = claimed_ids(places=2)

    full, more = claimed_ids(places=2, a=2), claimed_ids(places=4, a=2)

    assert (first, full, more) == (rows[:2], [], rows[2:4])


def test_a_host_belongs_to_the_run_that_has_something_for_it_under_way(
    ctx: AppContext, clock: FakeClock
) -> None:
    add_peer("a.test")
    rows = [add_delivery("a.test", f"t{number}") for number in range(3)]
    assert claimed_ids(places=1) == rows[:1]

    of_another_run = claimed_ids()
    clock.advance(timedelta(seconds=61))

    assert of_another_run == []
    assert claimed_ids() == rows


def test_what_another_run_took_between_the_look_and_the_claim_is_left_to_it(
    ctx: AppContext,
) -> None:
    add_peer("a.test")
    rows = [add_delivery("a.test", "one"), add_delivery("a.test", "two")]
    seen = find_due(ROOM, UnderWay({}, lambda _host: 8))
    assert seen == rows

    assert claimed_ids(places=1) == rows[:1]
    with unit_of_work():
        late = claim_deliveries(seen)

    assert late == []


def test_what_is_claimed_is_not_claimed_again_until_its_lease_is_over(
    ctx: AppContext, clock: FakeClock
) -> None:
    add_peer("a.test")
    row_id = add_delivery("a.test")

    assert claimed_ids() == [row_id]
    assert claimed_ids() == []
    clock.advance(timedelta(seconds=61))

    assert claimed_ids() == [row_id]


def test_a_host_that_was_blocked_meanwhile_gets_nothing_and_the_rows_say_why(
    ctx: AppContext,
) -> None:
    add_peer("sub.bad.test")
    add_peer("a.test")
    dropped = [add_delivery("sub.bad.test", "one"), add_delivery("sub.bad.test", "one")]
    kept = add_delivery("a.test")
    with unit_of_work():
        rule_host("bad.test", HostVerdict.BLOCKED, "spam", None)

    assert claimed_ids() == [kept]

    for row_id in dropped:
        assert delivery(row_id).state == DeliveryState.DROPPED
        assert delivery(row_id).last_error == "host-refused"


@pytest.mark.parametrize(
    ("fields", "asks"),
    [
        ({}, False),
        ({"nodeinfo_at": None}, True),
        ({"nodeinfo_at": -25}, True),
        ({"software": None, "nodeinfo_at": -2}, True),
        ({"software": None, "nodeinfo_at": -0.5}, False),
        ({"software": None, "nodeinfo_at": -0.1, "succeeded_at": None}, True),
    ],
)
def test_software_is_asked_daily_and_what_was_silent_sooner(
    ctx: AppContext, fields: dict[str, float | None], asks: bool
) -> None:
    hours = fields.get("nodeinfo_at")
    if hours is not None:
        fields = {**fields, "nodeinfo_at": utcnow() + timedelta(hours=hours)}  # type: ignore[dict-item]
    add_peer("a.test", **fields)
    add_delivery("a.test")

    (job,) = claimed()

    assert job.needs_nodeinfo is asks
    assert job.is_proven is not asks


def test_finished_rows_are_not_read_to_find_what_is_due(ctx: AppContext) -> None:
    if session().get_bind().dialect.name != "sqlite":
        pytest.skip("reads the plan of SQLite")
    rooms = {"mine": ["b"], "full": ["c"], "proven_room": 9, "unproven_room": 9}
    values = {**moments(utcnow()), **rooms, "hosts": ["a.test"]}
    for statement in (claim._hosts(), claim._due()):
        compiled = statement.params(values).compile(
            dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}
        )

        plan = [row[3] for row in session().execute(text(f"EXPLAIN QUERY PLAN {compiled}"))]

        assert not [line for line in plan if line.startswith("SCAN delivery")]
        assert "SEARCH delivery USING INDEX ix_delivery_due (state=? AND next_attempt_at<?)" in plan
