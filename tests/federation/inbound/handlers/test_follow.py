"""Follow, Accept, Reject and Undo: who follows whom, in both directions."""

from collections.abc import Callable
from itertools import permutations

import pytest
from sqlalchemy import select

from app.accounts.models.account import Account
from app.accounts.models.following import FollowState
from app.accounts.queries import find_account_by_uri, find_following
from app.accounts.services import followings
from app.core.db import session, unit_of_work
from app.forum.models.community import Community
from app.forum.models.membership import Membership, MembershipState
from app.forum.queries.communities import find_community_by_uri, get_membership
from app.forum.services import memberships
from federation.dereference.chase import Chase
from federation.models.outbox_activity import OutboxActivity
from federation.transport.actors import local_actor
from federation.transport.client import activity_client
from tests.support.factories import make_account, make_community, make_post
from tests.support.fediverse import FakeFediverse, RemoteActor, activity, page
from tests.support.inbox import outcome

Settle = Callable[[], None]


@pytest.fixture
def bob(fediverse: FakeFediverse) -> RemoteActor:
    return fediverse.person("bob", "victim.test")


@pytest.fixture
def tuin(fediverse: FakeFediverse) -> RemoteActor:
    """A group elsewhere that we know."""
    group = fediverse.group("tuin", "forum.test")
    Chase(activity_client()).bring(group.uri)
    return group


def membership_of(who: RemoteActor | Account, community: Community | RemoteActor) -> str | None:
    session().expire_all()
    account = who if isinstance(who, Account) else find_account_by_uri(who.uri)
    place = community if isinstance(community, Community) else find_community_by_uri(community.uri)
    assert account is not None
    assert place is not None
    found = get_membership(account, place)
    return None if found is None else str(found.state)


def ask(account: Account, group: RemoteActor) -> Membership:
    community = find_community_by_uri(group.uri)
    assert community is not None
    with unit_of_work():
        return memberships.join_community(account, community)


def test_somebody_follows_our_community_and_stops(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    community = make_community("toetsing", owner=make_account("anna"))
    follow = activity("Follow", bob, community.uri)

    fediverse.deliver(follow, bob, path="/c/toetsing/inbox")
    settle()
    assert membership_of(bob, community) == MembershipState.APPROVED
    assert community.member_count == 2

    fediverse.deliver(activity("Undo", bob, follow), bob)
    settle()
    assert membership_of(bob, community) is None
    assert community.member_count == 1


def test_a_follow_of_a_person_is_approved(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    anna = make_account("anna")
    follow = activity("Follow", bob, anna.uri)

    fediverse.deliver(follow, bob)
    settle()

    follower = find_account_by_uri(bob.uri)
    assert follower is not None
    following = find_following(follower, anna)
    assert following is not None
    assert (following.state, following.request_uri) == (FollowState.APPROVED, follow["id"])
    fediverse.deliver(activity("Undo", bob, follow["id"]), bob)
    settle()
    assert find_following(follower, anna) is None


def test_nobody_follows_what_is_not_ours(
    fediverse: FakeFediverse, bob: RemoteActor, tuin: RemoteActor, settle: Settle
) -> None:
    for uri in (tuin.uri, "http://ons.test/c/niets", "http://ons.test/"):
        fediverse.deliver(activity("Follow", bob, uri), bob)
        settle()
        assert outcome() == ("refused", "nobody-to-follow")


def test_an_undo_by_id_alone_is_understood(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    community = make_community("toetsing")
    follow = activity("Follow", bob, community.uri)

    for one in (follow, activity("Undo", bob, follow["id"])):
        fediverse.deliver(one, bob)
    settle()

    assert membership_of(bob, community) is None


def test_an_undo_that_overtakes_its_follow_still_wins(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    community = make_community("toetsing")
    follow = activity("Follow", bob, community.uri)
    fediverse.deliver(activity("Undo", bob, follow), bob)
    settle()

    fediverse.deliver(follow, bob)
    settle()

    assert membership_of(bob, community) is None


def test_nobody_undoes_the_follow_of_another(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    community = make_community("toetsing")
    mal = fediverse.person("mal", "evil.test")
    follow = activity("Follow", bob, community.uri)
    fediverse.deliver(follow, bob)
    settle()

    embedded = fediverse.deliver(activity("Undo", mal, follow), mal)
    fediverse.deliver(activity("Undo", mal, follow["id"]), mal)
    settle()

    assert embedded.status_code == 403
    assert membership_of(bob, community) == MembershipState.APPROVED


def test_an_accept_with_the_follow_inside_grants_our_request(
    fediverse: FakeFediverse, tuin: RemoteActor, settle: Settle
) -> None:
    anna = make_account("anna")
    ask(anna, tuin)
    follow = {"id": "http://ons.test/activities/follow/1", "type": "Follow", "actor": anna.uri}

    fediverse.deliver(activity("Accept", tuin, {**follow, "object": tuin.uri}), tuin)
    settle()

    assert membership_of(anna, tuin) == MembershipState.APPROVED


def test_an_answer_by_id_grants_whichever_follow_we_sent(
    fediverse: FakeFediverse, tuin: RemoteActor, settle: Settle
) -> None:
    anna = make_account("anna")
    ask(anna, tuin)
    sent = session().scalars(select(OutboxActivity).where(OutboxActivity.type == "Follow")).all()
    if not sent:
        with unit_of_work():
            row = OutboxActivity(
                type="Follow", actor=local_actor(anna), object_uri=tuin.uri, body=b"{}"
            )
            session().add(row)
        sent = [row]

    fediverse.deliver(activity("Accept", tuin, sent[0].uri), tuin)
    settle()

    assert membership_of(anna, tuin) == MembershipState.APPROVED


def test_a_reject_refuses_and_also_ends_what_was_granted(
    fediverse: FakeFediverse, tuin: RemoteActor, settle: Settle
) -> None:
    anna = make_account("anna")
    ask(anna, tuin)
    follow = {"id": "http://ons.test/x", "type": "Follow", "actor": anna.uri, "object": tuin.uri}

    for verb, state in (("Accept", MembershipState.APPROVED), ("Reject", MembershipState.REFUSED)):
        fediverse.deliver(activity(verb, tuin, follow), tuin)
        settle()
        assert membership_of(anna, tuin) == state


def test_nobody_answers_for_another(
    fediverse: FakeFediverse, tuin: RemoteActor, settle: Settle
) -> None:
    anna = make_account("anna")
    ask(anna, tuin)
    mal = fediverse.group("mal", "evil.test")
    follow = {"id": "http://ons.test/x", "type": "Follow", "actor": anna.uri, "object": tuin.uri}

    fediverse.deliver(activity("Accept", mal, follow), mal)
    settle()

    assert outcome() == ("refused", "answer-for-another")
    assert membership_of(anna, tuin) == MembershipState.REQUESTED


def test_a_person_elsewhere_agrees(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    anna = make_account("anna")
    Chase(activity_client()).bring(bob.uri)
    followed = find_account_by_uri(bob.uri)
    assert followed is not None
    with unit_of_work():
        following = followings.request_follow(anna, followed)
    follow = {"id": "http://ons.test/x", "type": "Follow", "actor": anna.uri, "object": bob.uri}

    fediverse.deliver(activity("Accept", bob, follow), bob)
    settle()

    session().expire_all()
    assert following.state == FollowState.APPROVED


def test_the_first_announce_stands_for_an_accept(
    fediverse: FakeFediverse, tuin: RemoteActor, settle: Settle
) -> None:
    anna = make_account("anna")
    ask(anna, tuin)
    author = fediverse.person("tess", "forum.test")
    create = activity("Create", author, page(author, tuin.uri))

    fediverse.deliver(activity("Announce", tuin, create), tuin)
    settle()

    assert membership_of(anna, tuin) == MembershipState.APPROVED


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_any_order_of_a_like_and_its_undo_ends_the_same(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle, order: tuple[int, ...]
) -> None:
    post = make_post(make_community("toetsing"), make_account("anna"))
    like, again = activity("Like", bob, post.uri), activity("Like", bob, post.uri)
    steps = [like, activity("Undo", bob, like), again, activity("Undo", bob, again)]

    for index in order:
        fediverse.deliver(steps[index], bob)
        settle()

    session().expire_all()
    assert post.vote_count == 0
