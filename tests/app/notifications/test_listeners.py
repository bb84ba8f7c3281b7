"""Who is told what: once per cause, never of one's own texts, never of what one may not read."""

from collections.abc import Callable

import pytest
from flask.ctx import AppContext
from sqlalchemy import select

from app.accounts.models.account import Account, AccountState
from app.accounts.models.credential import User
from app.accounts.services.deletion import delete_account
from app.core.db import session, unit_of_work
from app.core.visibility import Visibility
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.origin import Remote
from app.forum.services import comments, memberships, posts, reading
from app.moderation.services import reports
from app.notifications.models import Notification
from app.notifications.queries import count_unread
from tests.support.factories import make_account, make_comment, make_community, make_post

Told = list[tuple[str, str]]


def told(account: Account | None = None) -> Told:
    """Who was told what, in order; of one person only when given."""
    rows = session().execute(
        select(Account.name, Notification.kind)
        .join(Notification, Notification.account_id == Account.id)
        .order_by(Notification.id)
    )
    return [(name, str(kind)) for name, kind in rows if account is None or name == account.name]


@pytest.fixture
def otto(ctx: AppContext) -> Account:
    return make_account("otto")


@pytest.fixture
def community(otto: Account) -> Community:
    return make_community(owner=otto)


def test_an_answer_is_told_to_whom_it_answers_and_to_who_asked(community: Community) -> None:
    anna, bram, carla = make_account(), make_account("bram"), make_account("carla")
    post = make_post(community, anna)
    first = make_comment(post, bram)

    make_comment(post, carla, parent=first)

    assert told() == [("anna", "answer"), ("anna", "answer"), ("bram", "answer")]


def test_a_mention_is_told_to_who_is_named_in_a_post_or_an_answer(community: Community) -> None:
    anna, bram, _carla = make_account(), make_account("bram"), make_account("carla")

    post = make_post(community, anna, body="Wat vinden @bram en @bram en @carla en @niemand?")
    make_comment(post, bram, "Vraag @carla.")

    assert told() == [
        ("bram", "mention"),
        ("carla", "mention"),
        ("anna", "answer"),
        ("carla", "mention"),
    ]


def test_one_text_is_told_once_also_to_who_is_both_answered_and_named(
    community: Community,
) -> None:
    anna, bram = make_account(), make_account("bram")
    post = make_post(community, anna)
    comment = make_comment(post, anna)

    make_comment(post, bram, "Dag @anna, @anna.", parent=comment)

    assert told() == [("anna", "answer")]


def test_nobody_is_told_of_what_they_did_themselves(community: Community) -> None:
    anna = make_account()
    post = make_post(community, anna, body="Ik, @anna, vraag")
    comment = make_comment(post, anna, "Ik, @anna, antwoord")
    make_comment(post, anna, parent=comment)

    assert told() == []


def test_only_people_who_can_sign_in_here_are_told(community: Community) -> None:
    writer = make_account("schrijver")
    remote, suspended = make_account("eva", host="elders.test"), make_account("weg")
    gone, headless = make_account("vertrokken"), make_account("zonder")
    with unit_of_work():
        delete_account(gone)
    with unit_of_work():
        suspended.state = AccountState.SUSPENDED
        user = session().get_one(User, headless.user_id)
        headless.user_id = None
        session().flush()
        session().delete(user)
    asked = []
    for number, account in enumerate((remote, suspended, gone, headless)):
        with unit_of_work():
            post = Post(author=account, community=community, title=f"Vraag {number}")
            post.sort_at = community.created_at
            session().add(post)
        asked.append(post)

    for post in asked:
        make_comment(post, writer, "Dag @eva@elders.test @weg @vertrokken @zonder")

    assert told() == []


def test_an_answer_from_elsewhere_is_told_by_the_people_it_names(community: Community) -> None:
    anna, bram = make_account(), make_account("bram")
    eva = make_account("eva", host="elders.test")
    post = make_post(community, anna)
    draft = comments.CommentDraft(body_html="<p>Ja</p>", mentioned_ids=(bram.id, anna.id))

    for _repeat in range(2):
        with unit_of_work():
            comments.publish_comment(eva, post, None, draft, Remote("http://elders.test/c/1"))

    assert told() == [("anna", "answer"), ("bram", "mention")]


def test_nobody_is_told_of_what_they_may_not_read(community: Community) -> None:
    anna, bram, carla = make_account(), make_account("bram"), make_account("carla")
    with unit_of_work():
        for account in (anna, carla):
            memberships.join_community(account, community)
        community.visibility = Visibility.MEMBERS

    post = make_post(community, anna, body="Voor @bram en @carla")
    make_comment(post, carla, "Zie ook @bram")
    with unit_of_work():
        memberships.leave_community(anna, community)
    make_comment(post, carla, "Nog iets")

    assert told() == [("carla", "mention"), ("anna", "answer")]
    assert (count_unread(bram), count_unread(anna), count_unread(carla)) == (0, 0, 1)


def test_moderators_are_told_of_a_report_and_admins_where_there_are_none(
    community: Community, otto: Account
) -> None:
    anna, mo, bea = make_account(), make_account("mo"), make_account("bea", admin=True)
    far = make_account("eva", host="elders.test")
    with unit_of_work():
        for account in (mo, far):
            memberships.set_moderator(community, account, is_moderator=True, by=otto)
    remote = make_community("rekenen", host="elders.test")

    with unit_of_work():
        reports.make_report(anna, make_post(community, anna), "Reclame")
        reports.make_report(anna, make_post(remote, anna), "Reclame")

    assert told() == [("otto", "report"), ("mo", "report"), ("bea", "report")]
    assert count_unread(bea) == 1


def test_a_report_is_told_once_and_no_more_when_it_was_dealt_with(
    community: Community, otto: Account, reread: Callable[[], None]
) -> None:
    anna, mo = make_account(), make_account("mo")
    post = make_post(community, otto)
    with unit_of_work():
        memberships.set_moderator(community, mo, is_moderator=True, by=otto)
        report = reports.make_report(anna, post, "Reclame")
        reports.make_report(anna, post, "Reclame")
    before = (told(otto), count_unread(mo))

    with unit_of_work():
        reports.resolve_report(report, otto, "Gelezen")

    assert before == ([("otto", "report")], 1)
    assert (count_unread(otto), count_unread(mo)) == (0, 0)


def hold(community: Community) -> tuple[Post, Comment, Account]:
    with unit_of_work():
        community.is_premoderated = True
    anna = make_account()
    thread = make_post(community, make_account("bea", admin=True))
    return make_post(community, anna, body="Dag @otto"), make_comment(thread, anna), anna


def test_moderators_are_told_of_what_waits_and_nobody_else_is(
    community: Community, otto: Account
) -> None:
    post, comment, anna = hold(community)
    make_post(community, anna, "Nog een")

    assert told() == [("otto", "held")] * 3
    assert count_unread(otto) == 3
    with unit_of_work():
        posts.refuse_post(post, otto, "Nee")
        comments.approve_comment(comment, otto)
    assert count_unread(otto) == 1


def test_a_second_answer_that_waits_in_a_thread_is_told_once_while_unread(
    community: Community, otto: Account
) -> None:
    _post, comment, anna = hold(community)
    make_comment(comment.post, anna)
    before = told(otto)
    with unit_of_work():
        reading.mark_read(otto.id, comment.post_id, 0)
    make_comment(comment.post, anna)

    assert before == [("otto", "held")] * 2
    assert told(otto) == [("otto", "held")] * 3


def test_an_approval_is_told_to_the_writer_and_then_to_whom_the_text_concerns(
    community: Community, otto: Account
) -> None:
    post, comment, anna = hold(community)
    with unit_of_work():
        posts.approve_post(post, otto)
        comments.approve_comment(comment, otto)

    assert told()[2:] == [
        ("anna", "approved"),
        ("otto", "mention"),
        ("anna", "approved"),
        ("bea", "answer"),
    ]
    assert count_unread(anna) == 2
    named = session().scalars(select(Notification.by_id).where(Notification.account_id == anna.id))
    assert set(named) == {None}


def test_a_refusal_is_told_to_the_writer_alone(community: Community, otto: Account) -> None:
    post, comment, anna = hold(community)
    with unit_of_work():
        posts.refuse_post(post, otto, "Nee")
        comments.refuse_comment(comment, otto, "Nee")

    assert told()[2:] == [("anna", "refused"), ("anna", "refused")]
    assert count_unread(anna) == 2
    with unit_of_work():
        posts.delete_post(post, anna)
    assert count_unread(anna) == 1


def test_what_somebody_was_told_goes_with_them(community: Community) -> None:
    anna, bram = make_account(), make_account("bram")
    make_comment(make_post(community, anna), bram, "Dag @anna")
    make_comment(make_post(community, bram), anna)
    with unit_of_work():
        delete_account(anna)

    assert told(anna) == []
    assert told(bram) == [("bram", "answer")]
    assert count_unread(bram) == 0
