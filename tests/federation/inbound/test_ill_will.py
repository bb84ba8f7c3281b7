"""Servers of ill will that use the verbs of moderation, lists and proofs for what they are not."""

from datetime import timedelta

from app.accounts.queries import find_following
from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.core.visibility import State
from app.forum.queries.bans import find_ban, find_ban_by_uri
from app.forum.queries.communities import find_community_by_uri, get_membership
from app.forum.queries.posts import find_post_by_uri
from app.forum.services import bans
from federation.dereference.chase import Chase
from federation.transport.client import activity_client
from tests.support.factories import make_account
from tests.support.fediverse import activity, note, page
from tests.support.moderating import Scene
from tests.support.proofs import give_proof_key, prove

ROOT = "http://evil.test/"


def test_a_server_cannot_lift_what_our_administrator_decided_after_it(scene: Scene) -> None:
    mal = scene.people["stranger"]
    chief = scene.fediverse.person("chief", "evil.test")
    scene.introduce(chief)
    block = activity("Block", chief, mal.uri, target=ROOT, removeData=True)
    scene.take(block, chief)
    with unit_of_work():
        bans.ban_person(
            make_account("baas", admin=True), scene.account(mal), None, bans.BanTerms("reclame")
        )

    scene.take(activity("Undo", chief, block, restoreData=True), chief)

    assert find_ban(scene.account(mal), None) is not None


def test_a_list_of_moderators_makes_nobody_here_a_member(scene: Scene) -> None:
    mal = scene.people["stranger"]
    group = scene.fediverse.group("val", "evil.test")
    scene.introduce(group)
    scene.list_moderators(group, scene.anna.uri, mal.uri)
    Chase(activity_client()).bring(f"{group.uri}/moderators")
    thread = page(mal, group.uri, "Reclame")

    scene.take(activity("Announce", group, activity("Create", mal, thread)), group)

    community = find_community_by_uri(group.uri)
    assert community is not None
    assert get_membership(scene.anna, community) is None
    assert find_post_by_uri(thread["id"]) is None


def test_who_follows_is_appointed_by_the_list(scene: Scene) -> None:
    group, community = scene.theirs.group, scene.theirs.community
    carla = scene.account_here("carla")
    assert group is not None
    scene.list_moderators(group, carla.uri)

    Chase(activity_client()).bring(scene.theirs.moderators)

    session().expire_all()
    membership = get_membership(carla, community)
    assert membership is not None
    assert membership.role == "moderator"


def test_a_group_that_nobody_follows_gets_no_texts_by_bringing_them(scene: Scene) -> None:
    group = scene.fediverse.group("val", "evil.test")
    scene.introduce(group)
    bob = scene.ours.writer
    thing = scene.fediverse.put(note(bob, "<p>Goedemorgen allemaal</p>"))
    brought = activity("Create", bob, {**thing, "audience": group.uri})

    scene.take(brought, group)

    assert find_post_by_uri(thing["id"]) is None


def test_a_group_speaks_for_nobody_who_takes_a_removal_back(scene: Scene) -> None:
    group = scene.evil_group()
    bob = scene.ours.writer
    chief = scene.fediverse.person("chief", "victim.test")
    scene.introduce(chief)
    thing = scene.fediverse.put(page(bob, group.uri, "Van Bob"))
    scene.take(activity("Announce", group, activity("Create", bob, thing)), group)
    removal = activity("Delete", chief, thing["id"], summary="strafbaar")
    scene.take(removal, chief)
    scene.fediverse.put({"id": thing["id"], "type": "Tombstone"})

    scene.take(activity("Announce", group, activity("Undo", chief, removal)), group)

    session().expire_all()
    post = find_post_by_uri(thing["id"])
    assert post is not None
    assert post.state == State.REMOVED


def test_a_group_tells_of_no_act_under_an_id_of_another_server(scene: Scene) -> None:
    group, mal = scene.evil_group(), scene.people["stranger"]
    block = activity("Block", mal, scene.ours.writer.uri, target=group.uri, summary="x")
    block["id"] = "http://calm.test/activities/block/1"
    scene.list_moderators(group)

    scene.take(activity("Announce", group, block), group)

    assert find_ban_by_uri(block["id"]) is None


def test_an_old_proof_brings_back_nothing_that_its_server_no_longer_has(scene: Scene) -> None:
    group, bob = scene.evil_group(), scene.ours.writer
    give_proof_key(scene.fediverse, bob)
    scene.introduce(bob)
    create = activity("Create", bob, page(bob, group.uri, "Lang geleden"))
    proven = prove(create, bob, at=utcnow() - timedelta(days=40))

    scene.take(activity("Announce", group, proven), group)

    assert find_post_by_uri(create["object"]["id"]) is None


def test_a_proven_edit_that_comes_again_does_not_undo_a_later_one(scene: Scene) -> None:
    group, bob = scene.evil_group(), scene.ours.writer
    give_proof_key(scene.fediverse, bob)
    scene.introduce(bob)
    thread = {**page(bob, scene.ours.uri, "Oud"), "id": scene.ours.thread_uri}
    earlier = prove(activity("Update", bob, thread), bob, at=utcnow() - timedelta(days=2))
    now = utcnow().isoformat()
    scene.take(activity("Update", bob, {**thread, "name": "Nieuw", "updated": now}), bob)

    scene.take(activity("Announce", group, earlier), group)

    assert scene.ours.thread.title == "Nieuw"


def test_a_group_ends_no_follow_of_somebody_elsewhere(scene: Scene) -> None:
    group, member = scene.evil_group(), scene.people["member"]
    scene.take(activity("Follow", member, scene.anna.uri), member)

    for followed in (scene.ours.uri, scene.anna.uri):
        undo = activity("Undo", member, activity("Follow", member, followed))
        scene.take(activity("Announce", group, undo), group)

    assert get_membership(scene.account(member), scene.ours.community) is not None
    assert find_following(scene.account(member), scene.anna) is not None


def test_a_group_takes_back_no_vote_on_what_stands_elsewhere(scene: Scene) -> None:
    group, member = scene.evil_group(), scene.people["member"]
    like = activity("Like", member, scene.ours.thread_uri)
    scene.take(like, member)

    for undone in (like, like["id"]):
        scene.take(activity("Announce", group, activity("Undo", member, undone)), group)

    assert scene.ours.thread.vote_count == 1
