"""What is not for everybody never leaves: every event, in every closed place."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from app.accounts.models.account import Account
from app.core.db import session, unit_of_work
from app.core.visibility import Visibility
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.services import comments, memberships, posts, votes
from federation.models.delivery import Delivery
from tests.federation.outbound.peers import Peers, give_key
from tests.support.factories import make_account, make_comment, make_community, make_post


class Scene:
    """A community with a thread by bo, of whom everybody elsewhere follows everything."""

    def __init__(self, peers: Peers, anna: Account, community: Community, bo: Account) -> None:
        self.peers, self.anna, self.community, self.bo = peers, anna, community, bo
        self.post = make_post(community, bo)
        self.comment = make_comment(self.post, bo)

    def fresh_post(self) -> Post:
        return session().get_one(Post, self.post.id)

    def fresh_comment(self) -> Comment:
        return session().get_one(Comment, self.comment.id)


def edit_post(scene: Scene) -> None:
    draft = posts.PostDraft(title="Anders", body_source="Anders.", kind=scene.post.kind)
    posts.edit_post(scene.fresh_post(), draft, scene.bo)


def edit_comment(scene: Scene) -> None:
    draft = comments.CommentDraft(body_source="Anders.")
    comments.edit_comment(scene.fresh_comment(), draft, scene.bo)


def remove_and_restore_post(scene: Scene) -> None:
    posts.remove_post(scene.fresh_post(), scene.anna, "zo maar")
    posts.restore_post(scene.fresh_post(), scene.anna)


def remove_and_restore_comment(scene: Scene) -> None:
    comments.remove_comment(scene.fresh_comment(), scene.anna, "zo maar")
    comments.restore_comment(scene.fresh_comment(), scene.anna)


def vote_and_retract(scene: Scene) -> None:
    for thing in (scene.fresh_post(), scene.fresh_comment()):
        votes.cast_vote(scene.anna, thing)
        votes.retract_vote(scene.anna, thing)


def pin_and_lock(scene: Scene) -> None:
    for state in (True, False):
        posts.pin_post(scene.fresh_post(), scene.anna, state)
        posts.lock_post(scene.fresh_post(), scene.anna, state)


EVENTS: dict[str, Callable[[Scene], object]] = {
    "post": lambda s: make_post(s.community, s.bo, body="Wat vind jij, @bob@masto.test?"),
    "comment": lambda s: make_comment(s.fresh_post(), s.bo, "Zie @bob@masto.test."),
    "edit post": edit_post,
    "edit comment": edit_comment,
    "remove and restore post": remove_and_restore_post,
    "remove and restore comment": remove_and_restore_comment,
    "vote": vote_and_retract,
    "pin and lock": pin_and_lock,
    "delete comment": lambda s: comments.delete_comment(s.fresh_comment(), s.bo),
    "delete post": lambda s: posts.delete_post(s.fresh_post(), s.bo),
}
# How a community is closed: from the start, or opened later around threads that stay closed.
CLOSED = [
    (Visibility.LOCAL, Visibility.LOCAL),
    (Visibility.MEMBERS, Visibility.MEMBERS),
    (Visibility.LOCAL, Visibility.PUBLIC),
    (Visibility.MEMBERS, Visibility.PUBLIC),
]


def count_deliveries() -> int:
    return session().scalar(select(func.count(Delivery.id))) or 0


@pytest.fixture
def bo(peers: Peers, anna: Account) -> Account:
    """A writer whom a microblog and a forum follow."""
    account = make_account("bo")
    give_key(account, 4)
    peers.follower(account, "masto.test", "mastodon")
    return account


@pytest.mark.parametrize(("at_first", "now"), CLOSED)
def test_nothing_of_a_closed_thread_leaves(
    peers: Peers, anna: Account, bo: Account, at_first: Visibility, now: Visibility
) -> None:
    community = make_community("kamer", owner=anna)
    give_key(community, 3)
    peers.follower(community, "lemmy.test", "lemmy")
    with unit_of_work():
        memberships.set_moderator(community, bo, True, anna)
        session().get_one(Community, community.id).visibility = at_first
    peers.send()
    scene = Scene(peers, anna, session().get_one(Community, community.id), bo)
    with unit_of_work():
        session().get_one(Community, community.id).visibility = now
    before = count_deliveries()

    told = []
    for event, happen in EVENTS.items():
        if event == "post" and now == Visibility.PUBLIC:
            continue  # that is a new and open thread
        with unit_of_work():
            happen(scene)
        told += [event] if count_deliveries() > before else []

    assert told == []


def test_the_same_does_leave_when_it_is_for_everybody(
    peers: Peers, anna: Account, toetsing: Community, bo: Account
) -> None:
    peers.follower(toetsing, "lemmy.test", "lemmy")
    scene = Scene(peers, anna, toetsing, bo)

    silent = []
    for event, happen in EVENTS.items():
        before = count_deliveries()
        with unit_of_work():
            happen(scene)
        silent += [event] if count_deliveries() == before else []

    assert silent == []


def test_what_goes_on_in_a_community_that_closed_stays_in_except_what_is_taken_back(
    peers: Peers, anna: Account, toetsing: Community, bo: Account
) -> None:
    peers.follower(toetsing, "lemmy.test", "lemmy")
    scene = Scene(peers, anna, toetsing, bo)
    with unit_of_work():
        session().get_one(Community, toetsing.id).visibility = Visibility.LOCAL
    before = count_deliveries()

    with unit_of_work():
        edit_post(scene)
        vote_and_retract(scene)
        pin_and_lock(scene)
        edit_comment(scene)

    assert count_deliveries() == before
