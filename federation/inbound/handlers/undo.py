"""Somebody takes something back: a Follow or a vote. What was not here yet will not come."""

from dataclasses import replace
from typing import Final

from sqlalchemy import select

from app.accounts.models.account import Account
from app.accounts.models.following import Following
from app.accounts.queries import find_account_by_uri
from app.accounts.services import followings
from app.core.db import session
from app.forum.models.comment import Comment
from app.forum.models.membership import Membership
from app.forum.models.post import Post
from app.forum.models.vote import Vote
from app.forum.queries.communities import find_community_by_uri, get_membership
from app.forum.services import memberships, votes
from federation.dereference.withdrawals import note_undoing
from federation.errors import RefusedError
from federation.inbound.context import IgnoredError, InboxContext
from federation.inbound.handlers import block, lock, removal
from federation.inbound.handlers.like import is_reaction
from federation.inbound.said import find_said
from federation.inbound.subjects import community_of, find_posted, get_object_uri, get_sender
from federation.vocab.activities import ActivityDocument
from federation.vocab.terms import Kind

OF_MODERATORS: Final = {
    Kind.DELETE: removal.bring_back,
    Kind.LOCK: lock.unlock,
    Kind.BLOCK: block.lift,
}


def unfollow(context: InboxContext, activity: ActivityDocument) -> None:
    """End the membership or following that an embedded Follow names; never on a group's word."""
    if context.announced_by is not None:
        raise RefusedError("undo-by-proxy")
    sender = get_sender(activity)
    undone = _own_activity(activity)
    _forget(context, undone)
    uri = get_object_uri(undone)
    community = find_community_by_uri(uri)
    if community is not None and community.is_local:
        if get_membership(sender, community) is not None:
            memberships.leave_community(sender, community)
        return
    person = find_account_by_uri(uri)
    if person is None or not person.is_local:
        raise IgnoredError("nobody-was-followed")
    followings.end_follow(sender, person)


def retract(context: InboxContext, activity: ActivityDocument) -> None:
    """Retract the vote that an embedded Like names."""
    sender = get_sender(activity)
    undone = _own_activity(activity)
    _forget(context, undone)
    if is_reaction(undone):
        raise IgnoredError("reaction")
    target = find_posted(get_object_uri(undone))
    if target is None:
        raise IgnoredError("object-unknown")
    _retract(context, sender, target)


def take_back(context: InboxContext, activity: ActivityDocument) -> None:
    """Undo what is named by its id only: whichever Follow or Like of the sender has that id.

    What a moderator did is looked up among what came in, and then undone as if it were embedded.
    """
    uri = get_object_uri(activity)
    said = find_said(context, uri)
    undo = None if said is None else OF_MODERATORS.get(said.kind)
    if said is not None and undo is not None:
        undo(context, replace(activity, objects=(said,)))
        return
    sender = get_sender(activity)
    _note(context, uri)
    vote = session().scalar(
        select(Vote).where(Vote.request_uri == uri, Vote.account_id == sender.id)
    )
    if vote is not None:
        target = vote.post or vote.comment
        assert target is not None
        _retract(context, sender, target)
    elif context.announced_by is None and not _end_followed(sender, uri):
        raise IgnoredError("nothing-to-undo")


def _retract(context: InboxContext, voter: Account, target: Post | Comment) -> None:
    """Take a vote back; on a group's word only one on what stands in that group (A051)."""
    if context.announced_by not in {None, community_of(target)}:
        raise RefusedError("object-of-another-group")
    votes.retract_vote(voter, target)


def _own_activity(activity: ActivityDocument) -> ActivityDocument:
    undone = activity.object
    if not isinstance(undone, ActivityDocument) or undone.actor != activity.actor:
        raise RefusedError("undo-of-another")
    return undone


def _forget(context: InboxContext, undone: ActivityDocument) -> None:
    if undone.uri:
        _note(context, undone.uri)


def _note(context: InboxContext, activity_uri: str) -> None:
    """Make sure that an activity is not applied afterwards, when it comes late (A187).

    Its own origin may say so; what a group tells of others counts for what that group passes on.
    """
    if context.announced_by is not None or context.vouches_for(activity_uri):
        note_undoing(activity_uri, context.sender_uri)


def _end_followed(sender: Account, request_uri: str) -> bool:
    """End what the sender asked for under this id; False when there is no such thing."""
    membership = session().scalar(
        select(Membership).where(
            Membership.request_uri == request_uri, Membership.account_id == sender.id
        )
    )
    if membership is not None:
        memberships.leave_community(sender, membership.community)
        return True
    following = session().scalar(
        select(Following).where(
            Following.request_uri == request_uri, Following.follower_id == sender.id
        )
    )
    if following is None:
        return False
    followings.end_follow(sender, following.followed)
    return True
