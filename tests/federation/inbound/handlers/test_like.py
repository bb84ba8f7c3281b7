from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from app.core.db import session
from app.forum.models.post import Post
from app.forum.models.vote import Vote
from tests.support.factories import make_account, make_comment, make_community, make_post
from tests.support.fediverse import FakeFediverse, RemoteActor, activity
from tests.support.inbox import outcome

Settle = Callable[[], None]


@pytest.fixture
def bob(fediverse: FakeFediverse) -> RemoteActor:
    return fediverse.person("bob", "victim.test")


@pytest.fixture
def post(fediverse: FakeFediverse) -> Post:
    return make_post(make_community("toetsing"), make_account("anna"))


def votes() -> int:
    session().expire_all()
    return session().scalar(select(func.count()).select_from(Vote)) or 0


def test_a_vote_counts_once_however_often_it_comes(
    fediverse: FakeFediverse, bob: RemoteActor, post: Post, settle: Settle
) -> None:
    like = activity("Like", bob, post.uri)

    for one in (like, like, activity("Like", bob, post.uri)):
        fediverse.deliver(one, bob)
    settle()

    assert votes() == 1
    assert post.vote_count == 1


def test_a_comment_can_be_liked_and_that_taken_back(
    fediverse: FakeFediverse, bob: RemoteActor, post: Post, settle: Settle
) -> None:
    comment = make_comment(post, make_account("piet"))
    like = activity("Like", bob, {"id": comment.uri})
    fediverse.deliver(like, bob)
    settle()
    assert votes() == 1

    fediverse.deliver(activity("Undo", bob, like["id"]), bob)
    settle()

    assert votes() == 0
    assert comment.vote_count == 0


def test_a_dislike_takes_the_place_of_a_like(
    fediverse: FakeFediverse, bob: RemoteActor, post: Post, settle: Settle
) -> None:
    for verb in ("Like", "Dislike"):
        fediverse.deliver(activity(verb, bob, post.uri), bob)
    settle()

    assert outcome() == ("done", None)
    assert votes() == 0


def test_a_vote_on_nothing_is_no_vote(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    fediverse.deliver(activity("Like", bob, "http://ons.test/post/x"), bob)
    settle()
    assert outcome() == ("refused", "object-unknown")

    before = fediverse.fetches
    fediverse.deliver(activity("Like", bob, "http://calm.test/notes/1"), bob)
    settle()
    assert outcome() == ("orphaned", "object-unknown")
    assert fediverse.fetches == before


def test_an_emoji_is_no_vote(
    fediverse: FakeFediverse, bob: RemoteActor, post: Post, settle: Settle
) -> None:
    fediverse.deliver(activity("EmojiReact", bob, post.uri, content="🎉"), bob)
    settle()

    assert outcome() == ("ignored", "verb-of-no-use")
    assert votes() == 0
