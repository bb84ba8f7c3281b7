"""Pre-moderation: what newcomers write waits, where a community wants that."""

from datetime import timedelta

import pytest
from flask.ctx import AppContext

from app.accounts.models.account import Account
from app.core.db import session, unit_of_work
from app.core.errors import ConflictError, NotAllowedError
from app.core.events import Event
from app.core.visibility import State
from app.forum import events
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.origin import Remote
from app.forum.queries.holding import count_held, list_held
from app.forum.services import comments, departures, memberships, posts
from app.search.queries import search
from app.search.readers import Reader
from tests.support.clock import FakeClock
from tests.support.factories import make_account, make_comment, make_community, make_post

URI = "http://elders.test/post/1"


def make_held(*, is_premoderated: bool = True) -> tuple[Community, Account, Account]:
    """A community that looks first, who owns it, and somebody new."""
    otto, anna = make_account("otto"), make_account()
    community = make_community(owner=otto, is_premoderated=is_premoderated)
    return community, otto, anna


def answer_from_elsewhere(post: Post, parent: Comment | None = None, number: int = 1) -> Comment:
    author = make_account(f"eva{number}", host="elders.test")
    origin = Remote(f"http://elders.test/comment/{number}")
    draft = comments.CommentDraft(body_html="<p>Van elders</p>")
    with unit_of_work():
        return comments.publish_comment(author, post, parent, draft, origin)


def approve(thing: Post | Comment, by: Account) -> None:
    with unit_of_work():
        if isinstance(thing, Post):
            posts.approve_post(thing, by)
        else:
            comments.approve_comment(thing, by)


def test_by_default_newcomers_from_elsewhere_appear_at_once_and_need_not_follow(
    heard: list[Event],
) -> None:
    community, eva = make_community(), make_account("eva", host="elders.test")
    heard.clear()

    with unit_of_work():
        draft = posts.PostDraft(title="Dag", body_html="<p>Nieuw hier</p>")
        post = posts.publish_post(eva, community, draft, Remote(URI))
    comment = answer_from_elsewhere(post)

    assert post.state == comment.state == State.PUBLISHED
    assert (community.post_count, post.comment_count) == (1, 1)
    assert [type(one) for one in heard] == [events.PostPublished, events.CommentPublished]


def test_a_community_can_ask_to_follow_before_writing(ctx: AppContext) -> None:
    community, eva = make_community(), make_account("eva", host="elders.test")
    post = make_post(community, make_account())
    community.requires_membership = True
    draft = posts.PostDraft(title="Dag", body_html="<p>Nieuw hier</p>")

    with pytest.raises(NotAllowedError), unit_of_work():
        posts.publish_post(eva, community, draft, Remote(URI))
    with pytest.raises(NotAllowedError):
        answer_from_elsewhere(post)
    with unit_of_work():
        memberships.join_community(eva, community)
        made = posts.publish_post(eva, community, draft, Remote(URI))

    assert made.is_published


def test_what_a_newcomer_writes_is_held_and_told_to_nobody(heard: list[Event]) -> None:
    community, otto, anna = make_held()
    thread = make_post(community, otto)
    heard.clear()

    post = make_post(community, anna, "Mijn eerste vraag")
    comment = make_comment(thread, anna)

    assert post.state == comment.state == State.HELD
    assert heard == [events.PostHeld(post.id), events.CommentHeld(comment.id)]
    assert (community.post_count, thread.comment_count) == (1, 0)
    assert thread.last_comment_at is None
    assert not search("eerste vraag", Reader()).items


def test_moderators_owners_and_admins_never_wait(ctx: AppContext) -> None:
    community, otto, _anna = make_held()
    beatrix, mo = make_account("beatrix", admin=True), make_account("mo")
    with unit_of_work():
        memberships.set_moderator(community, mo, is_moderator=True, by=otto)

    written = [make_post(community, writer) for writer in (otto, beatrix, mo)]

    assert all(post.is_published for post in written)


def test_who_is_published_once_need_not_wait_again_but_only_in_that_community(
    ctx: AppContext,
) -> None:
    community, otto, anna = make_held()
    first = make_post(community, anna)
    second = make_post(community, anna)
    approve(first, otto)

    third, answer = make_post(community, anna), make_comment(first, anna)
    elsewhere = make_post(make_community("rekenen", is_premoderated=True), anna)

    assert second.is_held
    assert third.is_published
    assert answer.is_published
    assert elsewhere.is_held


def test_an_answer_counts_as_published_and_a_removed_text_does_not(ctx: AppContext) -> None:
    community, otto, anna = make_held()
    bram = make_account("bram")
    thread = make_post(community, otto)
    approve(make_comment(thread, anna), otto)
    removed = make_post(community, bram)
    approve(removed, otto)
    with unit_of_work():
        posts.remove_post(removed, otto, "Reclame")

    assert make_post(community, anna).is_published
    assert make_post(community, bram).is_held


def test_approval_shows_the_post_counts_it_and_tells_of_it_as_new(
    heard: list[Event], clock: FakeClock
) -> None:
    community, otto, anna = make_held()
    bram = make_account("bram")
    post = make_post(community, anna, "Mijn eerste vraag", "Wat vind jij, @bram?")
    clock.advance(timedelta(hours=5))
    heard.clear()

    approve(post, otto)
    approve(post, otto)

    assert heard == [
        events.PostApproved(post.id, otto.id),
        events.PostPublished(post.id, (bram.id,), was_held=True),
    ]
    assert post.state == State.PUBLISHED
    assert post.published_at == post.received_at == post.sort_at == clock()
    assert community.post_count == 1
    assert community.active_at == clock()
    assert [found.key for found in search("eerste vraag", Reader()).items] == [post.public_id]


def test_approval_of_what_came_from_elsewhere_keeps_the_time_its_server_claims(
    heard: list[Event], clock: FakeClock
) -> None:
    community, otto, anna = make_held()
    thread = make_post(community, otto)
    eva = make_account("eva", host="elders.test")
    origin = Remote("http://elders.test/comment/9", published=clock() - timedelta(hours=1))
    draft = comments.CommentDraft(body_html='<p><a href="http://ons.test/u/anna">@anna</a> Ja</p>')
    with unit_of_work():
        comment = comments.publish_comment(eva, thread, None, draft, origin)
    clock.advance(timedelta(hours=5))
    heard.clear()

    approve(comment, otto)

    assert heard == [
        events.CommentApproved(comment.id, otto.id),
        events.CommentPublished(comment.id, (anna.id,), was_held=True),
    ]
    assert comment.published_at == comment.sort_at == clock() - timedelta(hours=6)
    assert comment.received_at == clock()
    assert thread.comment_count == 1


def test_a_refusal_says_why_and_can_be_thought_better_of(heard: list[Event]) -> None:
    community, otto, anna = make_held()
    post = make_post(community, anna)
    comment = make_comment(make_post(community, otto), anna)
    heard.clear()

    with unit_of_work():
        posts.remove_post(post, otto, "<b>Reclame</b>")
        comments.remove_comment(comment, otto, "Reclame")
        posts.refuse_post(post, otto, "Nog eens")
    refused = (post.state, post.state_reason, comment.state)
    with unit_of_work():
        posts.restore_post(post, otto)
        comments.restore_comment(comment, otto)

    assert refused == (State.REFUSED, "Reclame", State.REFUSED)
    assert [type(one) for one in heard] == [
        events.PostRefused,
        events.CommentRefused,
        events.PostApproved,
        events.PostPublished,
        events.CommentApproved,
        events.CommentPublished,
    ]
    assert post.is_published
    assert comment.is_published


def test_only_moderators_approve_and_refuse(ctx: AppContext) -> None:
    community, _otto, anna = make_held()
    bram = make_account("bram")
    post = make_post(community, anna)
    make_community("rekenen", owner=bram)

    for person in (anna, bram):
        with pytest.raises(NotAllowedError), unit_of_work():
            posts.approve_post(post, person)
        with pytest.raises(NotAllowedError), unit_of_work():
            posts.refuse_post(post, person, "Nee")

    assert post.is_held


def test_the_writer_may_change_and_withdraw_what_waits_and_nobody_hears_of_it(
    heard: list[Event],
) -> None:
    community, otto, anna = make_held()
    post = make_post(community, anna)
    comment = make_comment(make_post(community, otto), anna)
    heard.clear()

    with unit_of_work():
        posts.edit_post(post, posts.PostDraft(title="Anders", body_source="Beter"), anna)
        posts.delete_post(post, anna)
        comments.delete_comment(comment, anna)

    assert [type(one) for one in heard] == [events.PostEdited]
    assert post.state == comment.state == State.DELETED
    assert community.post_count == 1
    with pytest.raises(ConflictError):
        approve(post, otto)


def test_what_answers_a_held_text_waits_with_it_whoever_wrote_it(ctx: AppContext) -> None:
    community, otto, anna = make_held()
    held_post = make_post(community, anna)
    thread = make_post(community, otto)
    held_comment = make_comment(thread, anna)
    community.is_premoderated = False

    beneath_post = answer_from_elsewhere(held_post, number=1)
    beneath_comment = answer_from_elsewhere(thread, held_comment, number=2)

    assert beneath_post.is_held
    assert beneath_comment.is_held
    for answer in (beneath_post, beneath_comment):
        with pytest.raises(ConflictError):
            approve(answer, otto)
    approve(held_post, otto)
    approve(beneath_post, otto)
    assert (beneath_post.is_published, held_post.comment_count) == (True, 1)


def test_nobody_here_answers_what_waits_and_nothing_answers_what_was_refused(
    ctx: AppContext,
) -> None:
    community, otto, anna = make_held()
    post, thread = make_post(community, anna), make_post(community, otto)
    comment = make_comment(thread, anna)

    for person in (anna, otto):
        with pytest.raises(ConflictError):
            make_comment(post, person)
        with pytest.raises(ConflictError):
            make_comment(thread, person, parent=comment)
    with unit_of_work():
        comments.refuse_comment(comment, otto, "Nee")
        posts.refuse_post(post, otto, "Nee")
    with pytest.raises(ConflictError):
        answer_from_elsewhere(thread, comment)
    with pytest.raises(ConflictError):
        answer_from_elsewhere(post)


def test_a_repeat_of_what_is_held_gives_the_row_there_is(heard: list[Event]) -> None:
    community, _otto, _anna = make_held()
    eva = make_account("eva", host="elders.test")
    draft = posts.PostDraft(title="Dag", body_html="<p>Nieuw hier</p>")
    heard.clear()

    with unit_of_work():
        first = posts.publish_post(eva, community, draft, Remote(URI))
        again = posts.publish_post(eva, community, draft, Remote(URI))

    assert again is first
    assert heard == [events.PostHeld(first.id)]


def test_communities_elsewhere_decide_for_themselves(ctx: AppContext) -> None:
    community = make_community(host="elders.test", is_premoderated=True)

    assert make_post(community, make_account()).is_published


def test_what_waits_is_listed_oldest_first_for_those_communities_only(
    ctx: AppContext, clock: FakeClock
) -> None:
    community, otto, anna = make_held()
    other = make_community("rekenen", is_premoderated=True)
    thread = make_post(community, otto)
    clock.advance(timedelta(minutes=1))
    comment = make_comment(thread, anna)
    clock.advance(timedelta(minutes=1))
    post = make_post(community, anna)
    clock.advance(timedelta(minutes=1))
    elsewhere = make_post(other, anna)
    beneath_removed = make_comment(make_post(community, otto), make_account("bram"))
    with unit_of_work():
        posts.remove_post(beneath_removed.post, otto, "Weg")

    assert list_held([community.id]) == [comment, post]
    assert list_held(None) == [comment, post, elsewhere]
    assert list_held([]) == []
    assert (count_held([community.id]), count_held(None), count_held([])) == (2, 3, 0)


def test_a_removed_text_is_still_restored_as_before(heard: list[Event]) -> None:
    community, otto, anna = make_held(is_premoderated=False)
    post = make_post(community, anna)
    with unit_of_work():
        posts.remove_post(post, otto, "Reclame")
        posts.restore_post(post, otto)

    assert heard[-2:] == [
        events.PostRemoved(post.id, otto.id, "Reclame"),
        events.PostRestored(post.id, otto.id),
    ]


def test_a_removed_text_is_not_approved_by_the_other_door(ctx: AppContext) -> None:
    community, otto, anna = make_held(is_premoderated=False)
    post = make_post(community, anna)
    with unit_of_work():
        posts.remove_post(post, otto, "Reclame")

    with pytest.raises(ConflictError):
        approve(post, otto)


def test_who_leaves_takes_along_what_waited(ctx: AppContext) -> None:
    community, otto, anna = make_held()
    post = make_post(community, anna)
    comment = make_comment(make_post(community, otto), anna)
    with unit_of_work():
        departures.forget_account(anna)

    session().refresh(post)
    session().refresh(comment)
    session().refresh(community)
    assert post.state == comment.state == State.DELETED
    assert (post.body_html, community.post_count) == ("", 1)
    assert list_held(None) == []
