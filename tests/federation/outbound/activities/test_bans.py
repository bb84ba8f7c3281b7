"""Block and its Undo: both ends of time, forum servers only."""

from datetime import timedelta

import pytest

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.core.visibility import Visibility
from app.forum.models.ban import Ban
from app.forum.models.community import Community
from app.forum.services import bans, memberships
from federation.dereference.chase import Chase
from federation.transport.client import activity_client
from tests.federation.outbound.peers import PUBLIC, Peers
from tests.support.factories import make_account
from tests.support.fediverse import RemoteActor, activity

END = (utcnow() + timedelta(days=2)).replace(microsecond=0)


@pytest.fixture
def bob(peers: Peers, anna: Account, toetsing: Community) -> RemoteActor:
    """On Lemmy; somebody on Mastodon follows too, and both servers are known for what they are."""
    peers.follower(toetsing, "masto.test", "mastodon")
    return peers.follower(toetsing, "lemmy.test", "lemmy")


def ban(
    peers: Peers, by: Account, who: RemoteActor, place: Community | None, **terms: object
) -> Ban:
    with unit_of_work():
        account = peers.account(who)
        wanted = bans.BanTerms("reclame", END, **terms)  # type: ignore[arg-type]
        return bans.ban_person(session().merge(by), account, place, wanted)


def test_a_ban_is_wrapped_with_both_words_for_its_end(
    peers: Peers, anna: Account, toetsing: Community, bob: RemoteActor
) -> None:
    ban(peers, anna, bob, toetsing, removes_posts=True)

    received = peers.got("lemmy.test")
    wrapped = [one["object"] for one in received if one["type"] == "Announce"]
    (block,) = [one for one in wrapped if one["type"] == "Block"]
    assert (block["actor"], block["object"]) == (anna.uri, bob.uri)
    assert block["target"] == block["audience"] == toetsing.uri
    assert block["endTime"] == block["expires"] == END.isoformat().replace("+00:00", "Z")
    assert block["removeData"] is True
    assert (block["summary"], block["to"], block["cc"]) == ("reclame", [PUBLIC], [toetsing.uri])
    assert "Reject" in {one["type"] for one in received}  # the follow is over
    assert peers.kinds("masto.test") == []


@pytest.mark.parametrize("restores", [True, False])
def test_the_undo_holds_the_block_as_it_was(
    peers: Peers, anna: Account, toetsing: Community, bob: RemoteActor, restores: bool
) -> None:
    made = ban(peers, anna, bob, toetsing)
    said = next(one for one in peers.got("lemmy.test") if one["type"] == "Block")
    peers.forget()

    with unit_of_work():
        lifted = session().get_one(Ban, made.id)
        bans.lift_ban(session().merge(anna), lifted, restores_posts=restores)

    (undo,) = [one for one in peers.got("lemmy.test") if one["type"] == "Undo"]
    assert undo["restoreData"] is restores
    assert {k: v for k, v in undo["object"].items() if k != "proof"} == {
        k: v for k, v in said.items() if k not in {"@context", "proof"}
    }


def test_a_server_whose_last_follower_was_banned_hears_that_another_ban_is_lifted(
    peers: Peers, anna: Account, toetsing: Community, bob: RemoteActor
) -> None:
    pia = peers.follower(toetsing, "piefed.test", "piefed")
    made = ban(peers, anna, pia, toetsing)
    ban(peers, anna, bob, toetsing)
    peers.send()
    peers.forget()

    with unit_of_work():
        bans.lift_ban(session().merge(anna), session().get_one(Ban, made.id))

    (undo,) = peers.got("lemmy.test")
    assert (undo["type"], undo["object"]["object"]) == ("Undo", pia.uri)
    assert peers.kinds("piefed.test") == ["Undo(Block)"]
    assert peers.kinds("masto.test") == []


def test_a_ban_from_this_server_names_it_and_goes_to_every_forum(
    peers: Peers, anna: Account, toetsing: Community, bob: RemoteActor
) -> None:
    admin = make_account("chef", admin=True)

    made = ban(peers, admin, bob, None)

    (block,) = [one for one in peers.got("lemmy.test") if one["type"] == "Block"]
    assert block["target"] == "http://ons.test/"
    assert block["cc"] == ["http://lemmy.test/"]
    assert "audience" not in block
    peers.forget()
    with unit_of_work():
        bans.lift_ban(session().merge(admin), session().get_one(Ban, made.id))
    (undo,) = peers.got("lemmy.test")
    assert undo["object"]["id"] == block["id"]
    assert peers.kinds("masto.test") == []


def test_our_moderator_of_a_group_elsewhere_tells_its_home(
    peers: Peers, anna: Account, bob: RemoteActor
) -> None:
    peers.fediverse.server("groep.test", "lemmy")
    group = peers.fediverse.group("tuin", "groep.test")
    Chase(activity_client()).bring(group.uri)
    community = peers.community(group)
    with unit_of_work():
        memberships.set_moderator(community, session().merge(anna), is_moderator=True, by=None)

    ban(peers, anna, bob, community)

    (block,) = peers.got("groep.test")
    assert (block["type"], block["target"]) == ("Block", group.uri)


def test_the_ban_of_a_moderator_elsewhere_is_passed_on_byte_for_byte(
    peers: Peers, anna: Account, toetsing: Community, bob: RemoteActor
) -> None:
    mo = peers.follower(toetsing, "calm.test", "piefed")
    with unit_of_work():
        memberships.set_moderator(toetsing, peers.account(mo), is_moderator=True, by=None)
    peers.send()
    peers.forget()
    block = activity("Block", mo, bob.uri, target=toetsing.uri, expires="2090-01-01T00:00:00Z")

    peers.take(block, mo)

    wrapped = [one for one in peers.got("lemmy.test") if one["type"] == "Announce"]
    assert [one["object"] for one in wrapped] == [block]


def test_a_ban_from_a_community_for_members_is_told_to_nobody(
    peers: Peers, anna: Account, toetsing: Community, bob: RemoteActor
) -> None:
    with unit_of_work():
        session().merge(toetsing).visibility = Visibility.MEMBERS

    made = ban(peers, anna, bob, toetsing)
    with unit_of_work():
        bans.lift_ban(session().merge(anna), session().get_one(Ban, made.id))

    assert {one["type"] for one in peers.got("lemmy.test")} <= {"Reject"}
