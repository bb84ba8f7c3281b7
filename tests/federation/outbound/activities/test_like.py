"""Votes: to the group, to forums that follow, and as a favourite to the author."""

from sqlalchemy import select

from app.accounts.models.account import Account
from app.core.db import session, unit_of_work
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.services import votes
from tests.federation.outbound.peers import Peers, fetch, give_key
from tests.support.factories import make_account, make_post
from tests.support.fediverse import PUBLIC, activity, note, page


def cast(voter: Account, post: Post) -> None:
    with unit_of_work():
        votes.cast_vote(voter, session().get_one(Post, post.id))


def retract(voter: Account, post: Post) -> None:
    with unit_of_work():
        votes.retract_vote(voter, session().get_one(Post, post.id))


def test_cast_retracted_and_cast_again_are_three_ids_and_the_undo_names_the_first(
    peers: Peers, anna: Account, toetsing: Community
) -> None:
    carla = make_account("carla")
    give_key(carla, 3)
    post = make_post(toetsing, anna)
    peers.send()
    peers.follower(toetsing, "lemmy.test", "lemmy")

    cast(carla, post)
    retract(carla, post)
    cast(carla, post)

    first, undo, second = (one["object"] for one in peers.got("lemmy.test"))
    assert [first["type"], undo["type"], second["type"]] == ["Like", "Undo", "Like"]
    assert undo["object"]["id"] == first["id"] != second["id"]
    assert PUBLIC not in first["to"] + first["cc"]
    assert fetch(peers.fediverse.client, second["id"]) == second


def test_the_author_on_a_microblog_gets_the_like_bare_and_one_on_a_forum_wrapped(
    peers: Peers, anna: Account, toetsing: Community
) -> None:
    written = []
    for host, software in (("masto.test", "mastodon"), ("lemmy.test", "lemmy")):
        author = peers.follower(toetsing, host, software)
        peers.take(activity("Create", author, page(author, toetsing.uri)), author)
        written.append(session().scalars(select(Post).order_by(Post.id.desc())).first())
    peers.send()
    peers.forget()

    for post in written:
        assert post is not None
        cast(anna, post)

    assert peers.kinds("masto.test") == ["Like"]
    assert peers.kinds("lemmy.test") == ["Announce(Like)", "Announce(Like)"]


def test_a_dislike_by_a_peer_that_replaces_its_like_is_passed_on_to_forums_alone(
    peers: Peers, anna: Account, toetsing: Community
) -> None:
    voter = peers.follower(toetsing, "lemmy.test", "lemmy")
    peers.follower(toetsing, "boost.test", "mastodon")
    post = make_post(toetsing, anna)
    peers.take(activity("Like", voter, post.uri), voter)
    peers.send()
    peers.forget()

    peers.take(activity("Dislike", voter, post.uri), voter)

    assert peers.kinds("lemmy.test") == ["Announce(Dislike)"]
    assert peers.kinds("boost.test") == []


def test_a_vote_by_a_peer_and_its_undo_are_passed_on(
    peers: Peers, anna: Account, toetsing: Community
) -> None:
    voter = peers.follower(toetsing, "lemmy.test", "lemmy")
    post = make_post(toetsing, anna)
    peers.send()
    peers.forget()
    like = activity("Like", voter, post.uri)

    peers.take(like, voter)
    peers.take(activity("Undo", voter, like), voter)

    assert peers.kinds("lemmy.test") == ["Announce(Like)", "Announce(Undo)"]


def test_a_vote_on_a_comment_travels_in_the_lane_of_votes(
    peers: Peers, anna: Account, toetsing: Community
) -> None:
    author = peers.follower(toetsing, "lemmy.test", "lemmy")
    post = make_post(toetsing, anna)
    peers.take(activity("Create", author, note(author, inReplyTo=post.uri)), author)
    peers.send()
    peers.forget()

    peers.take(activity("Like", author, post.uri), author)

    assert peers.kinds("lemmy.test") == ["Announce(Like)"]
