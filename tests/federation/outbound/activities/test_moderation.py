"""Pins, locks and moderators: a person acts, the community passes it on, forums only."""

import pytest

from app.accounts.models.account import Account
from app.core.db import session, unit_of_work
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.services import memberships, posts
from tests.federation.outbound.peers import PUBLIC, Peers, fetch
from tests.support.factories import make_account, make_post


@pytest.fixture
def post(peers: Peers, anna: Account, toetsing: Community) -> Post:
    made = make_post(toetsing, anna)
    peers.send()
    peers.follower(toetsing, "lemmy.test", "lemmy")
    peers.follower(toetsing, "masto.test", "mastodon")
    return made


def test_a_pin_is_an_add_to_the_featured_collection_as_the_group_names_it(
    peers: Peers, anna: Account, toetsing: Community, post: Post
) -> None:
    with unit_of_work():
        posts.pin_post(session().get_one(Post, post.id), anna, True)
        posts.pin_post(session().get_one(Post, post.id), anna, False)

    added, removed = (one["object"] for one in peers.got("lemmy.test"))
    group = fetch(peers.fediverse.client, toetsing.uri)
    assert (added["type"], removed["type"]) == ("Add", "Remove")
    assert added["target"] == removed["target"] == group["featured"]
    assert (added["actor"], added["object"], added["to"]) == (anna.uri, post.uri, [PUBLIC])
    assert peers.kinds("masto.test") == []


def test_a_lock_says_why_and_its_undo_holds_a_lock(peers: Peers, anna: Account, post: Post) -> None:
    with unit_of_work():
        posts.lock_post(session().get_one(Post, post.id), anna, True, "uitgepraat")
        posts.lock_post(session().get_one(Post, post.id), anna, False)

    lock, locked, undo, unlocked = (one["object"] for one in peers.got("lemmy.test"))
    assert (lock["type"], lock["summary"]) == ("Lock", "uitgepraat")
    assert (undo["type"], undo["object"]["type"]) == ("Undo", "Lock")
    assert undo["object"]["object"] == post.uri
    assert [one["object"]["commentsEnabled"] for one in (locked, unlocked)] == [False, True]
    assert {one["type"] for one in (locked, unlocked)} == {"Update"}
    assert peers.kinds("masto.test") == []


def test_a_new_moderator_is_added_to_the_list(
    peers: Peers, anna: Account, toetsing: Community, post: Post
) -> None:
    carla = make_account("carla")

    with unit_of_work():
        memberships.set_moderator(toetsing, carla, True, anna)

    (wrapped,) = peers.got("lemmy.test")
    group = fetch(peers.fediverse.client, toetsing.uri)
    assert wrapped["object"]["type"] == "Add"
    assert wrapped["object"]["object"] == carla.uri
    assert wrapped["object"]["target"] == group["attributedTo"] == group["moderators"]
    assert fetch(peers.fediverse.client, group["moderators"])["orderedItems"] == [
        anna.uri,
        carla.uri,
    ]
