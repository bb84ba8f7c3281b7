"""Follow, Accept, Reject, Undo: verbatim, to the personal inbox, under fresh ids."""

from datetime import timedelta

from sqlalchemy import select

from app.accounts.models.account import Account
from app.accounts.services import followings
from app.core.db import session, unit_of_work
from app.forum.models.community import Community
from app.forum.models.membership import Membership
from app.forum.services import memberships
from federation.dereference.chase import Chase
from federation.transport.client import activity_client
from tests.federation.outbound.peers import Peers
from tests.support.clock import FakeClock
from tests.support.factories import make_community
from tests.support.fediverse import activity


def bring(uri: str) -> None:
    Chase(activity_client(), left=5).bring(uri)


def test_an_accept_holds_the_follow_as_it_came_and_goes_to_the_own_inbox(
    peers: Peers, toetsing: Community
) -> None:
    peers.fediverse.server("lemmy.test", "lemmy")
    bob = peers.fediverse.person("bob", "lemmy.test")
    follow = activity("Follow", bob, toetsing.uri, strange={"kept": [1, 2]})

    peers.take(follow, bob)

    (accept,) = peers.got("lemmy.test")
    assert (accept["type"], accept["actor"]) == ("Accept", toetsing.uri)
    assert accept["object"] == follow
    assert peers.fediverse.server("lemmy.test").posted[0][0] == "/u/bob/inbox"


def test_a_repeated_follow_is_accepted_again_under_a_new_id(
    peers: Peers, toetsing: Community
) -> None:
    peers.fediverse.server("lemmy.test", "lemmy")
    bob = peers.fediverse.person("bob", "lemmy.test")

    peers.ask(bob, toetsing)
    peers.ask(bob, toetsing)

    first, second = peers.got("lemmy.test")
    assert first["type"] == second["type"] == "Accept"
    assert first["id"] != second["id"]


def test_asking_a_person_twice_is_two_ids_and_ending_it_names_the_last(
    peers: Peers, anna: Account
) -> None:
    peers.fediverse.server("masto.test", "mastodon")
    bob = peers.fediverse.person("bob", "masto.test")
    bring(bob.uri)
    them = session().scalars(select(Account).where(Account.remote_uri == bob.uri)).one()

    for _ in range(2):
        with unit_of_work():
            followings.request_follow(anna, them)
    with unit_of_work():
        followings.end_follow(anna, them)

    first, second, undo = peers.got("masto.test")
    assert first["id"] != second["id"]
    assert first["to"] == [bob.uri]
    assert undo["object"] == second


def test_a_silent_community_is_asked_again_under_a_new_id(
    peers: Peers, anna: Account, clock: FakeClock
) -> None:
    peers.fediverse.server("forum.test", "lemmy")
    group = peers.fediverse.group("onderwijs", "forum.test")
    bring(group.uri)
    community = make_community("onderwijs", host="forum.test")

    for _ in range(2):
        with unit_of_work():
            memberships.join_community(anna, community)
        clock.advance(timedelta(hours=2))

    first, second = peers.got("forum.test")
    assert first["object"] == second["object"] == group.uri
    assert first["id"] != second["id"]


def test_somebody_who_is_put_out_gets_a_reject_with_the_follow(
    peers: Peers, toetsing: Community
) -> None:
    bob = peers.follower(toetsing, "lemmy.test")

    with unit_of_work():
        membership = session().scalars(
            select(Membership).join(Account).where(Account.remote_uri == bob.uri)
        )
        memberships.refuse_membership(membership.one())

    (reject,) = peers.got("lemmy.test")
    assert reject["type"] == "Reject"
    assert reject["object"]["actor"] == bob.uri
    assert reject["object"]["id"].startswith("http://lemmy.test/")


def test_follows_are_nobody_elses_business(peers: Peers, toetsing: Community) -> None:
    peers.fediverse.server("lemmy.test", "lemmy")
    bob = peers.fediverse.person("bob", "lemmy.test")
    peers.take(activity("Follow", bob, toetsing.uri), bob)
    (accept,) = peers.got("lemmy.test")

    assert peers.fediverse.client.get(accept["id"]).status_code == 404
