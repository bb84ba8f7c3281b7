"""A remote group that does not answer is asked again, each time under a new id."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.forum.models.community import Community
from app.forum.models.membership import MembershipState
from app.forum.queries.communities import find_community_by_uri, get_membership
from app.forum.services import memberships
from federation.dereference.chase import Chase
from federation.models.follow_request import FollowRequest
from federation.models.outbox_activity import OutboxActivity
from federation.outbound.follow_schedule import wait_after
from federation.outbound.tasks import ask_again
from federation.transport.client import activity_client
from tests.support.clock import FakeClock
from tests.support.factories import make_account, make_community
from tests.support.fediverse import FakeFediverse, RemoteActor, activity

Settle = Callable[[], None]


@pytest.fixture
def anna(fediverse: FakeFediverse) -> Account:
    return make_account("anna")


@pytest.fixture
def tuin(fediverse: FakeFediverse) -> RemoteActor:
    return fediverse.group("tuin", "forum.test")


@pytest.fixture
def asked(anna: Account, tuin: RemoteActor, clock: FakeClock) -> Community:
    """A group elsewhere that anna asked to follow."""
    Chase(activity_client()).bring(tuin.uri)
    community = find_community_by_uri(tuin.uri)
    assert community is not None
    with unit_of_work():
        memberships.join_community(anna, community)
    return community


def follows() -> list[OutboxActivity]:
    session().rollback()
    statement = select(OutboxActivity).where(OutboxActivity.type == "Follow")
    return list(session().scalars(statement.order_by(OutboxActivity.id)))


def state(anna: Account, community: Community) -> str | None:
    session().rollback()
    session().expire_all()
    found = get_membership(anna, community)
    return None if found is None else str(found.state)


@pytest.mark.parametrize(
    ("times", "hours"), [(1, 1), (2, 6), (3, 24), (4, 7 * 24), (5, 7 * 24), (50, 7 * 24)]
)
def test_the_waits_grow_to_a_week(times: int, hours: int) -> None:
    assert wait_after(times) == timedelta(hours=hours)


def test_a_silent_group_is_asked_after_each_wait_under_a_new_id(
    anna: Account, asked: Community, clock: FakeClock
) -> None:
    counts = []
    for hours in (1, 6, 24, 7 * 24, 7 * 24):
        clock.advance(timedelta(hours=hours) - timedelta(minutes=1))
        ask_again()
        counts.append(len(follows()))
        clock.advance(timedelta(minutes=2))
        ask_again()
        counts.append(len(follows()))

    assert counts == [1, 2, 2, 3, 3, 4, 4, 5, 5, 6]
    assert len({json.loads(row.body)["id"] for row in follows()}) == 6


@pytest.mark.parametrize("which", [0, 1, 2])
@pytest.mark.parametrize("is_embedded", [True, False])
def test_an_answer_to_any_of_our_ids_counts(
    fediverse: FakeFediverse,
    anna: Account,
    tuin: RemoteActor,
    asked: Community,
    clock: FakeClock,
    settle: Settle,
    which: int,
    is_embedded: bool,
) -> None:
    for hours in (2, 7):
        clock.advance(timedelta(hours=hours))
        ask_again()
    sent = follows()[which]

    answer = json.loads(sent.body) if is_embedded else sent.uri
    fediverse.deliver(activity("Accept", tuin, answer), tuin)
    settle()

    assert state(anna, asked) == MembershipState.APPROVED
    clock.advance(timedelta(days=30))
    ask_again()
    assert len(follows()) == 3


def test_who_left_is_not_asked_for_again(anna: Account, asked: Community, clock: FakeClock) -> None:
    with unit_of_work():
        memberships.leave_community(anna, asked)

    clock.advance(timedelta(days=2))
    ask_again()

    assert len(follows()) == 1
    assert session().scalars(select(FollowRequest)).all() == []
    undone = session().scalars(select(OutboxActivity).where(OutboxActivity.type == "Undo")).one()
    assert json.loads(undone.body)["object"]["id"] == json.loads(follows()[0].body)["id"]


def test_a_refusal_ends_the_asking_until_somebody_asks_anew(
    fediverse: FakeFediverse,
    anna: Account,
    tuin: RemoteActor,
    asked: Community,
    clock: FakeClock,
    settle: Settle,
) -> None:
    fediverse.deliver(activity("Reject", tuin, json.loads(follows()[0].body)), tuin)
    settle()
    clock.advance(timedelta(days=2))
    ask_again()
    assert (state(anna, asked), len(follows())) == (MembershipState.REFUSED, 1)

    with unit_of_work():
        memberships.join_community(anna, asked)

    request = session().scalars(select(FollowRequest)).one()
    assert (request.asked, request.next_attempt_at) == (1, utcnow() + timedelta(hours=1))
    assert len(follows()) == 2


def test_a_request_of_before_there_was_a_schedule_is_asked_again(
    anna: Account, asked: Community, clock: FakeClock
) -> None:
    session().delete(session().scalars(select(FollowRequest)).one())
    session().commit()

    clock.advance(timedelta(hours=2))
    ask_again()

    assert len(follows()) == 2


def test_a_follow_that_comes_again_is_answered_again(
    fediverse: FakeFediverse, anna: Account, clock: FakeClock, settle: Settle
) -> None:
    bob = fediverse.person("bob", "victim.test")
    follow = activity("Follow", bob, make_community("toetsing", owner=anna).uri)
    for _ in range(3):
        fediverse.deliver(follow, bob)
        settle()
        clock.advance(timedelta(minutes=1))
    again = {**follow, "id": follow["id"] + "-2"}
    fediverse.deliver(again, bob)
    settle()

    session().rollback()
    accepts = session().scalars(select(OutboxActivity).where(OutboxActivity.type == "Accept")).all()
    assert [json.loads(row.body)["object"]["id"] for row in accepts] == [
        follow["id"],
        follow["id"],
        follow["id"],
        again["id"],
    ]
