"""A moderator closed a thread, or opened it again (Lemmy, PieFed, Mbin)."""

from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.services import posts
from federation.dereference.withdrawals import note_undoing
from federation.inbound.authority import get_moderator
from federation.inbound.context import IgnoredError, InboxContext
from federation.inbound.subjects import get_object_uri, get_present
from federation.vocab.activities import ActivityDocument


def lock(context: InboxContext, activity: ActivityDocument) -> None:
    """Close a thread for answers; Lemmy gives the reason in `summary`."""
    post = _get_thread(context, get_object_uri(activity))
    moderator = get_moderator(context, activity, post.community, post.uri)
    posts.lock_post(post, moderator, is_locked=True, reason=_reason(activity))


def unlock(context: InboxContext, activity: ActivityDocument) -> None:
    """Open a thread again; whichever moderator closed it."""
    undone = activity.object
    assert isinstance(undone, ActivityDocument)
    if undone.uri:
        note_undoing(undone.uri, context.sender_uri)
    post = _get_thread(context, get_object_uri(undone))
    moderator = get_moderator(context, activity, post.community, post.uri)
    posts.lock_post(post, moderator, is_locked=False, reason=_reason(activity))


def _get_thread(context: InboxContext, uri: str) -> Post:
    """Return the thread; a comment with all below it cannot be closed here (Lemmy can)."""
    thing = get_present(context, uri)
    if isinstance(thing, Comment):
        raise IgnoredError("comments-are-not-locked")
    return thing


def _reason(activity: ActivityDocument) -> str:
    return (activity.summary or "").strip()
