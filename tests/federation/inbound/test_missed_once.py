"""A 404 may be an accident of an afternoon: nothing is deleted for it before it is seen twice."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.core.db import session
from app.core.visibility import State
from federation.dereference.tasks import LOOK_AGAIN_AFTER
from tests.support.clock import FakeClock
from tests.support.fediverse import Answer, FakeFediverse, activity
from tests.support.inbox import outcome
from tests.support.moderating import Scene

Settle = Callable[[], None]


@pytest.fixture
def scene(clock: FakeClock, fediverse: FakeFediverse, settle: Settle) -> Scene:
    """The scene, at a time that stands still."""
    return Scene(fediverse, settle)


def serve(scene: Scene, answer: Answer) -> None:
    """What the server of its writer answers for the thread in our group."""
    path = scene.ours.thread_uri.removeprefix("http://victim.test")
    scene.fediverse.server("victim.test").answers[path] = answer


def delete(scene: Scene) -> None:
    """Somebody from anywhere says that the thread is gone."""
    stranger = scene.people["stranger"]
    scene.take(activity("Delete", stranger, scene.ours.thread_uri), stranger)


def wait(scene: Scene, clock: FakeClock, duration: timedelta) -> None:
    """Let time pass, have what is due fetched, then applied."""
    clock.advance(duration)
    for _ in range(2):
        scene.settle()
    session().rollback()  # what was read belongs to an earlier moment
    session().expire_all()


def asked(scene: Scene) -> int:
    path = scene.ours.thread_uri.removeprefix("http://victim.test")
    return scene.fediverse.server("victim.test").asked[path]


def test_one_404_takes_nothing_away(scene: Scene, clock: FakeClock) -> None:
    serve(scene, Answer(status=404))

    delete(scene)

    assert (scene.ours.thread.state, asked(scene)) == (State.PUBLISHED, 1)
    wait(scene, clock, LOOK_AGAIN_AFTER - timedelta(minutes=1))
    assert (scene.ours.thread.state, asked(scene)) == (State.PUBLISHED, 1)


def test_what_is_still_not_there_after_hours_is_gone(scene: Scene, clock: FakeClock) -> None:
    serve(scene, Answer(status=404))
    delete(scene)

    wait(scene, clock, LOOK_AGAIN_AFTER)

    assert (scene.ours.thread.state, asked(scene)) == (State.DELETED, 2)
    assert outcome() == ("done", None)


def test_what_is_back_by_then_stays(scene: Scene, clock: FakeClock) -> None:
    path = scene.ours.thread_uri.removeprefix("http://victim.test")
    document = scene.fediverse.server("victim.test").answers[path]
    serve(scene, Answer(status=404))
    delete(scene)
    assert isinstance(document, Answer)
    serve(scene, document)

    wait(scene, clock, LOOK_AGAIN_AFTER)

    assert scene.ours.thread.state == State.PUBLISHED
    assert outcome()[0] == "refused"


def test_trouble_in_between_makes_no_404_of_the_first_look_forgotten(
    scene: Scene, clock: FakeClock
) -> None:
    serve(scene, Answer(status=404))
    delete(scene)
    serve(scene, Answer(status=503))
    wait(scene, clock, LOOK_AGAIN_AFTER)
    assert scene.ours.thread.state == State.PUBLISHED
    serve(scene, Answer(status=404))

    wait(scene, clock, timedelta(hours=1))

    assert scene.ours.thread.state == State.DELETED


@pytest.mark.parametrize("said", ["410", "tombstone"])
def test_410_and_a_tombstone_are_enough_at_once(scene: Scene, said: str) -> None:
    body = b'{"type":"Tombstone","id":"%s"}' % scene.ours.thread_uri.encode()
    serve(scene, Answer(status=410) if said == "410" else Answer(body))

    delete(scene)

    assert scene.ours.thread.state == State.DELETED


def test_somebody_who_is_gone_takes_no_text_along_that_is_there(scene: Scene) -> None:
    """What is found on the way to a text says nothing about it (a wrapped object, a parent)."""
    thread, gone = scene.ours.thread_uri, "http://victim.test/objects/weg"
    wrapper = activity("Create", scene.ours.writer, gone)
    path = thread.removeprefix("http://victim.test")
    scene.fediverse.server("victim.test").put(path, {**wrapper, "id": thread})
    scene.fediverse.server("victim.test").answers["/objects/weg"] = Answer(status=410)

    delete(scene)

    assert scene.ours.thread.state == State.PUBLISHED


def test_a_gone_to_which_its_server_sends_us_elsewhere_is_nobodys_word(scene: Scene) -> None:
    scene.fediverse.server("evil.test").answers["/weg"] = Answer(status=410)
    serve(scene, Answer(status=302, headers={"Location": "http://evil.test/weg"}))

    delete(scene)

    assert scene.ours.thread.state == State.PUBLISHED


def test_a_group_elsewhere_is_not_closed_for_one_404(scene: Scene, clock: FakeClock) -> None:
    place = scene.theirs
    scene.fediverse.server("groep.test").answers["/c/tuin"] = Answer(status=404)

    scene.wrapped(place, activity("Delete", place.moderator, place.uri))

    assert place.community.state == State.PUBLISHED
    wait(scene, clock, LOOK_AGAIN_AFTER)
    assert place.community.state == State.DELETED
