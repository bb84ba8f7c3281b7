"""Following communities, here and elsewhere."""

from datetime import timedelta

import pytest
from flask.ctx import AppContext

from app.core.db import unit_of_work
from app.core.errors import ConflictError, NotAllowedError
from app.core.events import Event
from app.core.visibility import Visibility
from app.forum import events
from app.forum.models.membership import MemberRole, MembershipState
from app.forum.queries.communities import count_members, get_membership, list_moderators
from app.forum.services import memberships
from tests.support.clock import FakeClock
from tests.support.factories import make_account, make_community

FOLLOW = "http://elders.test/follow/1"


def test_a_community_of_ours_says_yes_at_once(heard: list[Event]) -> None:
    community, anna = make_community(), make_account()
    heard.clear()

    with unit_of_work():
        first = memberships.join_community(anna, community)
        again = memberships.join_community(anna, community)

    assert again is first
    assert first.state == MembershipState.APPROVED
    assert community.member_count == count_members(community) == 1
    assert heard == [events.MembershipApproved(first.id)]


def test_a_repeated_remote_request_is_answered_again(heard: list[Event]) -> None:
    community, eva = make_community(), make_account("eva", host="elders.test")
    heard.clear()

    with unit_of_work():
        memberships.join_community(eva, community, FOLLOW)
    with unit_of_work():
        membership = memberships.join_community(eva, community, FOLLOW + "2")

    assert membership.request_uri == FOLLOW + "2"
    assert community.member_count == 1
    assert heard == [events.MembershipApproved(membership.id)] * 2


def test_another_server_is_asked_and_asked_again_after_an_hour(
    heard: list[Event], clock: FakeClock
) -> None:
    community, anna = make_community(host="elders.test"), make_account()
    with unit_of_work():
        membership = memberships.join_community(anna, community)
    first_id = membership.public_id
    assert (membership.state, community.member_count) == (MembershipState.REQUESTED, 0)

    with unit_of_work():
        memberships.join_community(anna, community)
    assert membership.public_id == first_id
    clock.advance(timedelta(hours=1))
    with unit_of_work():
        memberships.join_community(anna, community)

    assert membership.public_id != first_id
    requests = [event for event in heard if isinstance(event, events.MembershipRequested)]
    assert requests == [events.MembershipRequested(membership.id)] * 2


def test_a_yes_and_a_no_from_elsewhere(heard: list[Event]) -> None:
    community, anna = make_community(host="elders.test"), make_account()
    with unit_of_work():
        membership = memberships.join_community(anna, community)
    heard.clear()

    with unit_of_work():
        memberships.approve_membership(membership)
        memberships.approve_membership(membership)
    approved = (membership.state, community.member_count)
    with unit_of_work():
        memberships.refuse_membership(membership)
        memberships.refuse_membership(membership)

    assert approved == (MembershipState.APPROVED, 1)
    assert (membership.state, community.member_count) == (MembershipState.REFUSED, 0)
    assert heard == [
        events.MembershipApproved(membership.id),
        events.MembershipApproved(membership.id),
        events.MembershipRefused(membership.id),
    ]


def test_a_request_that_was_never_granted_is_refused_without_a_count(ctx: AppContext) -> None:
    community, anna = make_community(host="elders.test"), make_account()
    with unit_of_work():
        membership = memberships.join_community(anna, community)
        memberships.refuse_membership(membership)
        memberships.join_community(anna, community)

    assert (membership.state, community.member_count) == (MembershipState.REQUESTED, 0)


def test_leaving_ends_the_membership_and_says_what_it_was(heard: list[Event]) -> None:
    community, eva = make_community(), make_account("eva", host="elders.test")
    with unit_of_work():
        membership = memberships.join_community(eva, community, FOLLOW)
    public_id = membership.public_id
    heard.clear()

    for _time in range(2):
        with unit_of_work():
            memberships.leave_community(eva, community)

    assert community.member_count == 0
    assert get_membership(eva, community) is None
    assert heard == [events.MembershipEnded(eva.id, community.id, public_id, FOLLOW)]


def test_a_request_can_be_withdrawn(ctx: AppContext) -> None:
    community, anna = make_community(host="elders.test"), make_account()
    with unit_of_work():
        memberships.join_community(anna, community)

    with unit_of_work():
        memberships.leave_community(anna, community)

    assert community.member_count == 0


def test_the_only_one_who_looks_after_a_community_stays(ctx: AppContext) -> None:
    otto, anna = make_account("otto"), make_account()
    community = make_community(owner=otto)

    with pytest.raises(ConflictError), unit_of_work():
        memberships.leave_community(otto, community)
    with unit_of_work():
        memberships.set_moderator(community, anna, is_moderator=True, by=otto)
    with unit_of_work():
        memberships.leave_community(otto, community)

    assert list_moderators(community) == [anna]


@pytest.mark.parametrize("visibility", [Visibility.LOCAL, Visibility.MEMBERS])
def test_nobody_from_elsewhere_joins_what_is_not_public(
    ctx: AppContext, visibility: Visibility
) -> None:
    community = make_community(owner=make_account("otto"), visibility=visibility)

    with pytest.raises(NotAllowedError), unit_of_work():
        memberships.join_community(make_account("eva", host="elders.test"), community)


def test_the_owner_chooses_the_moderators(heard: list[Event]) -> None:
    otto, anna = make_account("otto"), make_account()
    community = make_community(owner=otto)
    heard.clear()

    for is_moderator in (True, True, False, False):
        with unit_of_work():
            memberships.set_moderator(community, anna, is_moderator=is_moderator, by=otto)

    membership = get_membership(anna, community)
    assert membership is not None
    assert (membership.role, community.member_count) == (MemberRole.MEMBER, 2)
    assert heard == [
        events.ModeratorsChanged(community.id, anna.id, is_moderator=True, by_id=otto.id),
        events.ModeratorsChanged(community.id, anna.id, is_moderator=False, by_id=otto.id),
    ]


def test_moderators_do_not_choose_moderators_and_the_owner_stays(ctx: AppContext) -> None:
    otto, anna, bram = make_account("otto"), make_account(), make_account("bram")
    community = make_community(owner=otto)
    with unit_of_work():
        memberships.set_moderator(community, anna, is_moderator=True, by=otto)
        memberships.set_moderator(community, otto, is_moderator=True, by=otto)

    with pytest.raises(NotAllowedError), unit_of_work():
        memberships.set_moderator(community, bram, is_moderator=True, by=anna)
    with pytest.raises(ConflictError), unit_of_work():
        memberships.set_moderator(community, otto, is_moderator=False, by=otto)

    assert list_moderators(community) == [otto, anna]


def test_moderators_elsewhere_are_no_members_of_ours(ctx: AppContext) -> None:
    community = make_community(host="elders.test")
    eva, finn = make_account("eva", host="elders.test"), make_account("finn", host="elders.test")

    with unit_of_work():
        memberships.set_moderator(community, eva, is_moderator=True, by=None)
        memberships.set_moderator(community, finn, is_moderator=True, by=eva)

    assert list_moderators(community) == [eva, finn]
    assert community.member_count == 0
    with pytest.raises(NotAllowedError), unit_of_work():
        memberships.set_moderator(
            community, make_account(), is_moderator=True, by=make_account("b")
        )


def test_a_moderator_may_stop_but_the_last_one_stays(ctx: AppContext) -> None:
    otto, anna = make_account("otto"), make_account()
    community = make_community(owner=otto)
    orphaned = make_community("rekenen")
    with unit_of_work():
        memberships.set_moderator(community, anna, is_moderator=True, by=otto)
        memberships.set_moderator(orphaned, anna, is_moderator=True, by=None)

    with unit_of_work():
        memberships.set_moderator(community, anna, is_moderator=False, by=anna)
    with pytest.raises(ConflictError), unit_of_work():
        memberships.set_moderator(orphaned, anna, is_moderator=False, by=anna)

    assert (list_moderators(community), list_moderators(orphaned)) == ([otto], [anna])
