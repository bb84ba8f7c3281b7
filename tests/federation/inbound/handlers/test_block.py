"""Bans that come over the wire (federation.md section 3.9)."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.core.clock import utcnow
from app.core.db import session
from app.core.visibility import State
from app.forum.models.ban import Ban
from app.forum.queries.bans import find_ban
from app.forum.queries.communities import get_membership
from tests.support.fediverse import Json, RemoteActor, activity, note
from tests.support.inbox import outcome
from tests.support.moderating import Scene

SOON = (utcnow() + timedelta(days=3)).replace(microsecond=0)


def block(scene: Scene, by: RemoteActor, who: str, target: str, **extra: object) -> Json:
    extra = {"summary": "reclame", **extra}
    document = activity("Block", by, who, target=target, **extra)
    scene.take(document, by)
    return document


def only_ban() -> Ban:
    session().expire_all()
    return session().scalars(select(Ban)).one()


@pytest.mark.parametrize("field", ["endTime", "expires"])
def test_a_moderator_elsewhere_bans_from_our_group_until_some_day(scene: Scene, field: str) -> None:
    bob, mo = scene.ours.writer, scene.ours.moderator

    end = SOON.isoformat().replace("+00:00", "Z")
    block(scene, mo, bob.uri, scene.ours.uri, **{field: end})

    ban = only_ban()
    assert (ban.account.uri, ban.by and ban.by.uri) == (bob.uri, mo.uri)
    assert (ban.reason, ban.expires_at, ban.removes_posts) == ("reclame", SOON, False)
    assert scene.ours.thread.state == State.PUBLISHED


def test_who_is_banned_writes_nothing_more_there(scene: Scene) -> None:
    bob = scene.ours.writer
    block(scene, scene.ours.moderator, bob.uri, scene.ours.uri)

    scene.take(activity("Create", bob, note(bob, inReplyTo=scene.ours.thread_uri)), bob)

    assert outcome()[0] == "refused"


def test_remove_data_takes_everything_away_and_restore_data_brings_it_back(scene: Scene) -> None:
    bob, mo = scene.ours.writer, scene.ours.moderator

    ban = block(scene, mo, bob.uri, scene.ours.uri, removeData=True)
    assert scene.ours.thread.state == State.REMOVED
    scene.take(activity("Undo", mo, ban, restoreData=True), mo)

    assert outcome() == ("done", None)
    assert scene.ours.thread.state == State.PUBLISHED
    assert only_ban().lifted_at is not None


def test_an_undo_without_restore_data_leaves_what_was_removed(scene: Scene) -> None:
    bob, mo = scene.ours.writer, scene.ours.moderator
    ban = block(scene, mo, bob.uri, scene.ours.uri, removeData=True)

    scene.take(activity("Undo", mo, ban), mo)

    assert only_ban().lifted_at is not None
    assert scene.ours.thread.state == State.REMOVED


def test_an_undo_that_overtakes_its_block_wins(scene: Scene) -> None:
    bob, mo = scene.ours.writer, scene.ours.moderator
    ban = activity("Block", mo, bob.uri, target=scene.ours.uri)

    scene.take(activity("Undo", mo, ban), mo)
    scene.take(ban, mo)

    assert outcome() == ("ignored", "undone-already")
    assert session().scalars(select(Ban)).all() == []


def test_a_block_without_a_target_is_nobodys_business(scene: Scene) -> None:
    stranger = scene.people["stranger"]

    scene.take(activity("Block", stranger, scene.anna.uri), stranger)
    assert outcome() == ("ignored", "personal-block")
    scene.take(activity("Undo", stranger, activity("Block", stranger, scene.anna.uri)), stranger)

    assert outcome() == ("ignored", "personal-block")
    assert session().scalars(select(Ban)).all() == []


def test_our_person_is_banned_from_a_group_elsewhere(scene: Scene) -> None:
    place = scene.theirs
    carla = get_local("carla")

    scene.wrapped(place, activity("Block", place.moderator, carla, target=place.uri))

    ban = only_ban()
    assert ban.account.uri == carla
    assert ban.community_id == place.community.id


def get_local(name: str) -> str:
    return f"http://ons.test/u/{name}"


def test_a_server_bans_its_own_person_and_what_they_wrote_goes(scene: Scene) -> None:
    bob = scene.ours.writer
    admin = scene.fediverse.person("beheer", "victim.test")
    scene.introduce(admin)

    ban = block(scene, admin, bob.uri, "http://victim.test/", removeData=True)

    assert only_ban().community_id is None
    assert scene.ours.thread.state == State.REMOVED
    scene.take(activity("Undo", admin, ban, restoreData=True), admin)
    assert scene.ours.thread.state == State.PUBLISHED


def test_a_server_may_name_its_own_actor_as_target(scene: Scene) -> None:
    bob = scene.ours.writer
    admin = scene.fediverse.person("beheer", "victim.test")
    server = scene.fediverse.at("http://victim.test/i/actor", "Application")
    scene.introduce(admin)

    block(scene, admin, bob.uri, server.uri)

    assert outcome() == ("done", None)
    assert only_ban().community_id is None


@pytest.mark.parametrize("target", ["http://ons.test/", "http://victim.test/", "http://x.test/"])
def test_a_server_bans_nobody_from_another_server(scene: Scene, target: str) -> None:
    stranger = scene.people["stranger"]

    block(scene, stranger, scene.ours.writer.uri, target)

    assert outcome() == ("refused", "server-of-another")
    assert session().scalars(select(Ban)).all() == []


def test_a_server_bans_our_person_from_all_its_groups_and_nowhere_else(scene: Scene) -> None:
    server = scene.fediverse.at("http://groep.test/", "Application")
    scene.introduce(server)
    carla = get_local("carla")

    ban = block(scene, server, carla, "http://groep.test/")
    assert [one.community_id for one in session().scalars(select(Ban))] == [
        scene.theirs.community.id
    ]
    scene.take(activity("Undo", server, ban), server)

    assert only_ban().lifted_at is not None


def test_who_merely_lives_there_bans_nobody_from_the_groups_of_a_server(scene: Scene) -> None:
    block(scene, scene.people["home"], get_local("carla"), "http://groep.test/")

    assert outcome() == ("refused", "not-a-moderator")
    assert session().scalars(select(Ban)).all() == []


def test_an_unknown_group_of_their_own_is_not_taken_for_the_server(scene: Scene) -> None:
    bob = scene.ours.writer
    admin = scene.fediverse.person("beheer", "victim.test")
    scene.introduce(admin)
    group = scene.fediverse.group("onbekend", "victim.test")

    block(scene, admin, bob.uri, group.uri)

    assert find_ban(scene.account(bob), None) is None
    assert scene.ours.thread.state == State.PUBLISHED


def test_a_ban_in_the_past_is_refused(scene: Scene) -> None:
    past = datetime(2020, 1, 1, tzinfo=UTC).isoformat()

    block(scene, scene.ours.moderator, scene.ours.writer.uri, scene.ours.uri, endTime=past)

    assert outcome()[0] == "refused"
    assert session().scalars(select(Ban)).all() == []


def test_moderators_do_not_ban_the_owner(scene: Scene) -> None:
    block(scene, scene.ours.moderator, scene.anna.uri, scene.ours.uri)

    assert outcome()[0] == "refused"
    assert session().scalars(select(Ban)).all() == []


def test_a_banned_person_who_follows_again_is_turned_away(scene: Scene) -> None:
    bob = scene.ours.writer
    block(scene, scene.ours.moderator, bob.uri, scene.ours.uri)

    scene.take(activity("Follow", bob, scene.ours.uri), bob)

    membership = get_membership(scene.account(bob), scene.ours.community)
    assert membership is not None
    assert membership.state == "refused"


def test_a_ban_that_a_group_passes_on_needs_an_id(scene: Scene) -> None:
    place = scene.theirs
    nameless = activity("Block", place.moderator, get_local("carla"), target=place.uri)
    del nameless["id"]

    scene.wrapped(place, nameless)

    assert outcome() == ("refused", "ban-without-id")
