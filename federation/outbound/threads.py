"""Threads as peers walk them: what is answered, and the whole conversation by ids."""

from sqlalchemy import select

from app.core.db import session
from app.core.visibility import State
from app.forum.models.comment import Comment
from app.forum.models.post import Post


def find_parent(comment: Comment) -> Comment | None:
    """Return the comment that is answered; None when it is the post."""
    return session().get(Comment, comment.parent_id) if comment.parent_id is not None else None


def list_context(post: Post) -> tuple[str, ...]:
    """Return the ids of all published comments of a thread, oldest first (FEP-7888)."""
    statement = (
        select(Comment)
        .where(Comment.post_id == post.id, Comment.state == State.PUBLISHED)
        .order_by(Comment.sort_at, Comment.id)
    )
    return tuple(comment.uri for comment in session().scalars(statement))
