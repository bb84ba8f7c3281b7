"""The one access filter, for every reader and every audience."""

import pytest
from flask.ctx import AppContext
from sqlalchemy import select

from app.accounts.models.account import Account
from app.core.db import session, unit_of_work
from app.core.visibility import State, Visibility
from app.forum import access
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.services import comments, memberships, posts
from tests.support.factories import make_account, make_comment, make_community, make_post


def make_readers() -> dict[str, Account | None]:
    return {
        "anonymous": None,
        "stranger": make_account("stranger"),
        "member": make_account("member"),
        "admin": make_account("beatrix", admin=True),
        "remote": make_account("eva", host="elders.test"),
        "remote_member": make_account("finn", host="elders.test"),
    }


def who_sees(condition: object, row: object, readers: dict[str, Account | None]) -> set[str]:
    model = type(row)
    return {
        name
        for name, reader in readers.items()
        if session().scalar(select(model.id).where(model.id == row.id, condition(reader)))
    }


EXPECTED = {
    Visibility.PUBLIC: {"anonymous", "stranger", "member", "admin", "remote", "remote_member"},
    Visibility.LOCAL: {"stranger", "member", "admin"},
    Visibility.MEMBERS: {"member", "admin", "remote_member"},
}


@pytest.mark.parametrize("visibility", list(Visibility))
@pytest.mark.parametrize("narrow", ["community", "post"])
def test_readers_see_what_is_meant_for_them(
    ctx: AppContext, visibility: Visibility, narrow: str
) -> None:
    readers, otto = make_readers(), make_account("otto")
    community = make_community(owner=otto)
    post = make_post(community, otto)
    comment = make_comment(post, otto)
    with unit_of_work():
        for name in ("member", "remote_member"):
            memberships.join_community(readers[name], community)
        if narrow == "community":
            community.visibility = visibility
        else:
            post.visibility = visibility
    expected = EXPECTED[visibility]

    assert who_sees(access.visible_posts, post, readers) == expected
    assert who_sees(access.readable_posts, post, readers) == expected
    assert who_sees(access.visible_comments, comment, readers) == expected
    assert {n for n, reader in readers.items() if access.can_see_post(reader, post)} == expected
    groups = expected if narrow == "community" else EXPECTED[Visibility.PUBLIC]
    assert who_sees(access.visible_communities, community, readers) == groups
    assert {
        n for n, reader in readers.items() if access.can_see_community(reader, community)
    } == groups


def test_who_only_asked_to_belong_sees_nothing_yet(ctx: AppContext) -> None:
    bram = make_account("bram")
    community = make_community(host="elders.test")
    with unit_of_work():
        memberships.join_community(bram, community)
        community.visibility = Visibility.MEMBERS

    assert not access.can_see_community(bram, community)


def test_tombstones_can_be_opened_and_stand_in_no_list(ctx: AppContext) -> None:
    anna = make_account()
    post = make_post(make_community(), anna)
    comment = make_comment(post, anna)
    other = make_comment(make_post(post.community, anna), anna)
    with unit_of_work():
        posts.delete_post(post, anna)
        comments.delete_comment(other, anna)
    readers: dict[str, Account | None] = {"anonymous": None, "anna": anna}

    assert who_sees(access.readable_posts, post, readers) == {"anonymous", "anna"}
    assert not who_sees(access.visible_posts, post, readers)
    assert not who_sees(access.visible_comments, comment, readers)
    assert not who_sees(access.visible_comments, other, readers)
    assert access.can_see_post(None, post)


def test_nobody_sees_a_community_that_was_taken_away(ctx: AppContext) -> None:
    otto = make_account("otto")
    community = make_community(owner=otto)
    post = make_post(community, otto)
    with unit_of_work():
        community.state = State.REMOVED

    assert not access.can_see_community(otto, community)
    assert not access.can_see_post(otto, post)
    rows = [(Community, access.visible_communities), (Post, access.visible_posts)]
    for model, condition in rows:
        assert session().scalar(select(model.id).where(condition(otto))) is None
    assert session().scalar(select(Comment.id).where(access.visible_comments(otto))) is None


@pytest.mark.parametrize("state", [State.HELD, State.REFUSED])
def test_what_was_never_shown_is_there_for_its_writer_and_moderators_only(
    ctx: AppContext, state: State
) -> None:
    readers, otto = make_readers(), make_account("otto")
    community = make_community(owner=otto)
    writer, thread = make_account("writer"), make_post(community, otto)
    post, comment = make_post(community, writer), make_comment(thread, writer)
    readers |= {"owner": otto, "writer": writer, "mo": make_account("mo")}
    elsewhere = make_account("elsewhere")
    make_community("rekenen", owner=elsewhere)
    readers["elsewhere"] = elsewhere
    with unit_of_work():
        memberships.join_community(readers["member"], community)
        memberships.set_moderator(community, readers["mo"], is_moderator=True, by=otto)
        post.state = comment.state = state
    knowing = {"owner", "writer", "mo", "admin"}

    assert who_sees(access.readable_posts, post, readers) == knowing
    assert who_sees(access.readable_comments, comment, readers) == knowing
    assert who_sees(access.visible_posts, post, readers) == set()
    assert who_sees(access.visible_comments, comment, readers) == set()
    assert who_sees(access.addressed_posts, post, readers) == set(readers)
    assert {n for n, who in readers.items() if access.can_see_post(who, post)} == knowing
    assert {n for n, who in readers.items() if access.can_see_comment(who, comment)} == knowing


def test_a_former_moderator_no_longer_sees_what_waits(ctx: AppContext) -> None:
    otto, mo, writer = make_account("otto"), make_account("mo"), make_account("writer")
    community = make_community(owner=otto, is_premoderated=True)
    with unit_of_work():
        memberships.set_moderator(community, mo, is_moderator=True, by=otto)
    post = make_post(community, writer)
    seen_before = access.can_see_post(mo, post)
    with unit_of_work():
        memberships.set_moderator(community, mo, is_moderator=False, by=otto)

    assert seen_before
    assert not access.can_see_post(mo, post)
