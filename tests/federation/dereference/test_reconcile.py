"""Every night the followed groups are compared with their homes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.accounts.models.account import Account
from app.core.db import session, unit_of_work
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.services import memberships
from federation.dereference.history_tasks import read_history, reconcile
from federation.dereference.reconcile import last_night
from federation.models.backfill import BackfillState, CommunityBackfill, ThreadCheck
from federation.models.outbox_activity import OutboxActivity
from tests.federation.dereference.conftest import follow
from tests.support.clock import FakeClock
from tests.support.fediverse import Json
from tests.support.lemmy import LemmyGroup

ReadAll = Callable[[], int]


@pytest.fixture
def thread(lemmy: LemmyGroup, anna: Account, read_all: ReadAll) -> Json:
    found = lemmy.thread("Snoeien")
    lemmy.comment(found)
    lemmy.refresh()
    community = follow(anna, lemmy)
    with unit_of_work():
        memberships.approve_membership(memberships.join_community(anna, community))
    read_all()
    return found


def count(model: type[Post] | type[Comment]) -> int:
    session().rollback()
    return len(session().scalars(select(model.id)).all())


def follows() -> int:
    session().rollback()
    statement = select(OutboxActivity.id).where(OutboxActivity.type == "Follow")
    return len(session().scalars(statement).all())


@pytest.mark.parametrize(
    ("now", "night"),
    [
        (datetime(2026, 11, 23, 13, 30, tzinfo=UTC), datetime(2026, 11, 23, 1, 0, tzinfo=UTC)),
        (datetime(2026, 11, 23, 0, 59, tzinfo=UTC), datetime(2026, 11, 22, 1, 0, tzinfo=UTC)),
        (datetime(2026, 7, 1, 0, 1, tzinfo=UTC), datetime(2026, 7, 1, 0, 0, tzinfo=UTC)),
    ],
)
def test_the_night_begins_at_two_in_the_netherlands(now: datetime, night: datetime) -> None:
    assert last_night(now) == night


def test_a_gap_heals_at_night_and_once_only(
    lemmy: LemmyGroup, thread: Json, clock: FakeClock, read_all: ReadAll
) -> None:
    lemmy.comment(thread)
    lemmy.thread("Gemist")
    lemmy.refresh()
    reconcile()
    assert read_all() == 0  # by day nothing happens

    clock.advance(timedelta(hours=14))
    reconcile()
    read_all()
    before = lemmy.fediverse.fetches
    reconcile()
    read_all()

    assert (count(Post), count(Comment)) == (2, 2)
    assert lemmy.fediverse.fetches == before


def test_a_quiet_group_costs_a_handful_of_requests(
    lemmy: LemmyGroup, thread: Json, clock: FakeClock, read_all: ReadAll
) -> None:
    for number in range(10):
        lemmy.comment(lemmy.thread(f"Nog een {number}"))
    lemmy.refresh()
    clock.advance(timedelta(hours=14))
    reconcile()
    read_all()
    before = lemmy.fediverse.fetches

    clock.advance(timedelta(hours=24))
    reconcile()
    read_all()

    threads = 11  # not changed, says each
    assert lemmy.fediverse.fetches - before == threads + 4  # group, moderators, pins, outbox


def test_old_threads_are_left_alone(
    lemmy: LemmyGroup, thread: Json, clock: FakeClock, read_all: ReadAll
) -> None:
    clock.advance(timedelta(days=4))
    lemmy.comment(thread)
    lemmy.refresh()

    reconcile()
    read_all()

    assert count(Comment) == 1


def test_pins_and_moderators_follow_their_home(
    lemmy: LemmyGroup, thread: Json, clock: FakeClock, read_all: ReadAll
) -> None:
    lemmy.pinned = [thread]
    lemmy.refresh()
    clock.advance(timedelta(hours=14))
    reconcile()
    read_all()
    assert session().scalars(select(Post.is_pinned)).one() is True

    lemmy.pinned = []
    lemmy.refresh()
    clock.advance(timedelta(hours=24))
    reconcile()
    read_all()

    assert session().scalars(select(Post.is_pinned)).one() is False


def test_a_group_that_counts_nobody_is_asked_again_on_sunday_night(
    lemmy: LemmyGroup, thread: Json, clock: FakeClock, read_all: ReadAll
) -> None:
    followers = {"type": "Collection", "id": f"{lemmy.uri}/followers", "totalItems": 0, "items": []}
    lemmy.put("/c/tuin/followers", followers)
    asked = []
    for _ in range(8):  # from the night of Tuesday on
        clock.advance(timedelta(hours=24))
        reconcile()
        read_all()
        asked.append(follows())

    assert asked == [1, 1, 1, 1, 1, 2, 2, 2]
    lemmy.put("/c/tuin/followers", {**followers, "totalItems": 1})
    clock.advance(timedelta(days=7))
    reconcile()
    read_all()
    assert follows() == 2


def test_what_nobody_follows_any_more_is_not_read(
    lemmy: LemmyGroup, thread: Json, anna: Account, clock: FakeClock, read_all: ReadAll
) -> None:
    row = session().scalars(select(CommunityBackfill)).one()
    with unit_of_work():
        memberships.leave_community(anna, row.community)
    clock.advance(timedelta(hours=14))
    before = lemmy.fediverse.fetches

    reconcile()
    read_all()

    assert lemmy.fediverse.fetches == before


def test_a_home_that_is_silent_all_night_is_asked_the_next(
    lemmy: LemmyGroup, thread: Json, clock: FakeClock, read_all: ReadAll
) -> None:
    lemmy.server.down = 503
    clock.advance(timedelta(hours=14))
    reconcile()
    for _ in range(14):
        read_all()
        clock.advance(timedelta(hours=2))
    row = session().scalars(select(CommunityBackfill)).one()
    assert (row.state, row.reason) == (BackfillState.FAILED, "status-503")

    lemmy.server.down = 0
    lemmy.comment(thread)
    lemmy.refresh()
    clock.advance(timedelta(hours=10))
    reconcile()
    read_all()

    assert count(Post) == 1
    session().expire_all()
    assert row.state == BackfillState.DONE


def test_groups_followed_before_there_was_a_reading_get_theirs(
    lemmy: LemmyGroup, thread: Json, clock: FakeClock, read_all: ReadAll
) -> None:
    for model in (ThreadCheck, CommunityBackfill):
        for row in session().scalars(select(model)).all():
            session().delete(row)
    session().commit()
    lemmy.comment(thread)
    lemmy.refresh()

    reconcile()
    read_all()

    assert count(Comment) == 2


def test_a_kill_between_any_two_requests_loses_nothing(
    lemmy: LemmyGroup, anna: Account, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        found = lemmy.thread(f"Draad {number}")
        lemmy.comment(found, lemmy.comment(found))
    lemmy.refresh()
    follow(anna, lemmy)

    class KilledError(BaseException):
        """What a kill looks like from inside: nothing below may catch it."""

    fetch = lemmy.server._listed
    left = [1]

    def listed(*arguments: object) -> object:
        left[0] -= 1
        if left[0] < 0:
            raise KilledError
        return fetch(*arguments)

    monkeypatch.setattr(lemmy.server, "_listed", listed)
    for _ in range(400):
        left[0] = 1  # one request more, then the end
        try:
            if not read_history():
                break
        except KilledError:
            clock.advance(timedelta(seconds=61))  # all leases lapse
        clock.advance(timedelta(seconds=1))

    left[0] = 10**6
    while read_history():
        clock.advance(timedelta(seconds=1))
    assert (count(Post), count(Comment)) == (4, 8)
    assert set(session().scalars(select(ThreadCheck.state))) == {BackfillState.DONE}
