"""Threads as peers walk them: what is answered, and the whole conversation by ids."""

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.core.addresses import local_uri
from app.core.db import session
from app.core.visibility import Visibility
from app.forum.access import visible_comments, visible_posts
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post

MAX_FEATURED = 20


def thread_of(posted: Post | Comment) -> Post:
    """Return the post that starts the thread."""
    return posted.post if isinstance(posted, Comment) else posted


def is_open(post: Post) -> bool:
    """Whether a thread may leave this server: it and its community are for everybody."""
    return post.visibility == post.community.visibility == Visibility.PUBLIC


def find_parent(comment: Comment) -> Comment | None:
    """Return the comment that is answered; None when it is the post."""
    return session().get(Comment, comment.parent_id) if comment.parent_id is not None else None


def list_context(post: Post) -> tuple[str, ...]:
    """Return the ids of all published comments of a thread, oldest first (FEP-7888)."""
    return _uris(_comment_ids().where(Comment.post_id == post.id))


def list_replies(posted: Post | Comment) -> tuple[str, ...]:
    """Return the ids of the published direct answers, wherever they were written."""
    if isinstance(posted, Post):
        answers = _comment_ids().where(Comment.post_id == posted.id, Comment.parent_id.is_(None))
    else:
        answers = _comment_ids().where(Comment.parent_id == posted.id)
    return _uris(answers)


def list_featured(community: Community) -> list[Post]:
    """Return the pinned posts that anybody may read, newest first."""
    statement = (
        select(Post)
        .options(joinedload(Post.author), joinedload(Post.community))
        .where(visible_posts(None), Post.community_id == community.id, Post.is_pinned.is_(True))
        .order_by(Post.sort_at.desc(), Post.id.desc())
        .limit(MAX_FEATURED)
    )
    return list(session().scalars(statement))


def _comment_ids() -> Select[str | None, str]:
    return (
        select(Comment.remote_uri, Comment.public_id)
        .where(visible_comments(None))
        .order_by(Comment.sort_at, Comment.id)
    )


def _uris(statement: Select[str | None, str]) -> tuple[str, ...]:
    rows = session().execute(statement)
    return tuple(remote or local_uri(f"/comment/{public_id}") for remote, public_id in rows)
