"""Bytes are kept for 30 days, rows for 90, and what is still to be done for ever."""

from datetime import timedelta

import pytest
from flask.ctx import AppContext
from sqlalchemy import select

from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from federation.dereference.orphans import drop_orphans
from federation.dereference.withdrawals import (
    is_deleted_already,
    is_undone_already,
    note_deletion,
    note_undoing,
    purge_withdrawals,
)
from federation.inbound.purging import LARGE, purge_activities, purge_bodies
from federation.models.inbox_activity import InboxActivity, InboxState
from tests.support.clock import FakeClock

SIGNER = "http://elders.test/u/bo"


def arrive(state: InboxState, days: int, body: bytes = b'{"type":"Create"}') -> None:
    at = utcnow() - timedelta(days=days)
    with unit_of_work():
        session().add(
            InboxActivity(
                activity_uri=f"{state}{days}",
                signer_host="elders.test",
                signer_uri=SIGNER,
                type="Create",
                body=body,
                state=state,
                received_at=at,
                next_attempt_at=at,
            )
        )


def rows() -> dict[str, bytes]:
    session().expire_all()
    return {row.activity_uri: row.body for row in session().scalars(select(InboxActivity))}


@pytest.mark.parametrize("state", [InboxState.DONE, InboxState.IGNORED, InboxState.REFUSED])
def test_what_was_handled_loses_its_bytes_and_then_its_row(
    ctx: AppContext, clock: FakeClock, state: InboxState
) -> None:
    for days in (29, 31, 89, 91):
        arrive(state, days)

    with unit_of_work():
        blanked = purge_bodies(10)
        gone = purge_activities(10)

    kept = rows()
    assert (blanked, gone) == (3, 1)
    assert sorted(kept) == [f"{state}29", f"{state}31", f"{state}89"]
    assert [uri for uri, body in kept.items() if body] == [f"{state}29"]


def test_what_failed_by_our_fault_keeps_its_bytes_as_long_as_its_row(
    ctx: AppContext, clock: FakeClock
) -> None:
    arrive(InboxState.FAILED, 89)
    arrive(InboxState.FAILED, 91)

    with unit_of_work():
        purge_bodies(10)
        purge_activities(10)

    assert rows() == {"failed89": b'{"type":"Create"}'}


@pytest.mark.parametrize("state", [InboxState.WAITING, InboxState.FETCHING])
def test_what_is_still_to_be_done_is_never_touched(
    ctx: AppContext, clock: FakeClock, state: InboxState
) -> None:
    arrive(state, 400)

    with unit_of_work():
        counts = purge_bodies(10), purge_activities(10)

    assert counts == (0, 0)
    assert all(rows().values())


def test_a_deletion_that_came_early_is_remembered_for_thirty_days(
    ctx: AppContext, clock: FakeClock
) -> None:
    with unit_of_work():
        note_deletion("http://elders.test/post/1", SIGNER)
    clock.advance(timedelta(days=30))
    with unit_of_work():
        kept = purge_withdrawals(10)
    remembered = is_deleted_already("http://elders.test/post/1")
    clock.advance(timedelta(seconds=1))

    with unit_of_work():
        gone = purge_withdrawals(10)

    assert (remembered, kept, gone) == (True, 0, 1)
    assert not is_deleted_already("http://elders.test/post/1")


def test_an_undoing_that_came_early_is_remembered_for_a_day(
    ctx: AppContext, clock: FakeClock
) -> None:
    with unit_of_work():
        note_undoing("http://elders.test/like/1", SIGNER)
    clock.advance(timedelta(days=1))
    remembered = is_undone_already("http://elders.test/like/1", SIGNER)
    clock.advance(timedelta(seconds=1))

    with unit_of_work():
        gone = purge_withdrawals(10)

    assert (remembered, gone) == (True, 1)
    assert not is_undone_already("http://elders.test/like/1", SIGNER)


def test_only_its_own_origin_deletes_a_thing_early(ctx: AppContext) -> None:
    with unit_of_work():
        note_deletion("http://victim.test/post/1", SIGNER)

    assert not is_deleted_already("http://victim.test/post/1")


def test_an_orphan_is_given_up_after_seven_days(ctx: AppContext, clock: FakeClock) -> None:
    arrive(InboxState.ORPHANED, 6)
    arrive(InboxState.ORPHANED, 8)

    with unit_of_work():
        dropped = drop_orphans(10)

    session().expire_all()
    states = session().scalars(select(InboxActivity.state).order_by(InboxActivity.id))
    assert (dropped, list(states)) == (1, [InboxState.ORPHANED, InboxState.IGNORED])


def test_a_second_run_finds_nothing_and_a_batch_has_its_size(
    ctx: AppContext, clock: FakeClock
) -> None:
    for days in (31, 32, 33):
        arrive(InboxState.DONE, days)

    with unit_of_work():
        counts = [purge_bodies(2), purge_bodies(2), purge_bodies(2)]

    assert counts == [2, 1, 0]


def test_large_ones_lose_their_bytes_after_a_day(ctx: AppContext, clock: FakeClock) -> None:
    large, small = b"x" * (LARGE + 1), b"x" * LARGE
    arrive(InboxState.DONE, 0, large)
    arrive(InboxState.DONE, 2, large)
    arrive(InboxState.REFUSED, 2, large)
    arrive(InboxState.IGNORED, 2, small)
    arrive(InboxState.WAITING, 2, large)

    with unit_of_work():
        blanked = purge_bodies(10)

    assert blanked == 2
    assert {name for name, body in rows().items() if not body} == {"done2", "refused2"}
