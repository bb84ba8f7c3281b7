"""A moderator closed a thread, or opened it again (Lemmy, PieFed, Mbin).

PeerTube and others say it with an Update of the post: `commentsEnabled`. In the same way a
moderator says that a text is for the wary, or is not (`sensitive`).
"""

from app.accounts.models.account import Account
from app.forum import policy
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.queries.standings import get_standing
from app.forum.services import posts
from federation.dereference.objects import is_older
from federation.dereference.withdrawals import note_undoing
from federation.inbound.authority import moderating, speaking, stands_with_us
from federation.inbound.context import IgnoredError, InboxContext
from federation.inbound.subjects import get_object_uri, get_present
from federation.vocab.activities import ActivityDocument
from federation.vocab.objects import ObjectDocument


def lock(context: InboxContext, activity: ActivityDocument) -> None:
    """Close a thread for answers; Lemmy gives the reason in `summary`."""
    post = _get_thread(context, get_object_uri(activity))
    with moderating(context, activity, post.community, post.uri) as moderator:
        posts.lock_post(post, moderator, is_locked=True, reason=_reason(activity))


def unlock(context: InboxContext, activity: ActivityDocument) -> None:
    """Open a thread again; whichever moderator closed it."""
    undone = activity.object
    assert isinstance(undone, ActivityDocument)
    if undone.uri:
        note_undoing(undone.uri, context.sender_uri)
    post = _get_thread(context, get_object_uri(undone))
    with moderating(context, activity, post.community, post.uri) as moderator:
        posts.lock_post(post, moderator, is_locked=False, reason=_reason(activity))


def is_by_moderator(
    context: InboxContext, activity: ActivityDocument, thing: ObjectDocument
) -> bool:
    """Whether somebody else than the author changed a post (Lemmy), in their group or ours.

    In our groups moderators alone come this far (see `check_objects`).
    """
    if thing.attributed_to == activity.actor:
        return False
    return context.announced_by is not None or stands_with_us(thing.uri)


def follow_moderator(
    context: InboxContext, activity: ActivityDocument, thing: ObjectDocument
) -> None:
    """Close, open or mark a thread as the moderator's Update says; the text stays the author's."""
    post = _get_thread(context, thing.uri)
    with moderating(context, activity, post.community, post.uri) as moderator:
        if is_older(post, thing):
            raise IgnoredError("older-than-ours")
        _follow(moderator, post, thing)
        if "sensitive" in thing.raw:
            posts.mark_post(post, moderator, is_sensitive=thing.sensitive)


def follow_author(
    context: InboxContext, author: Account, known: Post | Comment, thing: ObjectDocument
) -> None:
    """Close or open for an author who moderates there; of others it is not taken."""
    if isinstance(known, Post) and known.is_published:
        community = known.community
        with speaking(context, author, community):
            if policy.can_steer(get_standing(author, community), community):
                _follow(author, known, thing)


def _follow(by: Account | None, post: Post, thing: ObjectDocument) -> None:
    """Take `commentsEnabled` when it is told; our own threads are opened by an Undo only.

    A server that does not know of the lock would open them with every edit.
    """
    if "commentsEnabled" not in thing.raw:
        return
    if not thing.comments_enabled:
        posts.lock_post(post, by, is_locked=True)
    elif not post.community.is_local:
        posts.lock_post(post, by, is_locked=False)


def _get_thread(context: InboxContext, uri: str) -> Post:
    """Return the thread; a comment with all below it cannot be closed here (Lemmy can)."""
    thing = get_present(context, uri)
    if isinstance(thing, Comment):
        raise IgnoredError("comments-are-not-locked")
    return thing


def _reason(activity: ActivityDocument) -> str:
    return (activity.summary or "").strip()
