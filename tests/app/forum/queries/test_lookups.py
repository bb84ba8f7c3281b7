"""Rows are found by what others call them."""

import pytest
from flask.ctx import AppContext

from app.core.db import unit_of_work
from app.core.errors import NotFoundError
from app.core.pages import PageRequest
from app.core.visibility import Visibility
from app.forum.origin import Remote
from app.forum.queries import comments as comment_queries
from app.forum.queries import communities as community_queries
from app.forum.queries import posts as post_queries
from app.forum.services import comments, memberships, posts
from tests.support.factories import make_account, make_comment, make_community, make_post


def test_ours_are_found_by_the_id_we_compute(ctx: AppContext) -> None:
    anna, community = make_account(), make_community()
    post = make_post(community, anna)
    comment = make_comment(post, anna)

    assert community_queries.find_community_by_uri("http://ons.test/c/toetsing") is community
    assert post_queries.find_post_by_uri(f"http://ons.test/post/{post.public_id}") is post
    assert comment_queries.find_comment_by_uri(comment.uri) is comment
    assert comment_queries.find_posted_by_uri(post.uri) is post
    assert comment_queries.find_posted_by_uri(comment.uri) is comment
    assert community_queries.find_community("Toetsing", "ons.test") is community


def test_theirs_are_found_by_the_id_they_gave(ctx: AppContext) -> None:
    eva, community = make_account("eva", host="elders.test"), make_community(host="elders.test")
    with unit_of_work():
        post = posts.publish_post(
            eva, community, posts.PostDraft(title="Dag"), Remote("http://elders.test/post/1")
        )
        comment = comments.publish_comment(
            eva, post, None, comments.CommentDraft(body_html="x"), Remote("http://elders.test/c/1")
        )

    assert comment_queries.find_posted_by_uri("http://elders.test/post/1") is post
    assert comment_queries.find_posted_by_uri("http://elders.test/c/1") is comment
    assert community_queries.find_community_by_uri(community.uri) is community
    # a copy is never taken for a post of ours
    assert post_queries.find_post_by_uri(f"http://ons.test/post/{post.public_id}") is None
    assert (
        comment_queries.find_comment_by_uri(f"http://ons.test/comment/{comment.public_id}") is None
    )


@pytest.mark.parametrize(
    "uri",
    [
        "http://ons.test/",
        "http://ons.test/post/",
        "http://ons.test/post/1",
        "http://ons.test/c/toetsing/inbox",
        "http://ons.test/c/toetsing@elders.test",
        "http://ons.test.elders.test/c/toetsing",
        "http://elders.test/c/toetsing",
        "http://elders.test/\x00",
        "",
    ],
)
def test_other_ids_are_nobodys(ctx: AppContext, uri: str) -> None:
    make_community()

    assert community_queries.find_community_by_uri(uri) is None
    assert comment_queries.find_posted_by_uri(uri) is None


def test_what_is_not_there_is_an_error_for_who_needs_it(ctx: AppContext) -> None:
    for find in (post_queries.get_post, comment_queries.get_comment):
        with pytest.raises(NotFoundError):
            find("01900000-0000-7000-8000-000000000000")


def test_answers_and_lists_go_through_the_filter(ctx: AppContext) -> None:
    otto = make_account("otto")
    closed = make_community("besloten", owner=otto, visibility=Visibility.MEMBERS)
    hidden = make_comment(make_post(closed, otto), otto)
    post = make_post(make_community(), otto)
    first = make_comment(post, otto)
    reply = make_comment(post, otto, "Reactie", first)
    gone = make_comment(post, otto, "Weg")
    with unit_of_work():
        comments.delete_comment(gone, otto)

    assert comment_queries.list_replies(post) == [first]
    assert comment_queries.list_replies(first) == [reply]
    assert comment_queries.list_comments(None, otto, PageRequest()).items == [reply, first]
    assert comment_queries.list_comments(otto, otto, PageRequest()).items == [reply, first, hidden]
    assert comment_queries.count_comments(None) == 2
    assert community_queries.count_communities(None) == 1
    assert community_queries.count_communities(otto) == 2


def test_people_post_in_our_groups_and_in_those_they_follow(ctx: AppContext) -> None:
    anna = make_account()
    ours, followed = make_community(), make_community("rekenen", host="elders.test")
    make_community("taal", host="elders.test")
    with unit_of_work():
        memberships.approve_membership(memberships.join_community(anna, followed))

    assert community_queries.list_communities_to_post_in(anna) == [followed, ours]
    assert community_queries.list_remote_communities(None) == [followed]
    assert [row.community for row in community_queries.list_memberships(anna)] == [followed]
