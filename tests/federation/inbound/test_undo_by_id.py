"""An Undo may name what it undoes by its id alone: then what came under that id is undone."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.core.visibility import State
from app.forum.models.ban import Ban
from federation.models.inbox_activity import InboxActivity
from federation.models.outbox_activity import OutboxActivity
from tests.support.fediverse import Json, RemoteActor, activity
from tests.support.inbox import outcome
from tests.support.moderating import Place, Scene

VERBS = ("Delete", "Lock", "Block")


def act(verb: str, by: RemoteActor, place: Place) -> Json:
    if verb == "Block":
        return activity("Block", by, place.writer.uri, target=place.uri, summary="reclame")
    return activity(verb, by, place.thread_uri, summary="zo is het")


def is_in_force(verb: str, place: Place) -> bool:
    """Whether what a moderator did still holds."""
    session().expire_all()
    if verb == "Block":
        return session().scalars(select(Ban)).one().is_in_force(utcnow())
    thread = place.thread
    return thread.is_locked if verb == "Lock" else thread.state == State.REMOVED


def undo(by: RemoteActor, done: Json) -> Json:
    return activity("Undo", by, done["id"])


@pytest.mark.parametrize("verb", VERBS)
def test_the_moderator_takes_it_back(scene: Scene, verb: str) -> None:
    place = scene.ours
    done = act(verb, place.moderator, place)
    scene.take(done, place.moderator)
    assert is_in_force(verb, place)

    scene.take(undo(place.moderator, done), place.moderator)

    assert outcome() == ("done", None)
    assert not is_in_force(verb, place)


@pytest.mark.parametrize("verb", VERBS)
def test_a_group_elsewhere_passes_both_on(scene: Scene, verb: str) -> None:
    place = scene.theirs
    done = act(verb, place.moderator, place)
    scene.wrapped(place, done)
    assert is_in_force(verb, place)

    scene.wrapped(place, undo(place.moderator, done))

    assert outcome() == ("done", None)
    assert not is_in_force(verb, place)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("by", ["member", "stranger", "other", "home", "writer"])
def test_nobody_else_takes_it_back(scene: Scene, verb: str, by: str) -> None:
    place = scene.ours
    done = act(verb, place.moderator, place)
    scene.take(done, place.moderator)
    actor = place.writer if by == "writer" else scene.people[by]

    scene.take(undo(actor, done), actor)

    assert outcome() == ("refused", "not-a-moderator")
    assert is_in_force(verb, place)


def test_another_group_takes_nothing_back_that_this_one_passed_on(scene: Scene) -> None:
    place, evil = scene.theirs, scene.evil_group()
    done = act("Lock", place.moderator, place)
    scene.wrapped(place, done)

    scene.take(activity("Announce", evil, undo(place.moderator, done)), evil)

    assert place.thread.is_locked


def test_what_an_author_took_back_is_brought_back_by_nobody(scene: Scene) -> None:
    bob, mal = scene.ours.writer, scene.people["stranger"]
    gone = activity("Delete", bob, scene.ours.thread_uri)
    scene.take(gone, bob)

    for actor in (mal, bob, scene.ours.moderator):
        scene.take(undo(actor, gone), actor)
        assert outcome()[0] == "refused"

    assert scene.ours.thread.state == State.DELETED


def test_what_somebody_merely_brought_along_is_not_what_was_said(scene: Scene) -> None:
    """A forwarded copy is its bringer's word: it stands for nothing (verified by nobody)."""
    place = scene.ours
    done = act("Lock", place.moderator, place)
    scene.take(done, place.moderator)
    with unit_of_work():
        session().execute(
            update(InboxActivity)
            .where(InboxActivity.activity_uri == done["id"])
            .values(verified_by="forwarded")
        )

    scene.take(undo(place.moderator, done), place.moderator)

    assert place.thread.is_locked


def test_a_ban_is_known_by_its_id_for_as_long_as_it_is_in_force(scene: Scene) -> None:
    place = scene.ours
    done = act("Block", place.moderator, place)
    scene.take(done, place.moderator)
    with unit_of_work():
        session().execute(
            update(InboxActivity)
            .where(InboxActivity.activity_uri == done["id"])
            .values(body=b"", received_at=utcnow() - timedelta(days=60))
        )

    scene.take(undo(place.moderator, done), place.moderator)

    assert not is_in_force("Block", place)


@pytest.mark.parametrize("verb", VERBS)
def test_one_that_overtakes_what_it_undoes_wins(scene: Scene, verb: str) -> None:
    place = scene.ours
    done = act(verb, place.moderator, place)

    scene.take(undo(place.moderator, done), place.moderator)
    scene.take(done, place.moderator)

    assert outcome() == ("ignored", "undone-already")
    assert place.thread.state == State.PUBLISHED
    assert not place.thread.is_locked


@pytest.mark.parametrize("verb", ["Delete", "Lock"])
def test_our_group_passes_it_on_as_it_came(scene: Scene, verb: str) -> None:
    place = scene.ours
    done = act(verb, place.moderator, place)
    scene.take(done, place.moderator)
    taken_back = undo(place.moderator, done)

    scene.take(taken_back, place.moderator)

    announced = session().scalars(
        select(OutboxActivity.body).where(OutboxActivity.type == "Announce")
    )
    assert any(taken_back["id"].encode() in body for body in announced)
