"""People following people, here and elsewhere."""

import pytest
from flask.ctx import AppContext

from app.accounts.events import FollowApproved, FollowEnded, FollowRequested
from app.accounts.models.account import Account
from app.accounts.models.following import FollowState
from app.accounts.queries import count_followers, find_following
from app.accounts.services import followings, remote, sign_in
from app.core.db import unit_of_work
from app.core.errors import NotAllowedError
from app.core.events import Event, listen

heard: list[Event] = []


def hear(event: Event) -> None:
    heard.append(event)


@pytest.fixture(autouse=True)
def _listen(ctx: AppContext) -> None:
    heard.clear()
    for kind in (FollowRequested, FollowApproved, FollowEnded):
        listen(kind, hear)


def person(name: str) -> Account:
    with unit_of_work():
        return sign_in.add_person(name, sign_in.NewSignIn(f"{name}@school.example"))


def stranger(name: str) -> Account:
    with unit_of_work():
        return remote.upsert_remote_account(
            remote.RemoteProfile(uri=f"https://elders.test/u/{name}", name=name, host="elders.test")
        )


def follow(follower: Account, followed: Account, uri: str | None = None) -> followings.Following:
    with unit_of_work():
        return followings.request_follow(follower, followed, uri)


def test_our_own_people_agree_at_once_and_silently(ctx: AppContext) -> None:
    anna, bea = person("anna"), person("bea")

    following = follow(anna, bea)
    again = follow(anna, bea)

    assert again is following
    assert following.state == FollowState.APPROVED
    assert count_followers(bea) == 1
    assert heard == []


def test_asking_somebody_elsewhere_waits_for_the_answer(ctx: AppContext) -> None:
    anna, bert = person("anna"), stranger("bert")

    following = follow(anna, bert)
    waiting = following.state
    with unit_of_work():
        followings.approve_follow(following)
    follow(anna, bert)

    assert waiting == FollowState.REQUESTED
    assert following.state == FollowState.APPROVED
    assert heard == [FollowRequested(following_id=following.id)]


def test_asking_again_after_a_refusal_is_a_new_request(ctx: AppContext) -> None:
    anna, bert = person("anna"), stranger("bert")
    following = follow(anna, bert)
    first_id = following.public_id
    with unit_of_work():
        followings.refuse_follow(following)

    follow(anna, bert)

    assert following.state == FollowState.REQUESTED
    assert following.public_id != first_id
    assert len(heard) == 2


def test_a_stranger_who_follows_ours_hears_the_answer_each_time(ctx: AppContext) -> None:
    anna, bert = person("anna"), stranger("bert")

    following = follow(bert, anna, "https://elders.test/follow/1")
    follow(bert, anna, "https://elders.test/follow/2")

    assert heard == [FollowApproved(following_id=following.id)] * 2
    assert following.request_uri == "https://elders.test/follow/2"


def test_ending_tells_everything_that_is_needed_afterwards(ctx: AppContext) -> None:
    anna, bert = person("anna"), stranger("bert")
    following = follow(anna, bert)
    public_id = following.public_id

    with unit_of_work():
        followings.end_follow(anna, bert)
        followings.end_follow(anna, bert)

    assert find_following(anna, bert) is None
    assert heard[1:] == [
        FollowEnded(follower_id=anna.id, followed_id=bert.id, public_id=public_id, request_uri=None)
    ]


def test_nobody_follows_oneself_or_who_is_not_there(ctx: AppContext) -> None:
    anna, bert = person("anna"), stranger("bert")
    with unit_of_work():
        remote.mark_remote_account_deleted(bert)

    for followed in (anna, bert):
        with pytest.raises(NotAllowedError):
            follow(anna, followed)
