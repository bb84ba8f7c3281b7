"""Restoring what was removed, and groups that are closed and opened."""

import pytest
from sqlalchemy import select

from app.core.db import session, unit_of_work
from app.core.visibility import State
from app.forum.models.comment import Comment
from app.forum.services import comments, posts
from app.notifications.models import Notification
from tests.support.factories import make_comment
from tests.support.fediverse import Answer, RemoteActor, activity
from tests.support.inbox import outcome
from tests.support.moderating import Scene


def test_the_removal_of_another_moderator_is_undone(scene: Scene) -> None:
    mo = scene.ours.moderator
    with unit_of_work():
        posts.remove_post(scene.ours.thread, scene.anna, "dubbel")
    removal = {**activity("Delete", mo, scene.ours.thread_uri), "actor": scene.anna.uri}

    scene.take(activity("Undo", mo, removal), mo)

    assert outcome() == ("done", None)
    assert scene.ours.thread.state == State.PUBLISHED


def test_what_the_author_took_back_stays_away(scene: Scene) -> None:
    bob, mo = scene.ours.writer, scene.ours.moderator
    deletion = activity("Delete", bob, scene.ours.thread_uri)
    scene.take(deletion, bob)

    scene.take(activity("Undo", mo, {**deletion, "actor": mo.uri}), mo)

    assert outcome()[0] == "refused"
    assert scene.ours.thread.state == State.DELETED


def test_a_removal_in_a_group_elsewhere_and_its_undoing(scene: Scene) -> None:
    place = scene.theirs
    removal = activity("Delete", place.moderator, place.thread_uri, summary="grof")

    scene.wrapped(place, removal)
    assert (place.thread.state, place.thread.state_reason) == (State.REMOVED, "grof")
    scene.wrapped(place, activity("Undo", place.moderator, removal))

    assert place.thread.state == State.PUBLISHED


def test_the_server_of_the_author_takes_away_and_brings_back(scene: Scene) -> None:
    admin = scene.fediverse.person("beheer", "victim.test")
    removal = activity("Delete", admin, scene.ours.thread_uri, summary="reclame")

    scene.take(removal, admin)
    assert (scene.ours.thread.state, scene.ours.thread.state_reason) == (State.REMOVED, "reclame")
    scene.take(activity("Undo", admin, removal), admin)

    assert outcome() == ("done", None)
    assert scene.ours.thread.state == State.PUBLISHED


def test_the_server_of_the_author_does_not_undo_what_our_moderators_removed(scene: Scene) -> None:
    admin = scene.fediverse.person("beheer", "victim.test")
    with unit_of_work():
        posts.remove_post(scene.ours.thread, scene.anna, "dubbel")

    removal = activity("Delete", admin, scene.ours.thread_uri, summary="reclame")
    scene.take(removal, admin)
    scene.take(activity("Undo", admin, removal), admin)

    assert outcome() == ("refused", "not-a-moderator")
    assert scene.ours.thread.state == State.REMOVED


class TestWithReplies:
    """A thread with an answer, an answer to that, and another one beside them."""

    @pytest.fixture
    def answers(self, scene: Scene) -> list[Comment]:
        thread = scene.ours.thread
        first = make_comment(thread, scene.anna)
        return [
            first,
            make_comment(thread, scene.anna, parent=first),
            make_comment(thread, scene.anna),
        ]

    def states(self, answers: list[Comment]) -> list[str]:
        session().expire_all()
        return [session().get_one(Comment, one.id).state for one in answers]

    @pytest.mark.parametrize(
        ("flag", "after"),
        [
            (True, ["removed", "removed", "published"]),
            (False, ["removed", "published", "published"]),
        ],
    )
    def test_what_answers_an_answer_goes_with_it(
        self, scene: Scene, answers: list[Comment], flag: bool, after: list[str]
    ) -> None:
        mo = scene.ours.moderator
        removal = activity("Delete", mo, answers[0].uri, summary="grof", withReplies=flag)

        scene.take(removal, mo)
        gone = self.states(answers)
        scene.take(activity("Undo", mo, removal), mo)

        assert gone == after
        assert self.states(answers) == ["published"] * 3

    def test_a_thread_goes_with_all_its_answers(self, scene: Scene, answers: list[Comment]) -> None:
        mo = scene.ours.moderator
        thread = scene.ours.thread

        scene.take(activity("Delete", mo, thread.uri, summary="grof", withReplies=True), mo)

        assert self.states(answers) == ["removed"] * 3
        assert session().get_one(Comment, answers[1].id).state_reason == "grof"

    @pytest.mark.parametrize("by_the_same", [True, False])
    def test_what_was_removed_before_stays_away(
        self, scene: Scene, answers: list[Comment], by_the_same: bool
    ) -> None:
        mo = scene.ours.moderator
        if by_the_same:
            scene.take(activity("Delete", mo, answers[1].uri, summary="eerder"), mo)
        else:
            with unit_of_work():
                comments.remove_comment(answers[1], scene.anna, "eerder")
        removal = activity("Delete", mo, answers[0].uri, summary="grof", withReplies=True)

        scene.take(removal, mo)
        scene.take(activity("Undo", mo, removal), mo)

        assert self.states(answers) == ["published", "removed", "published"]

    def test_the_server_of_the_author_has_no_say_over_the_answers(
        self, scene: Scene, answers: list[Comment]
    ) -> None:
        admin = scene.fediverse.person("beheer", "victim.test")

        uri = scene.ours.thread_uri
        scene.take(activity("Delete", admin, uri, summary="reclame", withReplies=True), admin)

        assert scene.ours.thread.state == State.REMOVED
        assert self.states(answers) == ["published"] * 3


def _closers(scene: Scene) -> dict[str, RemoteActor | None]:
    return {"itself": scene.theirs.group, "its owner": scene.people["home"]}


@pytest.mark.parametrize("by", ["itself", "its owner"])
def test_a_group_elsewhere_is_closed_and_opened_again(scene: Scene, by: str) -> None:
    place, closer = scene.theirs, _closers(scene)[by]
    assert closer is not None
    assert place.group is not None
    end = activity("Delete", closer, place.uri)

    scene.wrapped(place, end)
    assert outcome() == ("done", None)
    assert place.community.state == State.DELETED
    told = session().scalars(select(Notification)).all()
    assert [(one.kind, one.community_id) for one in told] == [("closed", place.community.id)]
    scene.take(activity("Undo", closer, end), closer)

    assert outcome() == ("done", None)
    assert place.community.state == State.PUBLISHED


def test_a_group_that_says_so_in_person_is_closed(scene: Scene) -> None:
    place = scene.theirs
    assert place.group is not None

    scene.take(activity("Delete", place.group, place.uri), place.group)

    assert place.community.state == State.DELETED


def test_who_lives_on_its_server_closes_a_group_only_when_it_is_gone(scene: Scene) -> None:
    place, home = scene.theirs, scene.people["home"]
    scene.take(activity("Delete", home, place.uri), home)
    assert outcome()[0] == "refused"
    assert place.community.state == State.PUBLISHED
    scene.fediverse.server("groep.test").answers["/c/tuin"] = Answer(status=410)

    scene.take(activity("Delete", home, place.uri), home)

    assert place.community.state == State.DELETED


def test_a_moderator_from_elsewhere_closes_a_group_only_when_it_is_gone(scene: Scene) -> None:
    place = scene.theirs
    scene.wrapped(place, activity("Delete", place.moderator, place.uri))
    assert outcome()[0] == "refused"
    assert place.community.state == State.PUBLISHED
    scene.fediverse.server("groep.test").answers["/c/tuin"] = Answer(status=410)

    scene.wrapped(place, activity("Delete", place.moderator, place.uri))

    assert place.community.state == State.DELETED


@pytest.mark.parametrize("who", ["stranger", "member", "other"])
def test_nobody_else_closes_a_group(scene: Scene, who: str) -> None:
    actor = scene.people[who]

    for place in (scene.ours, scene.theirs):
        scene.take(activity("Delete", actor, place.uri), actor)
        assert outcome()[0] == "refused"
        assert place.community.state == State.PUBLISHED


def test_a_group_of_ours_is_closed_by_nobody_elsewhere(scene: Scene) -> None:
    mo = scene.ours.moderator

    scene.take(activity("Delete", mo, scene.ours.uri), mo)

    assert outcome() == ("refused", "group-is-ours")
