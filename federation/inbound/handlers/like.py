"""Somebody elsewhere found a post or comment useful."""

from app.accounts.models.account import Account
from app.core.addresses import local_path
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.queries.communities import find_community_by_uri
from app.forum.services import votes
from federation.errors import MissingError, OrphanedError, RefusedError
from federation.inbound.context import IgnoredError, InboxContext
from federation.inbound.subjects import community_of, find_posted, get_object_uri, get_sender
from federation.vocab.activities import ActivityDocument

HEARTS = frozenset({"\u2764", "\u2764\ufe0f", "\u2665", "\u2665\ufe0f"})


def like(context: InboxContext, activity: ActivityDocument) -> None:
    """Count the vote, once per person and thing."""
    if is_reaction(activity):
        raise IgnoredError("reaction")
    sender = get_sender(activity)
    target = get_target(context, activity)
    check_channel(context, target, sender)
    votes.cast_vote(sender, target, request_uri=activity.uri or None)


def dislike(context: InboxContext, activity: ActivityDocument) -> None:
    """Retract a vote: a Dislike replaces a Like without an Undo (Lemmy, PieFed)."""
    sender = get_sender(activity)
    target = get_target(context, activity)
    check_channel(context, target, sender)
    votes.retract_vote(sender, target)


def is_reaction(activity: ActivityDocument) -> bool:
    """Whether a Like is an emoji (Misskey, FEP-c0e0) and so no vote; a heart is one."""
    emoji = activity.raw.get("content") or activity.raw.get("_misskey_reaction")
    return isinstance(emoji, str) and emoji.strip() not in HEARTS


def get_target(context: InboxContext, activity: ActivityDocument) -> Post | Comment:
    """Return what is voted on.

    An unknown thing is fetched when a group passes the vote on, or when it is meant for one of our
    communities. Any other vote waits until its thing arrives by itself: nobody makes us fetch.
    """
    uri = get_object_uri(activity)
    target = find_posted(uri)
    if target is not None:
        return target
    if local_path(uri) is not None:
        raise RefusedError("object-unknown")
    if uri == context.unreachable or not (context.announced_by or _names_us(activity)):
        raise OrphanedError(uri, "object-unknown")
    raise MissingError(uri)


def _names_us(activity: ActivityDocument) -> bool:
    """Whether one of our communities is among those an activity is for."""
    named = (find_community_by_uri(uri) for uri in (*activity.audience, *activity.recipients)[:10])
    return any(community is not None and community.is_local for community in named)


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
