"""Answers: published, changed, taken back, taken away."""

from datetime import timedelta

import pytest
from flask.ctx import AppContext

from app.core.db import unit_of_work
from app.core.errors import ConflictError, InvalidInputError, NotAllowedError
from app.core.events import Event
from app.core.visibility import State
from app.forum import events
from app.forum.models.comment import MAX_DEPTH, Comment
from app.forum.origin import Remote
from app.forum.services import comments, posts
from app.forum.services.comments import CommentDraft
from tests.support.clock import FakeClock
from tests.support.factories import make_account, make_comment, make_community, make_post

URI = "http://elders.test/comment/1"


def test_an_answer_counts_and_makes_the_group_livelier(
    heard: list[Event], clock: FakeClock
) -> None:
    anna, bram = make_account(), make_account("bram")
    post = make_post(make_community(), anna)
    heard.clear()
    clock.advance(timedelta(hours=1))

    comment = make_comment(post, bram, "Zo, @anna: **vet**")

    assert (comment.depth, comment.parent_id) == (1, None)
    assert "<strong>vet</strong>" in comment.body_html
    assert (post.comment_count, post.last_comment_at) == (1, clock())
    assert post.community.active_at == clock()
    assert heard == [events.CommentPublished(comment.id, (anna.id,))]


@pytest.mark.parametrize(
    ("language", "stored"),
    [("nl", "nl"), ("pt-BR", "pt-BR"), ("", "und"), ("n\x00", "und"), ("a" * 40, "und")],
)
def test_what_no_database_can_store_is_left_out(
    ctx: AppContext, language: str, stored: str
) -> None:
    anna = make_account()
    post = make_post(make_community(), anna)
    draft = CommentDraft(body_source="Da\x00g\r\nhoi", language=language)

    with unit_of_work():
        comment = comments.publish_comment(anna, post, None, draft)

    assert (comment.body_source, comment.language) == ("Dag\nhoi", stored)


def test_a_remote_answer_is_handled_once(heard: list[Event]) -> None:
    eva = make_account("eva", host="elders.test")
    post = make_post(make_community(), make_account())
    draft = CommentDraft(body_html="<p>Dag</p>", mentioned_ids=(post.author_id,))
    heard.clear()

    with unit_of_work():
        first = comments.publish_comment(eva, post, None, draft, Remote(URI))
        again = comments.publish_comment(eva, post, None, draft, Remote(URI))

    assert again is first
    assert post.comment_count == 1
    assert heard == [events.CommentPublished(first.id, (post.author_id,))]


def test_nesting_ends_at_fifty(ctx: AppContext) -> None:
    anna = make_account()
    post = make_post(make_community(), anna)

    parent: Comment | None = None
    for number in range(MAX_DEPTH + 3):
        parent = make_comment(post, anna, f"Antwoord {number}", parent)

    assert parent is not None
    assert parent.depth == MAX_DEPTH
    assert post.comment_count == MAX_DEPTH + 3


@pytest.mark.parametrize("body", ["", "  \n ", "a" * 50_001])
def test_an_empty_or_endless_answer_is_refused(ctx: AppContext, body: str) -> None:
    post = make_post(make_community(), make_account())

    with pytest.raises(InvalidInputError) as caught:
        make_comment(post, post.author, body)

    assert caught.value.field == "body"
    assert post.comment_count == 0


def test_an_answer_belongs_to_the_thread_of_its_parent(ctx: AppContext) -> None:
    anna, community = make_account(), make_community()
    elsewhere = make_comment(make_post(community, anna), anna)

    with pytest.raises(ConflictError):
        make_comment(make_post(community, anna), anna, "Dag", elsewhere)


def test_a_closed_thread_takes_only_a_moderators_word(ctx: AppContext) -> None:
    anna, owner = make_account(), make_account("otto")
    post = make_post(make_community(owner=owner), anna)
    with unit_of_work():
        posts.lock_post(post, owner, is_locked=True)

    with pytest.raises(ConflictError):
        make_comment(post, anna)

    assert make_comment(post, owner, "Hiermee sluit ik.").id


def test_nobody_of_ours_answers_what_is_gone_but_others_may_not_know_yet(ctx: AppContext) -> None:
    anna, eva = make_account(), make_account("eva", host="elders.test")
    post = make_post(make_community(), anna)
    comment = make_comment(post, anna)
    with unit_of_work():
        comments.delete_comment(comment, anna)

    with pytest.raises(ConflictError):
        make_comment(post, anna, "Toch", comment)
    with unit_of_work():
        reply = comments.publish_comment(
            eva, post, comment, CommentDraft(body_html="<p>Toch</p>"), Remote(URI)
        )

    assert reply.parent_id == comment.id


def test_membership_may_be_required(ctx: AppContext) -> None:
    post = make_post(make_community(), make_account())
    with unit_of_work():
        post.community.requires_membership = True

    with pytest.raises(NotAllowedError):
        make_comment(post, make_account("bram"))


def test_a_change_is_told_once(heard: list[Event], clock: FakeClock) -> None:
    anna = make_account()
    comment = make_comment(make_post(make_community(), anna), anna, "Oud")
    heard.clear()

    for _time in range(2):
        with unit_of_work():
            comments.edit_comment(comment, CommentDraft(body_source="Nieuw"), anna)

    assert comment.body_html == "<p>Nieuw</p>"
    assert comment.edited_at == clock()
    assert heard == [events.CommentEdited(comment.id)]
    with pytest.raises(InvalidInputError), unit_of_work():
        comments.edit_comment(comment, CommentDraft(body_source=" "), anna)
    with pytest.raises(NotAllowedError), unit_of_work():
        comments.edit_comment(comment, CommentDraft(body_source="Ik"), make_account("bram"))


def test_a_late_older_change_from_elsewhere_is_ignored(ctx: AppContext, clock: FakeClock) -> None:
    eva = make_account("eva", host="elders.test")
    post = make_post(make_community(), make_account())
    newest = Remote(URI, published=clock(), updated=clock() + timedelta(minutes=9))
    clock.advance(timedelta(hours=1))
    with unit_of_work():
        comment = comments.publish_comment(
            eva, post, None, CommentDraft(body_html="<p>Nieuwst</p>"), newest
        )

    older = Remote(URI, updated=newest.updated - timedelta(minutes=5))
    with unit_of_work():
        comments.edit_comment(comment, CommentDraft(body_html="<p>Oud</p>"), eva, older)

    assert comment.body_html == "<p>Nieuwst</p>"


def test_a_deleted_answer_keeps_its_place_and_its_replies(heard: list[Event]) -> None:
    anna = make_account()
    post = make_post(make_community(), anna)
    comment = make_comment(post, anna)
    make_comment(post, anna, "Reactie", comment)
    heard.clear()

    for _time in range(2):
        with unit_of_work():
            comments.delete_comment(comment, anna)

    assert (comment.state, comment.body_html, comment.body_source) == (State.DELETED, "", "")
    assert post.comment_count == 1
    assert heard == [events.CommentDeleted(comment.id)]
    with pytest.raises(NotAllowedError), unit_of_work():
        comments.delete_comment(make_comment(post, anna), make_account("bram"))


def test_a_moderator_removes_an_answer_and_brings_it_back(heard: list[Event]) -> None:
    anna, owner = make_account(), make_account("otto")
    post = make_post(make_community(owner=owner), anna)
    comment = make_comment(post, anna, "Blijft bewaard")
    heard.clear()

    with unit_of_work():
        comments.remove_comment(comment, owner, "Onaardig")
        comments.remove_comment(comment, owner, "Onaardig")
    removed = (comment.state, post.comment_count)
    with unit_of_work():
        comments.restore_comment(comment, owner)
        comments.restore_comment(comment, owner)

    assert removed == (State.REMOVED, 0)
    assert (comment.state, post.comment_count) == ("published", 1)
    assert heard == [
        events.CommentRemoved(comment.id, owner.id, "Onaardig"),
        events.CommentRestored(comment.id, owner.id),
    ]
    with pytest.raises(NotAllowedError), unit_of_work():
        comments.remove_comment(comment, anna, "Zelf")


def test_a_removed_answer_is_not_counted_out_twice(ctx: AppContext) -> None:
    anna, owner = make_account(), make_account("otto")
    post = make_post(make_community(owner=owner), anna)
    comment = make_comment(post, anna)
    make_comment(post, anna, "Blijft")
    with unit_of_work():
        comments.remove_comment(comment, owner, "Onaardig")
    with unit_of_work():
        comments.delete_comment(comment, anna)

    assert (comment.state, post.comment_count) == (State.DELETED, 1)


def test_what_a_writer_deleted_nobody_brings_back(ctx: AppContext) -> None:
    anna, owner = make_account(), make_account("otto")
    comment = make_comment(make_post(make_community(owner=owner), anna), anna)
    with unit_of_work():
        comments.delete_comment(comment, anna)

    with pytest.raises(ConflictError), unit_of_work():
        comments.restore_comment(comment, owner)
