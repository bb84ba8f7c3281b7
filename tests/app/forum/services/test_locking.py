"""Two who do the same at once: who comes second sees what the first one did."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import text, update
from sqlalchemy.exc import OperationalError

from app.accounts.models.account import Account
from app.core.db import db, session, unit_of_work
from app.core.visibility import State
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.queries.posts import get_post
from app.forum.services import posts
from app.forum.services.locking import hold_ahead, lock_row
from app.forum.services.posts import PostDraft
from tests.support.factories import make_account, make_community, make_post

WAIT = 10
Act = Callable[[Post, Account], None]


def edit(post: Post, by: Account) -> None:
    posts.edit_post(post, PostDraft(title="Nieuw", body_source="Nieuwe tekst"), by)


def remove(post: Post, by: Account) -> None:
    posts.remove_post(post, by, "reden")


def meet(app: Flask, public_id: str, by_id: int, first: Act, second: Act) -> None:
    """Let `second` read the post before `first` is kept, and act after it."""
    acted, was_read = threading.Event(), threading.Event()

    def act_first() -> None:
        with app.app_context(), unit_of_work():
            first(get_post(public_id), session().get_one(Account, by_id))
            session().flush()
            acted.set()
            was_read.wait(WAIT)

    def act_second() -> None:
        acted.wait(WAIT)
        with app.app_context(), unit_of_work():
            post, by = get_post(public_id), session().get_one(Account, by_id)
            was_read.set()
            try:
                second(post, by)
            except Exception:  # noqa: BLE001  a refusal is as good as silence here
                session().rollback()

    threads = [threading.Thread(target=one) for one in (act_first, act_second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2 * WAIT)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (posts.delete_post, posts.delete_post),
        (posts.delete_post, remove),
        (posts.delete_post, edit),
        (remove, remove),
    ],
)
def test_a_post_goes_once_whoever_comes_second(
    app: Flask, ctx: AppContext, first: Act, second: Act
) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    anna = make_account("anna")
    community = make_community("toetsing", owner=anna)
    make_post(community, anna)
    post = make_post(community, anna)

    meet(app, post.public_id, anna.id, first, second)

    session().rollback()
    session().expire_all()
    assert session().get_one(Community, community.id).post_count == 1
    left = get_post(post.public_id)
    assert left.state in {State.DELETED, State.REMOVED}
    assert left.state == State.REMOVED or (left.title, left.body_html) == ("", "")


def test_what_was_locked_in_a_savepoint_that_was_rolled_back_is_read_anew(
    app: Flask, ctx: AppContext
) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    anna = make_account("anna")
    post = make_post(make_community("toetsing", owner=anna), anna)

    with unit_of_work():
        savepoint = session().begin_nested()
        lock_row(post)
        savepoint.rollback()
        with db.engine.begin() as other:
            other.execute(update(Post).where(Post.id == post.id).values(title="Van een ander"))
        lock_row(post)

        assert post.title == "Van een ander"


def test_what_is_held_is_not_locked_again(
    app: Flask, ctx: AppContext, count_statements: Callable
) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    anna = make_account("anna")
    post = make_post(make_community("toetsing", owner=anna), anna)

    with unit_of_work():
        lock_row(post)
        hold_ahead([anna], [])
        with count_statements() as asked:
            lock_row(post)
            hold_ahead([anna], [post])

    assert asked == []


def test_what_is_held_ahead_is_known_as_it_is_now_and_nobody_writes_to_it(
    app: Flask, ctx: AppContext
) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    anna = make_account("anna")
    post = make_post(make_community("toetsing", owner=anna), anna)
    title = update(Post).where(Post.id == post.id)

    with unit_of_work():
        assert session().get_one(Post, post.id).title != "Van een ander"
        with db.engine.begin() as other:
            other.execute(title.values(title="Van een ander"))
        hold_ahead([anna], [post])

        assert post.title == "Van een ander"
        with db.engine.begin() as other:
            other.execute(text("SET LOCAL lock_timeout = '50ms'"))
            with pytest.raises(OperationalError):
                other.execute(title.values(title="Te laat"))
