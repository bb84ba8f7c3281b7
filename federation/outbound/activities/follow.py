"""Follow, Accept, Reject and Undo, for communities and people (federation.md section 3.3)."""

from dataclasses import dataclass

from app.accounts.events import FollowApproved, FollowEnded, FollowRefused, FollowRequested
from app.accounts.models.account import Account
from app.accounts.models.following import Following
from app.core.db import session
from app.forum.events import (
    MembershipApproved,
    MembershipEnded,
    MembershipRefused,
    MembershipRequested,
)
from app.forum.models.community import Community
from app.forum.models.membership import Membership
from federation.outbound import follow_schedule
from federation.outbound.fanout import new_activity_uri, tell_one
from federation.outbound.outbox import find_newest, find_sent
from federation.outbound.provenance import received_bytes
from federation.vocab.outgoing import Activity, Verb


@dataclass(frozen=True)
class _Wish:
    """Who wants to follow whom; `public_id` names ours, `request_uri` somebody else's."""

    follower: Account
    followed: Account | Community
    public_id: str
    request_uri: str | None

    def as_activity(self) -> Activity:
        """Return the Follow itself; one that is said again gets a new id (section 3.3)."""
        is_repeat = self.request_uri is None and find_sent(self.public_id) is not None
        public_id = None if is_repeat else self.public_id
        return Activity(
            type="Follow",
            uri=self.request_uri or new_activity_uri("Follow", public_id),
            actor=self.follower.uri,
            object=self.followed.uri,
            to=(self.followed.uri,),
        )


def request_membership(event: MembershipRequested) -> None:
    """One of our people wants to follow a community elsewhere; it is asked again while silent."""
    _request(_of_membership(event.membership_id))
    follow_schedule.note_asked(session().get_one(Membership, event.membership_id))


def approve_membership(event: MembershipApproved) -> None:
    """One of our communities lets somebody from elsewhere in; said again on every repeat."""
    follow_schedule.note_answered(session().get_one(Membership, event.membership_id))
    _answer("Accept", _of_membership(event.membership_id))


def refuse_membership(event: MembershipRefused) -> None:
    """One of our communities turns somebody from elsewhere down."""
    follow_schedule.note_answered(session().get_one(Membership, event.membership_id))
    _answer("Reject", _of_membership(event.membership_id))


def end_membership(event: MembershipEnded) -> None:
    """One of our people leaves a community elsewhere."""
    follower = session().get_one(Account, event.account_id)
    followed = session().get_one(Community, event.community_id)
    _undo(_Wish(follower, followed, event.public_id, None))


def request_follow(event: FollowRequested) -> None:
    """One of our people wants to follow somebody elsewhere."""
    _request(_of_following(event.following_id))


def approve_follow(event: FollowApproved) -> None:
    """One of our people is followed from elsewhere."""
    _answer("Accept", _of_following(event.following_id))


def refuse_follow(event: FollowRefused) -> None:
    """Somebody elsewhere may not follow one of our people."""
    _answer("Reject", _of_following(event.following_id))


def end_follow(event: FollowEnded) -> None:
    """One of our people stops following somebody elsewhere."""
    follower = session().get_one(Account, event.follower_id)
    followed = session().get_one(Account, event.followed_id)
    _undo(_Wish(follower, followed, event.public_id, None))


def _of_membership(row_id: int) -> _Wish:
    row = session().get_one(Membership, row_id)
    return _Wish(row.account, row.community, row.public_id, row.request_uri)


def _of_following(row_id: int) -> _Wish:
    row = session().get_one(Following, row_id)
    return _Wish(row.follower, row.followed, row.public_id, row.request_uri)


def _request(wish: _Wish) -> None:
    if wish.follower.is_local and not wish.followed.is_local:
        tell_one(wish.follower, wish.as_activity(), wish.followed)


def _answer(verb: Verb, wish: _Wish) -> None:
    if wish.follower.is_local or not wish.followed.is_local:
        return
    received = received_bytes("Follow")
    if received is None and wish.request_uri is None:
        return  # nothing was asked: a moderator of elsewhere who does not follow
    follow = received or wish.as_activity()
    answer = Activity(
        type=verb,
        uri=new_activity_uri(verb),
        actor=wish.followed.uri,
        object=follow,
        to=(wish.follower.uri,),
    )
    tell_one(wish.followed, answer, wish.follower)


def _undo(wish: _Wish) -> None:
    if not wish.follower.is_local or wish.followed.is_local:
        return
    asked = find_newest("Follow", wish.follower, wish.followed.uri)
    undo = Activity(
        type="Undo",
        uri=new_activity_uri("Undo"),
        actor=wish.follower.uri,
        object=asked.body if asked is not None else wish.as_activity(),
        to=(wish.followed.uri,),
    )
    tell_one(wish.follower, undo, wish.followed)
