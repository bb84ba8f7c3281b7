"""Threads that moderators elsewhere close and open."""

from app.core.db import unit_of_work
from app.forum.services import posts
from tests.support.factories import make_comment
from tests.support.fediverse import activity, note, page
from tests.support.inbox import outcome
from tests.support.moderating import Scene


def test_a_closed_thread_takes_no_answers_until_it_is_opened(scene: Scene) -> None:
    mo, member = scene.ours.moderator, scene.people["member"]
    lock = activity("Lock", mo, scene.ours.thread_uri, summary="uitgepraat")

    scene.take(lock, mo)
    assert scene.ours.thread.is_locked
    answer = note(member, inReplyTo=scene.ours.thread_uri)
    scene.take(activity("Create", member, answer), member)
    assert outcome() == ("refused", "conflict: thread-locked")
    scene.take(activity("Undo", mo, lock, summary="toch niet"), mo)

    assert not scene.ours.thread.is_locked


def test_another_moderator_may_open_what_one_closed(scene: Scene) -> None:
    mo = scene.ours.moderator
    with unit_of_work():
        posts.lock_post(scene.ours.thread, scene.anna, is_locked=True)
    lock = {**activity("Lock", mo, scene.ours.thread_uri), "actor": scene.anna.uri}

    scene.take(activity("Undo", mo, lock), mo)

    assert outcome() == ("done", None)
    assert not scene.ours.thread.is_locked


def test_comments_are_not_locked(scene: Scene) -> None:
    comment = make_comment(scene.ours.thread, scene.anna)
    mo = scene.ours.moderator

    scene.take(activity("Lock", mo, comment.uri), mo)

    assert outcome() == ("ignored", "comments-are-not-locked")


def test_a_lock_that_comes_before_its_thread_waits_for_it(scene: Scene) -> None:
    mo, member = scene.ours.moderator, scene.people["member"]
    thread = page(member, scene.ours.uri)

    scene.take(activity("Lock", mo, thread["id"]), mo)
    scene.take(activity("Create", member, thread), member)

    scene.ours.thread_uri = thread["id"]
    assert scene.ours.thread.is_locked


def test_an_update_of_who_may_says_that_the_comments_are_closed(scene: Scene) -> None:
    home = scene.people["home"]
    place = scene.theirs
    thread = scene.fediverse.put(page(home, place.uri, commentsEnabled=True))
    scene.wrapped(place, activity("Create", home, thread))
    place.thread_uri = thread["id"]

    for enabled in (False, True):
        changed = {**thread, "commentsEnabled": enabled}
        scene.wrapped(place, activity("Update", home, changed))
        assert place.thread.is_locked is not enabled


def test_the_update_of_an_author_who_moderates_nothing_closes_nothing(scene: Scene) -> None:
    bob = scene.ours.writer
    changed = {**page(bob, scene.ours.uri), "id": scene.ours.thread_uri, "commentsEnabled": False}

    scene.take(activity("Update", bob, changed), bob)

    assert not scene.ours.thread.is_locked


def test_a_moderator_changes_no_text_but_may_close(scene: Scene) -> None:
    place = scene.theirs
    forged = {
        **page(place.writer, place.uri, "Vervalst"),
        "id": place.thread_uri,
        "commentsEnabled": False,
    }

    scene.wrapped(place, activity("Update", place.moderator, forged))

    assert place.thread.title == "Ginds"
    assert place.thread.is_locked


def test_the_update_of_somebody_else_through_the_group_is_refused(scene: Scene) -> None:
    place, stranger = scene.theirs, scene.people["stranger"]
    forged = {
        **page(place.writer, place.uri, "Vervalst"),
        "id": place.thread_uri,
        "commentsEnabled": False,
    }

    scene.wrapped(place, activity("Update", stranger, forged))

    assert outcome() == ("refused", "not-a-moderator")
    assert place.thread.title == "Ginds"
    assert not place.thread.is_locked
