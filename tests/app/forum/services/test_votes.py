"""Calling something useful: once per person, and to be taken back."""

import pytest
from flask.ctx import AppContext

from app.core.db import unit_of_work
from app.core.errors import ConflictError, NotAllowedError
from app.core.events import Event
from app.core.visibility import Visibility
from app.forum import events
from app.forum.services import posts, votes
from tests.support.factories import make_account, make_comment, make_community, make_post


def test_a_vote_counts_once(heard: list[Event]) -> None:
    post, bram = make_post(make_community(), make_account()), make_account("bram")
    comment = make_comment(post, post.author)
    heard.clear()

    with unit_of_work():
        first = votes.cast_vote(bram, post, "http://elders.test/like/1")
        again = votes.cast_vote(bram, post, "http://elders.test/like/2")
        other = votes.cast_vote(bram, comment)

    assert again is first
    assert first.request_uri == "http://elders.test/like/2"
    assert (post.vote_count, comment.vote_count) == (1, 1)
    assert heard == [events.VoteCast(first.id), events.VoteCast(other.id)]


def test_a_vote_is_taken_back_once(heard: list[Event]) -> None:
    post, bram = make_post(make_community(), make_account()), make_account("bram")
    comment = make_comment(post, post.author)
    with unit_of_work():
        vote = votes.cast_vote(bram, post, "http://elders.test/like/1")
        votes.cast_vote(bram, comment)
    public_id = vote.public_id
    heard.clear()

    for _time in range(2):
        with unit_of_work():
            votes.retract_vote(bram, post)
    with unit_of_work():
        votes.retract_vote(bram, comment)

    assert (post.vote_count, comment.vote_count) == (0, 0)
    assert len(heard) == 2
    assert heard[0] == events.VoteRetracted(
        bram.id, post.id, None, public_id, "http://elders.test/like/1"
    )


def test_nobody_votes_for_oneself_or_for_what_is_gone(ctx: AppContext) -> None:
    anna, bram = make_account(), make_account("bram")
    post = make_post(make_community(), anna)

    with pytest.raises(NotAllowedError), unit_of_work():
        votes.cast_vote(anna, post)
    with unit_of_work():
        posts.delete_post(post, anna)
    with pytest.raises(ConflictError), unit_of_work():
        votes.cast_vote(bram, post)


def test_nobody_votes_on_what_is_not_theirs_to_read(ctx: AppContext) -> None:
    anna, bram = make_account(), make_account("bram")
    post = make_post(make_community(owner=anna, visibility=Visibility.MEMBERS), anna)

    with pytest.raises(NotAllowedError), unit_of_work():
        votes.cast_vote(bram, post)
