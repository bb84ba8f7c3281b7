"""A moderator took something away, or brought it back (federation.md 3.6).

Whose word counts: moderators of the group, as `authority` knows them; and the thing's own server,
by somebody of it with a reason, or asked whether it still has the thing (FEP-fe34).
"""

from app.accounts.models.account import Account
from app.core.db import session
from app.core.errors import NotAllowedError
from app.core.visibility import State
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.queries.communities import find_community_by_uri
from app.forum.services import comments, posts, verdicts
from app.forum.services.locking import lock_row
from federation.dereference.withdrawals import forget_deletion, note_undoing
from federation.errors import MissingError, RefusedError
from federation.inbound.authority import moderating
from federation.inbound.context import IgnoredError, InboxContext
from federation.inbound.handlers import closing
from federation.inbound.subjects import community_of, find_posted, get_object_uri, get_sender
from federation.vocab.activities import ActivityDocument
from federation.vocab.origin import same_origin


def take_away(context: InboxContext, activity: ActivityDocument, thing: Post | Comment) -> None:
    """Remove for a moderator, of the group or of the thing's own server.

    What that server no longer has is deleted whoever says so. With `withReplies` a moderator of the
    group takes away all that answers it as well (Lemmy).
    """
    reason = (activity.summary or "").strip()
    try:
        with moderating(context, activity, community_of(thing), thing.uri) as moderator:
            _remove(thing, moderator, reason)
            if activity.with_replies:
                verdicts.take_away_replies(thing, moderator, reason)
    except (NotAllowedError, RefusedError) as refusal:
        if activity.summary is not None and _is_of_its_server(context, activity, thing):
            lock_row(thing)
            if thing.is_published:
                verdicts.take_away(thing, get_sender(activity), reason)
            return
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
    try:
        with moderating(context, activity, community_of(thing), thing.uri) as moderator:
            along = verdicts.list_hidden_along(thing) if removal.with_replies else []
            for one in (thing, *along):
                _restore(one, moderator)
    except (NotAllowedError, RefusedError):
        if not _was_removed_at_home(thing) or not _is_of_its_server(context, activity, thing):
            raise
        if not context.vouches_for(activity.actor) and not context.was_fetched(thing.uri):
            raise MissingError(thing.uri) from None  # the group says so: its server is asked
        lock_row(thing)
        verdicts.bring_back(thing, get_sender(activity))


def _is_of_its_server(
    context: InboxContext, activity: ActivityDocument, thing: Post | Comment
) -> bool:
    """Whether somebody of the thing's own server acts, itself or through the thing's group."""
    is_channel = context.announced_by in {None, community_of(thing)}
    return not thing.is_local and is_channel and same_origin(activity.actor, thing.uri)


def _was_removed_at_home(thing: Post | Comment) -> bool:
    """Whether it is gone because somebody of its own server took it away."""
    by = None if thing.state_by_id is None else session().get(Account, thing.state_by_id)
    is_removed = thing.state == State.REMOVED
    return is_removed and by is not None and same_origin(by.uri, thing.uri)


def _restore(thing: Post | Comment, moderator: Account | None) -> None:
    if moderator is None:
        lock_row(thing)
        if thing.state == State.REMOVED:
            verdicts.bring_back(thing, None)
    elif isinstance(thing, Post):
        posts.restore_post(thing, moderator)
    else:
        comments.restore_comment(thing, moderator)


def _remove(thing: Post | Comment, moderator: Account | None, reason: str) -> None:
    if moderator is None:
        lock_row(thing)
        if thing.is_published:
            verdicts.take_away(thing, None, reason)
    elif isinstance(thing, Post):
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
