"""A moderator took something away, or brought it back (federation.md 3.6).

Whose word counts: moderators of the group, as `authority` knows them; and, for what it holds
itself, the thing's own server, asked whether it still has it (FEP-fe34).
"""

from app.accounts.models.account import Account
from app.core.errors import NotAllowedError
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.queries.communities import find_community_by_uri
from app.forum.services import comments, posts
from federation.dereference.withdrawals import forget_deletion, note_undoing
from federation.errors import MissingError, RefusedError
from federation.inbound.authority import get_moderator
from federation.inbound.context import IgnoredError, InboxContext
from federation.inbound.handlers import closing
from federation.inbound.subjects import community_of, find_posted, get_object_uri
from federation.vocab.activities import ActivityDocument


def take_away(context: InboxContext, activity: ActivityDocument, thing: Post | Comment) -> None:
    """Remove for a moderator; what its own server no longer has is deleted whoever says so."""
    try:
        moderator = get_moderator(context, activity, community_of(thing), thing.uri)
        _remove(thing, moderator, (activity.summary or "").strip())
    except (NotAllowedError, RefusedError) as refusal:
        _require_gone(context, thing, refusal)
        take_back(thing, thing.author)


def take_back(thing: Post | Comment, author: Account) -> None:
    """Delete for good, for who wrote it."""
    if isinstance(thing, Post):
        posts.delete_post(thing, author)
    else:
        comments.delete_comment(thing, author)


def bring_back(context: InboxContext, activity: ActivityDocument) -> None:
    """Undo a removal, whichever moderator made it; what its author took back stays away."""
    removal = activity.object
    assert isinstance(removal, ActivityDocument)
    if removal.uri:
        note_undoing(removal.uri, context.sender_uri)
    uri = get_object_uri(removal)
    community = find_community_by_uri(uri)
    if community is not None:
        closing.reopen(context, activity, community)
        return
    thing = find_posted(uri)
    if thing is None:
        forget_deletion(uri, context.sender_uri)
        raise IgnoredError("object-unknown")
    moderator = get_moderator(context, activity, community_of(thing), thing.uri)
    if isinstance(thing, Post):
        posts.restore_post(thing, moderator)
    else:
        comments.restore_comment(thing, moderator)


def _remove(thing: Post | Comment, moderator: Account, reason: str) -> None:
    if isinstance(thing, Post):
        posts.remove_post(thing, moderator, reason)
    else:
        comments.remove_comment(thing, moderator, reason)


def _require_gone(
    context: InboxContext, thing: Post | Comment, refusal: NotAllowedError | RefusedError
) -> None:
    """Ask a remote thing's own server: 404, 410 or a tombstone there settles it."""
    if thing.is_local:
        raise refusal
    if context.gone != thing.uri:
        raise MissingError(thing.uri)
