"""Threads that moderators elsewhere close and open."""

import pytest
from sqlalchemy import select

from app.core.db import session, unit_of_work
from app.forum.services import posts
from app.moderation.models.log_entry import LogEntry
from tests.support.factories import make_comment
from tests.support.fediverse import Json, activity, note, page
from tests.support.inbox import outcome
from tests.support.moderating import Place, Scene


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


def _thread_by_moderator(scene: Scene) -> Json:
    """A thread in our group by somebody who moderates it, as it is now."""
    mo = scene.ours.moderator
    thread = page(mo, scene.ours.uri, "Van een moderator", updated="2026-11-02T10:00:00Z")
    thread = {**thread, "published": "2026-11-01T10:00:00Z"}
    scene.take(activity("Create", mo, thread), mo)
    scene.ours.thread_uri = thread["id"]
    newer = {**thread, "name": "Nieuwer", "updated": "2026-11-03T10:00:00Z"}
    scene.take(activity("Update", mo, newer), mo)
    assert scene.ours.thread.title == "Nieuwer"
    return thread


def test_an_update_that_is_older_than_ours_closes_nothing(scene: Scene) -> None:
    thread, mo = _thread_by_moderator(scene), scene.ours.moderator

    scene.take(activity("Update", mo, {**thread, "commentsEnabled": False}), mo)

    assert (scene.ours.thread.title, scene.ours.thread.is_locked) == ("Nieuwer", False)


def test_an_update_that_is_newer_closes(scene: Scene) -> None:
    thread, mo = _thread_by_moderator(scene), scene.ours.moderator
    closed = {**thread, "updated": "2026-11-04T10:00:00Z", "commentsEnabled": False}

    scene.take(activity("Update", mo, closed), mo)

    assert scene.ours.thread.is_locked


def _as_moderator(scene: Scene, place: Place, **extra: object) -> Json:
    text = page(place.writer, place.uri, "Vervalst", **extra)
    return {**text, "id": place.thread_uri}


@pytest.mark.parametrize("where", ["ours", "theirs"])
def test_a_moderator_marks_a_text_as_sensitive_and_takes_that_back(
    scene: Scene, where: str
) -> None:
    place: Place = getattr(scene, where)

    for is_sensitive in (True, False):
        update = activity(
            "Update", place.moderator, _as_moderator(scene, place, sensitive=is_sensitive)
        )
        if place.group is None:
            scene.take(update, place.moderator)
        else:
            scene.wrapped(place, update)
        assert outcome() == ("done", None)
        assert place.thread.is_sensitive is is_sensitive

    assert place.thread.title != "Vervalst"
    acts = session().scalars(select(LogEntry.action).order_by(LogEntry.id)).all()
    assert acts[-2:] == ["post_marked", "post_unmarked"]


@pytest.mark.parametrize("who", ["member", "stranger", "home", "other"])
def test_nobody_else_marks_a_text_in_our_group(scene: Scene, who: str) -> None:
    actor = scene.people[who]
    forged = activity("Update", actor, _as_moderator(scene, scene.ours, sensitive=True))

    assert scene.fediverse.deliver(forged, actor).status_code == 403

    assert not scene.ours.thread.is_sensitive


def test_a_moderators_older_update_marks_nothing(scene: Scene) -> None:
    place = scene.theirs
    old = _as_moderator(scene, place, sensitive=True, updated="2020-01-01T00:00:00Z")

    scene.wrapped(place, activity("Update", place.moderator, old))

    assert outcome() == ("ignored", "older-than-ours")
    assert not place.thread.is_sensitive


def test_who_merely_lives_where_a_group_lives_closes_no_thread_of_their_own(scene: Scene) -> None:
    place, home = scene.theirs, scene.people["home"]
    thread = scene.fediverse.put(page(home, place.uri, commentsEnabled=True))
    scene.wrapped(place, activity("Create", home, thread))
    place.thread_uri = thread["id"]

    scene.take(activity("Update", home, {**thread, "commentsEnabled": False}), home)

    assert outcome() == ("done", None)
    assert not place.thread.is_locked
