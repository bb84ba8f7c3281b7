"""Somebody elsewhere found a post or comment useful."""

from app.accounts.models.account import Account
from app.core.addresses import local_path
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.services import votes
from federation.errors import MissingError, RefusedError
from federation.inbound.context import IgnoredError, InboxContext
from federation.inbound.subjects import community_of, find_posted, get_object_uri, get_sender
from federation.vocab.activities import ActivityDocument


def like(context: InboxContext, activity: ActivityDocument) -> None:
    """Count the vote, once per person and thing."""
    sender = get_sender(activity)
    target = get_target(context, get_object_uri(activity))
    check_channel(context, target, sender)
    votes.cast_vote(sender, target, request_uri=activity.uri or None)


def dislike(context: InboxContext, activity: ActivityDocument) -> None:
    """Retract a vote: a Dislike replaces a Like without an Undo (Lemmy, PieFed)."""
    sender = get_sender(activity)
    target = find_posted(get_object_uri(activity))
    if target is None:
        raise IgnoredError("object-unknown")
    check_channel(context, target, sender)
    votes.retract_vote(sender, target)


def get_target(context: InboxContext, uri: str) -> Post | Comment:
    """Return what is voted on; unknown things are fetched only when a group passes the vote on."""
    target = find_posted(uri)
    if target is not None:
        return target
    if local_path(uri) is not None:
        raise RefusedError("object-unknown")
    if context.announced_by is None:
        raise IgnoredError("object-unknown")
    raise MissingError(uri)


def check_channel(context: InboxContext, target: Post | Comment, voter: Account) -> None:
    """Require that a vote comes the way votes go: to the thing's group, or from that group.

    A group speaks only for what stands in it (A051); votes on what our people wrote elsewhere come
    from the voter's own server as well.
    """
    community = community_of(target)
    if context.announced_by is not None:
        if context.announced_by is not community:
            raise RefusedError("object-of-another-group")
    elif not community.is_local and not target.author.is_local:
        raise IgnoredError("vote-of-another-group")
    if target.author_id == voter.id:
        raise IgnoredError("own-vote")
