"""Votes in both directions: rows 41, 42, 44, 45."""

from typing import Any

from app.forum.models.post import Post
from app.forum.services import votes
from tests.interop.cases.case import Case
from tests.interop.cases.moderation import thread_there
from tests.interop.stage import Json, Stage
from tests.support.fediverse import activity


def vote_for_bob(stage: Stage) -> Post:
    """Bob follows and asks; carla finds it useful."""
    stage.follow()
    post = stage.found(stage.asked()["id"])
    assert isinstance(post, Post)
    stage.does(votes.cast_vote, stage.carla, post)
    return post


def is_counted_there(stage: Stage, post: Post) -> None:
    """His counter goes up."""
    assert stage.peer.shown.votes == {(stage.carla.uri, post.uri): 1}
    assert stage.peer.shown.refused == []


def vote_against(stage: Stage) -> Post:
    """Bob finds anna's thread useful, and then does not."""
    post = stage.publish()
    stage.says(stage.peer.vote("Like", stage.bob, post.uri, stage.toetsing.uri))
    stage.says(stage.peer.vote("Dislike", stage.bob, post.uri, stage.toetsing.uri))
    return post


def counts_nothing(stage: Stage, post: Post) -> None:
    """A vote against takes an earlier one back; none is counted below nothing."""
    assert stage.found(post.uri).vote_count == 0


def vote_on_ours(stage: Stage) -> tuple[Post, Json]:
    """Bob follows; somebody elsewhere finds anna's thread useful."""
    stage.follow()
    post = stage.publish()
    ada = stage.fediverse.person("ada", "elders.test")
    like = activity("Like", ada, post.uri)
    stage.fediverse.put(like)
    stage.says(like, ada)
    return post, like


def counts_announced(stage: Stage, done: tuple[Post, Json]) -> None:
    """The community passed it on as it came."""
    post, like = done
    passed = [one["object"] for one in stage.received("Announce")][-1]

    assert passed == like
    assert stage.peer.shown.votes == {(like["actor"], post.uri): 1}


def costs_nothing(stage: Stage, _done: Any) -> None:
    """It is not even sent there."""
    assert [one["object"] for one in stage.received("Announce") if "Like" in str(one)] == []


def take_back(stage: Stage) -> Post:
    """Carla takes a vote back, and so does bob.

    NodeBB lets an Undo fall that a community passes on, so there carla votes in one of its own.
    """
    if stage.peer.name == "nodebb":
        theirs = thread_there(stage, stage.joined())
        stage.does(votes.cast_vote, stage.carla, theirs)
    else:
        theirs = vote_for_bob(stage)
    assert stage.peer.shown.votes == {(stage.carla.uri, theirs.uri): 1}
    stage.does(votes.retract_vote, stage.carla, theirs)
    ours = stage.publish()
    like = stage.peer.vote("Like", stage.bob, ours.uri, stage.toetsing.uri)
    stage.says(like)
    assert stage.found(ours.uri).vote_count == 1
    stage.says(stage.peer.undo(stage.bob, like))
    return ours


def counts_none(stage: Stage, ours: Post) -> None:
    """Neither counts any more, there or here."""
    assert stage.peer.shown.votes == {}
    assert stage.found(ours.uri).vote_count == 0
    assert stage.peer.shown.refused == []


CASES = {
    41: Case(vote_for_bob, is_counted_there),
    42: Case(vote_against, counts_nothing, counts_nothing),
    44: Case(vote_on_ours, counts_announced, costs_nothing),
    45: Case(take_back, counts_none),
}
