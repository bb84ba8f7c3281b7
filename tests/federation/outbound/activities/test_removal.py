"""Delete and restore: who is told, by whom, and that a boost can come back."""

import pytest
from sqlalchemy import select

from app.accounts.models.account import Account
from app.core.db import session, unit_of_work
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.services import comments, memberships, posts
from tests.federation.outbound.peers import PUBLIC, Peers, fetch, give_key
from tests.support.factories import make_account, make_comment, make_post
from tests.support.fediverse import RemoteActor, activity, page


@pytest.fixture
def post(peers: Peers, anna: Account, toetsing: Community) -> Post:
    """A thread that a forum and a microblog have."""
    peers.follower(toetsing, "lemmy.test", "lemmy")
    peers.follower(toetsing, "masto.test", "mastodon")
    made = make_post(toetsing, anna)
    peers.send()
    peers.forget()
    return made


def remove(post: Post, by: Account, reason: str = "reclame") -> None:
    with unit_of_work():
        posts.remove_post(session().get_one(Post, post.id), by, reason)


def restore(post: Post, by: Account) -> None:
    with unit_of_work():
        posts.restore_post(session().get_one(Post, post.id), by)


def test_an_author_deletes_without_a_reason_and_publicly(
    peers: Peers, anna: Account, toetsing: Community, post: Post
) -> None:
    with unit_of_work():
        posts.delete_post(session().get_one(Post, post.id), anna)

    (wrapped,) = peers.got("lemmy.test")
    for delete in (wrapped["object"], peers.got("masto.test")[0]):
        assert (delete["type"], delete["actor"]) == ("Delete", anna.uri)
        assert "summary" not in delete
        assert delete["to"] == [PUBLIC]
        assert delete["object"]["type"] == "Tombstone"
        assert delete["object"]["formerType"] == "Page"
        assert delete["audience"] == toetsing.uri


def test_a_moderator_removes_with_a_reason_and_microblogs_lose_the_boost_only(
    peers: Peers, anna: Account, post: Post
) -> None:
    remove(post, anna)

    (wrapped,) = peers.got("lemmy.test")
    assert wrapped["object"]["summary"] == "reclame"
    assert wrapped["object"]["object"] == post.uri
    (undo,) = peers.got("masto.test")
    assert undo["type"] == "Undo"
    assert (undo["object"]["type"], undo["object"]["object"]) == ("Announce", post.uri)


def test_a_removal_without_a_reason_still_says_that_a_moderator_acted(
    peers: Peers, anna: Account, post: Post
) -> None:
    remove(post, anna, "")

    (wrapped,) = peers.got("lemmy.test")
    assert wrapped["object"]["summary"] == " "


def test_a_restored_post_is_undeleted_for_forums_and_boosted_under_a_new_id(
    peers: Peers, anna: Account, post: Post
) -> None:
    remove(post, anna)
    (removal,) = peers.got("lemmy.test")
    (undo,) = peers.got("masto.test")
    peers.forget()

    restore(post, anna)

    (restoring,) = peers.got("lemmy.test")
    assert restoring["object"]["type"] == "Undo"
    assert restoring["object"]["object"] == removal["object"]
    (boost,) = peers.got("masto.test")
    assert boost["object"] == post.uri
    assert boost["id"] != undo["object"]["id"]


def test_removed_and_restored_twice_every_activity_has_an_id_of_its_own(
    peers: Peers, anna: Account, post: Post
) -> None:
    for _ in range(2):
        remove(post, anna)
        restore(post, anna)

    sent = [*peers.got("lemmy.test"), *peers.got("masto.test")]
    assert len({one["id"] for one in sent}) == len(sent) == 8
    undone = [one["object"]["id"] for one in sent if one["type"] == "Undo"]
    boosts = [one["id"] for one in sent if one["object"] == post.uri]
    assert undone[1] == boosts[0]


def test_another_moderator_undoes_a_removal_in_the_own_name(
    peers: Peers, anna: Account, toetsing: Community, post: Post
) -> None:
    carla = make_account("carla")
    give_key(carla, 3)
    with unit_of_work():
        memberships.set_moderator(toetsing, carla, True, anna)
    remove(post, anna)
    peers.send()
    peers.forget()

    restore(post, carla)

    (wrapped,) = peers.got("lemmy.test")
    undo = wrapped["object"]
    assert undo["actor"] == undo["object"]["actor"] == carla.uri
    assert undo["object"]["object"] == post.uri


def test_a_post_by_a_peer_is_removed_for_its_own_server_too(
    peers: Peers, anna: Account, toetsing: Community
) -> None:
    author = peers.follower(toetsing, "lemmy.test", "lemmy")
    peers.take(activity("Create", author, page(author, toetsing.uri)), author)
    with unit_of_work():
        memberships.leave_community(account_of(author), toetsing)
    peers.send()
    peers.forget()

    remove(session().scalars(select(Post)).one(), anna)

    (delete,) = peers.got("lemmy.test")
    assert (delete["type"], delete["summary"]) == ("Delete", "reclame")


def test_a_deletion_by_a_peer_is_passed_on(
    peers: Peers, anna: Account, toetsing: Community
) -> None:
    author = peers.follower(toetsing, "lemmy.test", "lemmy")
    peers.follower(toetsing, "other.test", "nodebb")
    thread = page(author, toetsing.uri)
    peers.take(activity("Create", author, thread), author)
    peers.send()
    peers.forget()
    delete = activity("Delete", author, thread["id"])

    peers.take(delete, author)

    assert [one["object"] for one in peers.got("other.test")] == [delete]


@pytest.mark.parametrize(
    ("software", "told"),
    [("lemmy", ["Delete", "Announce(Delete)"]), ("nodebb", ["Announce(Delete)"])],
)
def test_the_home_of_a_removed_text_is_told_in_the_words_it_answers(
    peers: Peers, anna: Account, toetsing: Community, software: str, told: list[str]
) -> None:
    author = peers.follower(toetsing, "other.test", software)
    thread = page(author, toetsing.uri)
    peers.take(activity("Create", author, thread), author)
    peers.send()
    peers.forget()

    with unit_of_work():
        post = session().scalars(select(Post).where(Post.remote_uri == thread["id"])).one()
        posts.remove_post(post, session().merge(anna), "past niet")

    assert [kind for kind in peers.kinds("other.test") if "Delete" in kind] == told


def test_a_removed_comment_reaches_forums_and_its_document_is_a_tombstone(
    peers: Peers, anna: Account, toetsing: Community, post: Post
) -> None:
    comment = make_comment(post, anna)
    peers.send()
    peers.forget()

    with unit_of_work():
        comments.remove_comment(session().get_one(Comment, comment.id), anna, "onzin")

    assert peers.kinds("lemmy.test") == ["Announce(Delete)"]
    assert peers.kinds("masto.test") == []
    assert fetch(peers.fediverse.client, comment.uri)["type"] == "Tombstone"


def account_of(actor: RemoteActor) -> Account:
    return session().scalars(select(Account).where(Account.remote_uri == actor.uri)).one()
