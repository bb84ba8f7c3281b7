"""What somebody who is banned may still do: be told so, and say what goes wrong (section 3.9)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core.db import session, unit_of_work
from app.forum.services import bans
from app.forum.services.bans import BanTerms
from app.moderation.models.report import Report
from federation.inbound.repeats import NOT_WITHIN
from federation.models.outbox_activity import OutboxActivity
from tests.support.clock import FakeClock
from tests.support.fediverse import Json, RemoteActor, activity
from tests.support.inbox import outcome
from tests.support.moderating import Scene


def ban(scene: Scene, actor: RemoteActor, *, everywhere: bool) -> None:
    place = None if everywhere else scene.ours.community
    with unit_of_work():
        bans.ban_person(None, scene.account(actor), place, BanTerms("reclame"))


def answers() -> list[tuple[str, str]]:
    """What was answered so far: verb, and the id of the Follow in it."""
    session().rollback()
    session().expire_all()
    rows = session().scalars(select(OutboxActivity).order_by(OutboxActivity.id))
    return [(row.type, row.body.decode()) for row in rows if row.type in {"Accept", "Reject"}]


def follow(scene: Scene, actor: RemoteActor, uri: str) -> Json:
    wish = activity("Follow", actor, uri)
    scene.take(wish, actor)
    return wish


@pytest.mark.parametrize("everywhere", [False, True])
def test_who_is_banned_and_follows_a_group_gets_a_reject(scene: Scene, everywhere: bool) -> None:
    bob = scene.ours.writer
    ban(scene, bob, everywhere=everywhere)

    first = follow(scene, bob, scene.ours.uri)
    second = follow(scene, bob, scene.ours.uri)

    told = answers()[-2:]
    assert [verb for verb, _ in told] == ["Reject", "Reject"]
    assert first["id"] in told[0][1]
    assert second["id"] in told[1][1]


def test_the_same_follow_again_gets_its_reject_again(clock: FakeClock, scene: Scene) -> None:
    bob = scene.ours.writer
    ban(scene, bob, everywhere=False)
    wish = follow(scene, bob, scene.ours.uri)
    before = len(answers())

    clock.advance(NOT_WITHIN + timedelta(seconds=1))
    scene.take(wish, bob)

    assert [verb for verb, _ in answers()[before:]] == ["Reject"]


def test_who_is_banned_here_follows_nobody(scene: Scene) -> None:
    bob = scene.ours.writer
    follow(scene, bob, scene.anna.uri)
    assert answers()[-1][0] == "Accept"
    ban(scene, bob, everywhere=True)

    wish = follow(scene, bob, scene.anna.uri)

    verb, body = answers()[-1]
    assert verb == "Reject"
    assert wish["id"] in body
    assert outcome() == ("done", None)


def test_a_ban_in_one_group_keeps_nobody_from_following_a_person(scene: Scene) -> None:
    bob = scene.ours.writer
    ban(scene, bob, everywhere=False)

    follow(scene, bob, scene.anna.uri)

    assert answers()[-1][0] == "Accept"


@pytest.mark.parametrize(("everywhere", "count"), [(False, 1), (True, 0)])
def test_only_a_ban_from_this_server_silences_reports(
    scene: Scene, everywhere: bool, count: int
) -> None:
    member = scene.people["member"]
    ban(scene, member, everywhere=everywhere)

    flag = activity("Flag", member, scene.ours.thread_uri, summary="hij bedreigt mij")
    scene.take(flag, member)

    session().expire_all()
    assert len(session().scalars(select(Report)).all()) == count
    if everywhere:
        assert outcome() == ("refused", "actor-banned")


def test_a_ban_by_the_server_of_somebody_silences_them_here_too(scene: Scene) -> None:
    bob = scene.ours.writer
    admin = scene.fediverse.person("beheer", "victim.test")
    scene.introduce(admin)
    scene.take(activity("Block", admin, bob.uri, target="http://victim.test/"), admin)

    scene.take(activity("Flag", bob, scene.anna.uri, summary="x"), bob)

    assert outcome() == ("refused", "actor-banned")
