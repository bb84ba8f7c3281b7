"""Bans while others write, and two moderators at once: any order ends well."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import func, select

from app.accounts.models.account import Account
from app.core.db import session, unit_of_work
from app.core.errors import AppError
from app.core.visibility import State
from app.forum.models.ban import Ban
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.queries.bans import find_ban
from app.forum.queries.communities import count_members, get_membership
from app.forum.services import bans, comments, memberships, posts
from app.moderation.models.log_entry import LogEntry
from tests.support.factories import make_account, make_comment, make_community, make_post

ROUNDS = 4
SWEEP = bans.BanTerms("Reclame", removes_posts=True)
Act = Callable[[], object]


def together(app: Flask, *acts: Act) -> list[str]:
    """Do these at the same moment, each in a unit of work; return the refusals."""
    start = threading.Barrier(len(acts))
    refusals: list[str] = []
    failures: list[BaseException] = []

    def run(act: Act) -> None:
        start.wait(10)
        try:
            with app.app_context(), unit_of_work():
                act()
        except AppError as error:
            refusals.append(type(error).__name__)
        except Exception as error:  # noqa: BLE001  a thread must hand on what it met
            failures.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    session().rollback()
    session().expire_all()
    return refusals


def at(model: type, row_id: int) -> object:
    return session().get_one(model, row_id)


class Scene:
    """A community of otto in which anna wrote and is about to write again."""

    def __init__(self) -> None:
        otto, anna = make_account("otto"), make_account()
        mo = make_account("mo")
        community = make_community(owner=otto)
        threads = [make_post(community, otto, title=f"Gesprek {n}") for n in range(3)]
        for thread in threads:
            make_comment(thread, anna)
        make_post(community, anna)
        with unit_of_work():
            memberships.join_community(anna, community)
            memberships.set_moderator(community, mo, is_moderator=True, by=otto)
        self.otto, self.anna, self.mo = otto.id, anna.id, mo.id
        self.community, self.threads = community.id, [thread.id for thread in threads]

    def ban(self, by: int, terms: bans.BanTerms = SWEEP) -> Ban:
        return bans.ban_person(
            session().get_one(Account, by),
            session().get_one(Account, self.anna),
            session().get_one(Community, self.community),
            terms,
        )

    def post(self) -> None:
        anna, community = at(Account, self.anna), at(Community, self.community)
        posts.publish_post(anna, community, posts.PostDraft(title="Nog een"))

    def comment(self, number: int, by: int) -> None:
        draft = comments.CommentDraft(body_source="Nog een")
        comments.publish_comment(at(Account, by), at(Post, self.threads[number]), None, draft)

    def join(self) -> None:
        memberships.join_community(at(Account, self.anna), at(Community, self.community))


@pytest.fixture
def scene(ctx: AppContext) -> Scene:
    return Scene()


def shown(account_id: int) -> int:
    written = [
        session().scalar(
            select(func.count(model.id)).where(
                model.author_id == account_id, model.state == State.PUBLISHED
            )
        )
        for model in (Post, Comment)
    ]
    return sum(count or 0 for count in written)


def assert_counts(scene: Scene) -> None:
    community = session().get_one(Community, scene.community)
    published = select(func.count(Post.id)).where(
        Post.community_id == scene.community, Post.state == State.PUBLISHED
    )
    assert community.post_count == session().scalar(published)
    assert community.member_count == count_members(community)
    for post_id in scene.threads:
        answers = select(func.count(Comment.id)).where(
            Comment.post_id == post_id, Comment.state == State.PUBLISHED
        )
        assert session().get_one(Post, post_id).comment_count == session().scalar(answers)


def test_nothing_slips_through_while_a_ban_is_made(app: Flask, scene: Scene) -> None:
    anna, otto = scene.anna, scene.otto

    together(
        app,
        lambda: scene.ban(otto),
        scene.post,
        lambda: scene.comment(0, anna),
        lambda: scene.comment(1, anna),
        lambda: scene.comment(2, otto),
        lambda: scene.comment(1, otto),
        scene.join,
    )

    person, community = (
        session().get_one(Account, anna),
        session().get_one(Community, scene.community),
    )
    membership = get_membership(person, community)
    assert find_ban(person, community) is not None
    assert shown(anna) == 0
    assert membership is None or membership.state == "refused"
    assert_counts(scene)


def test_two_moderators_at_once_make_one_ban(app: Flask, scene: Scene) -> None:
    refusals = together(
        app, lambda: scene.ban(scene.otto), lambda: scene.ban(scene.mo, bans.BanTerms("Mild"))
    )

    rows = session().scalars(select(Ban).where(Ban.lifted_at.is_(None))).all()
    assert len(rows) == 1
    assert refusals in ([], ["ConflictError"])
    assert_counts(scene)


def test_a_ban_lifted_by_two_is_lifted_once(app: Flask, scene: Scene) -> None:
    with unit_of_work():
        ban_id = scene.ban(scene.otto).id

    def lift() -> None:
        ban, otto = session().get_one(Ban, ban_id), session().get_one(Account, scene.otto)
        bans.lift_ban(otto, ban, restores_posts=True)

    refusals = together(app, *[lift] * ROUNDS)

    lifted = session().scalar(
        select(func.count(LogEntry.id)).where(LogEntry.action == "ban_lifted")
    )
    assert (refusals, lifted) == ([], 1)
    assert shown(scene.anna) == 4
    assert_counts(scene)
