"""What moderators decide about posts and comments: approve, refuse, take away, bring back.

One mechanism for both: lock first, then decide, tell once.
"""

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.models.account import Account
from app.core.db import session
from app.core.errors import ConflictError
from app.core.events import emit
from app.core.visibility import State
from app.forum.events import (
    CommentApproved,
    CommentPublished,
    CommentRefused,
    CommentRemoved,
    CommentRestored,
    PostApproved,
    PostPublished,
    PostRefused,
    PostRemoved,
    PostRestored,
)
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.services import states, texts
from app.forum.services.counting import add_to_count, count_in, count_out
from app.forum.services.locking import lock_row


def community_of(thing: Post | Comment) -> Community:
    """Return the community in which a text stands."""
    return thing.community if isinstance(thing, Post) else thing.post.community


def approve(thing: Post | Comment, by: Account) -> None:
    """Let everybody read a text that was held or refused; silent for one that is shown.

    Raises NotAllowedError, and ConflictError while what a comment answers is not shown itself.
    """
    if not states.begin_approval(thing, by):
        return
    if isinstance(thing, Comment) and not _has_its_place(thing):
        raise ConflictError(_("Plaats eerst het bericht waarop dit een antwoord is."))
    states.mark_restored(thing, by)
    texts.stamp_approval(thing)
    count_in(thing)
    session().flush()
    named = texts.list_named_ids(thing)
    if isinstance(thing, Post):
        emit(PostApproved(thing.id, by.id))
        emit(PostPublished(thing.id, named, was_held=True))
    else:
        emit(CommentApproved(thing.id, by.id))
        emit(CommentPublished(thing.id, named, was_held=True))


def refuse(thing: Post | Comment, by: Account, reason: str) -> None:
    """Turn down a text that is held, saying why; silent for any other."""
    lock_row(thing)
    if not thing.is_held:
        return
    states.require_moderator(by, community_of(thing))
    turn_down(thing, by, reason)


def remove(thing: Post | Comment, by: Account, reason: str) -> None:
    """Take a text away as a moderator, saying why; silent for what is gone already.

    What is held is refused: nobody ever saw it.
    """
    lock_row(thing)
    if not thing.is_published and not thing.is_held:
        return
    states.require_moderator(by, community_of(thing))
    if thing.is_held:
        turn_down(thing, by, reason)
    else:
        take_away(thing, by, reason)


def restore(thing: Post | Comment, by: Account, reason: str = "") -> None:
    """Bring a removed text back; silent for one that is shown."""
    lock_row(thing)
    if thing.is_published:
        return
    if thing.is_withheld:
        approve(thing, by)
        return
    states.require_moderator(by, community_of(thing))
    if thing.state == State.DELETED:
        raise ConflictError(
            _("De schrijver heeft dit bericht zelf verwijderd.")
            if isinstance(thing, Post)
            else _("De schrijver heeft deze reactie zelf verwijderd.")
        )
    bring_back(thing, by, reason)


def turn_down(thing: Post | Comment, by: Account | None, reason: str) -> None:
    """Refuse a held text; who may was judged before, and the row is locked."""
    states.mark_refused(thing, by, reason)
    session().flush()
    told = PostRefused if isinstance(thing, Post) else CommentRefused
    emit(told(thing.id, _id_of(by), thing.state_reason or ""))


def take_away(thing: Post | Comment, by: Account | None, reason: str) -> None:
    """Hide a text that is shown; who may was judged before, and the row is locked."""
    count_out(thing)
    states.mark_removed(thing, by, reason)
    session().flush()
    told = PostRemoved if isinstance(thing, Post) else CommentRemoved
    emit(told(thing.id, _id_of(by), thing.state_reason or ""))


def bring_back(thing: Post | Comment, by: Account | None, reason: str = "") -> None:
    """Show a removed text again; who may was judged before, and the row is locked."""
    states.mark_restored(thing, by)
    add_to_count(thing)
    session().flush()
    told = PostRestored if isinstance(thing, Post) else CommentRestored
    emit(told(thing.id, _id_of(by), states.cleaned_reason(reason)))


def take_away_replies(thing: Post | Comment, by: Account | None, reason: str) -> None:
    """Hide all that answers a text, and what answers that; who may was judged before."""
    for answer in _list_beneath(thing):
        lock_row(answer)
        if answer.is_published:
            take_away(answer, by, reason)


def list_hidden_along(thing: Post | Comment) -> list[Comment]:
    """Return the answers beneath a hidden text that were hidden by the same, and not before it."""
    if thing.state != State.REMOVED or thing.state_at is None:
        return []
    return [
        answer
        for answer in _list_beneath(thing)
        if answer.state == State.REMOVED
        and answer.state_by_id == thing.state_by_id
        and answer.state_at is not None
        and answer.state_at >= thing.state_at
    ]


def _list_beneath(thing: Post | Comment) -> list[Comment]:
    """Return all answers beneath a text, at any depth."""
    if isinstance(thing, Post):
        wanted = select(Comment).where(Comment.post_id == thing.id)
        return list(session().scalars(wanted.order_by(Comment.id)))
    beneath = select(Comment.id).where(Comment.parent_id == thing.id).cte(recursive=True)
    deeper = select(Comment.id).join(beneath, Comment.parent_id == beneath.c.id)
    ids = select(beneath.union(deeper).c.id)
    return list(session().scalars(select(Comment).where(Comment.id.in_(ids)).order_by(Comment.id)))


def _id_of(by: Account | None) -> int | None:
    return None if by is None else by.id


def _has_its_place(comment: Comment) -> bool:
    """Whether what a comment answers can be read."""
    if not comment.post.is_published:
        return False
    if comment.parent_id is None:
        return True
    return not session().get_one(Comment, comment.parent_id).is_withheld
