"""What the forum does when people leave, and what can be found."""

from dataclasses import dataclass

from flask.ctx import AppContext

from app.accounts.models.account import Account
from app.accounts.services.deletion import delete_account
from app.core.db import session, unit_of_work
from app.core.visibility import State, Visibility
from app.forum.models.attachment import Attachment
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.queries.comments import list_attachments
from app.forum.queries.communities import count_members, get_membership, list_moderators
from app.forum.queries.posts import list_posts
from app.forum.queries.reading import find_vote
from app.forum.queries.similar import find_reader
from app.forum.services import comments, communities, memberships, posts, votes
from app.search.documents import Kind
from app.search.queries import search
from tests.support.factories import make_account, make_comment, make_community, make_post


def found(question: str, kind: Kind, account: object = None) -> list[str]:
    return [result.key for result in search(question, find_reader(account), kinds=[kind]).items]


@dataclass(frozen=True)
class Forum:
    """Anna wrote and voted in a thread of her own and in one of Bram."""

    anna: Account
    bram: Account
    community: Community
    mine: Post
    theirs: Post
    said: Comment
    answer: Comment


def make_forum() -> Forum:
    anna, bram, otto = make_account(), make_account("bram"), make_account("otto")
    community = make_community(owner=otto)
    mine, theirs = make_post(community, anna, "Olifant"), make_post(community, bram)
    said = make_comment(theirs, anna, "Olifant")
    answer = make_comment(mine, bram, "Olifant")
    with unit_of_work():
        session().add(Attachment(post_id=mine.id, url="https://elders.test/a.pdf"))
        memberships.join_community(anna, community)
        memberships.set_moderator(community, anna, is_moderator=True, by=otto)
        votes.cast_vote(anna, theirs)
        votes.cast_vote(anna, answer)
        votes.cast_vote(bram, mine)
    return Forum(anna, bram, community, mine, theirs, said, answer)


def test_who_leaves_leaves_only_tombstones(ctx: AppContext) -> None:
    forum = make_forum()
    removed = make_post(forum.community, forum.anna)
    with unit_of_work():
        posts.remove_post(removed, list_moderators(forum.community)[0], "Reclame")

    with unit_of_work():
        delete_account(forum.anna)

    for row in (forum.mine, forum.said, removed):
        assert (row.state, row.body_source, row.body_html) == (State.DELETED, "", "")
    assert (forum.mine.title, forum.mine.excerpt) == ("", "")
    assert list_attachments(forum.mine) == []
    assert forum.answer.is_published
    assert list_posts(None).items == [forum.theirs]
    assert found("olifant", Kind.POST) == []
    assert found("olifant", Kind.COMMENT) == []


def test_who_leaves_takes_votes_and_memberships_along(ctx: AppContext) -> None:
    forum = make_forum()
    theirs, mine, community = forum.theirs, forum.mine, forum.community

    with unit_of_work():
        delete_account(forum.anna)

    assert (theirs.comment_count, theirs.vote_count, forum.answer.vote_count) == (0, 0, 0)
    assert (mine.comment_count, mine.vote_count) == (1, 1)
    assert (community.post_count, community.member_count) == (1, 1)
    assert count_members(community) == 1
    assert get_membership(forum.anna, community) is None
    assert find_vote(forum.anna, theirs) is None
    assert [account.name for account in list_moderators(community)] == ["otto"]


def test_who_leaves_elsewhere_keeps_our_counts_true(ctx: AppContext) -> None:
    eva, anna = make_account("eva", host="elders.test"), make_account()
    ours, theirs = make_community(), make_community("rekenen", host="elders.test")
    with unit_of_work():
        memberships.join_community(eva, ours)
        memberships.set_moderator(theirs, eva, is_moderator=True, by=None)
        memberships.approve_membership(memberships.join_community(anna, theirs))

    with unit_of_work():
        delete_account(eva)

    assert (ours.member_count, theirs.member_count) == (0, 1)
    assert list_moderators(theirs) == []


def test_changed_texts_are_found_by_their_new_words(ctx: AppContext) -> None:
    anna = make_account()
    post = make_post(make_community(), anna, "Olifanten tellen")
    comment = make_comment(post, anna, "Neushoorn")
    assert found("olifanten", Kind.POST) == [post.public_id]
    assert found("neushoorn", Kind.COMMENT) == [comment.public_id]

    with unit_of_work():
        posts.edit_post(post, posts.PostDraft(title="Giraffen tellen"), anna)
        comments.edit_comment(comment, comments.CommentDraft(body_source="Zebra"), anna)
    assert found("olifanten", Kind.POST) == []
    assert found("giraffen", Kind.POST) == [post.public_id]
    assert found("zebra", Kind.COMMENT) == [comment.public_id]


def test_posts_are_found_as_long_as_they_can_be_read(ctx: AppContext) -> None:
    anna, otto = make_account(), make_account("otto")
    post = make_post(make_community(owner=otto), anna, "Giraffen tellen")
    comment = make_comment(post, anna, "Zebra")

    with unit_of_work():
        posts.remove_post(post, otto, "Reclame")
    assert found("giraffen", Kind.POST) == []
    assert found("zebra", Kind.COMMENT) == []

    with unit_of_work():
        posts.restore_post(post, otto)
        comments.remove_comment(comment, otto, "Onaardig")
    assert found("giraffen", Kind.POST) == [post.public_id]
    assert found("zebra", Kind.COMMENT) == []

    with unit_of_work():
        comments.restore_comment(comment, otto)
        posts.delete_post(post, anna)
    assert found("giraffen", Kind.POST) == []
    assert found("zebra", Kind.COMMENT) == []


def test_a_deleted_comment_is_not_found(ctx: AppContext) -> None:
    anna = make_account()
    comment = make_comment(make_post(make_community(), anna), anna, "Neushoorn")

    with unit_of_work():
        comments.delete_comment(comment, anna)

    assert found("neushoorn", Kind.COMMENT) == []


def test_what_is_for_members_is_found_by_members(ctx: AppContext) -> None:
    otto, bram = make_account("otto"), make_account("bram")
    community = make_community(owner=otto, visibility=Visibility.MEMBERS)
    post = make_post(community, otto, "Olifanten tellen")

    assert found("olifanten", Kind.POST) == []
    assert found("olifanten", Kind.POST, bram) == []
    assert found("olifanten", Kind.POST, otto) == [post.public_id]


def test_communities_are_found_from_here_and_from_elsewhere(ctx: AppContext) -> None:
    otto = make_account("otto")
    community = make_community("rekenen", owner=otto)
    elsewhere = make_community("taal", host="elders.test")

    with unit_of_work():
        communities.edit_community(community, communities.CommunityDraft("Cijferen"), otto)

    assert found("cijferen", Kind.COMMUNITY) == [community.public_id]
    assert found("taal", Kind.COMMUNITY) == [elsewhere.public_id]
    with unit_of_work():
        community.state = State.REMOVED
        communities.index_community(community)
    assert found("cijferen", Kind.COMMUNITY) == []
