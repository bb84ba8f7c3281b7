"""A group elsewhere takes its Announce of a text back, as NodeBB does for what it deleted."""

from app.core.visibility import State
from tests.support.fediverse import Json, RemoteActor, activity
from tests.support.inbox import outcome
from tests.support.moderating import Scene


def undo_of_boost(by: RemoteActor, uri: str) -> Json:
    return activity("Undo", by, activity("Announce", by, uri))


def test_what_a_group_elsewhere_no_longer_passes_on_is_removed(scene: Scene) -> None:
    group = scene.theirs.group
    assert group is not None

    scene.take(undo_of_boost(group, scene.theirs.thread_uri), group)

    assert outcome() == ("done", None)
    assert scene.theirs.thread.state == State.REMOVED


def test_a_group_removes_nothing_from_another(scene: Scene) -> None:
    group = scene.theirs.group
    assert group is not None

    scene.take(undo_of_boost(group, scene.ours.thread_uri), group)

    assert outcome() == ("ignored", "object-unknown")
    assert scene.ours.thread.state == State.PUBLISHED


def test_a_person_who_takes_a_boost_back_removes_nothing(scene: Scene) -> None:
    for who in (scene.theirs.writer, scene.theirs.moderator, scene.people["stranger"]):
        scene.take(undo_of_boost(who, scene.theirs.thread_uri), who)

        assert outcome()[0] == "ignored"

    assert scene.theirs.thread.state == State.PUBLISHED


def test_nobody_takes_the_boost_of_a_group_back_for_it(scene: Scene) -> None:
    group, heks = scene.theirs.group, scene.people["home"]
    assert group is not None

    undo = activity("Undo", heks, activity("Announce", group, scene.theirs.thread_uri))
    answer = scene.fediverse.deliver(undo, heks)

    assert answer.status_code == 403
    assert scene.theirs.thread.state == State.PUBLISHED


def test_a_group_does_not_pass_on_that_another_took_a_boost_back(scene: Scene) -> None:
    group = scene.theirs.group
    assert group is not None

    scene.wrapped(scene.theirs, undo_of_boost(group, scene.theirs.thread_uri))

    assert scene.theirs.thread.state == State.PUBLISHED
