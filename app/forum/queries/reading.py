"""What a reader has seen, voted for, and not yet seen."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.models.read_mark import ReadMark
from app.forum.models.vote import Vote

NEW_FOR = timedelta(days=14)
# Made once: asked for every vote that comes in.
_CAST = select(Vote).where(Vote.account_id == bindparam("voter"))
_ON_POST = _CAST.where(Vote.post_id == bindparam("target"))
_ON_COMMENT = _CAST.where(Vote.comment_id == bindparam("target"))


def list_unread_ids(viewer: Account | None, posts: list[Post]) -> set[int]:
    """Return the ids of those `posts` that have something new for `viewer`, in one query.

    New is a thread with answers since the last visit, or one that was never opened and came in
    the last two weeks, after the viewer's own arrival.
    """
    if viewer is None or not posts:
        return set()
    statement = select(ReadMark.post_id, ReadMark.comment_count).where(
        ReadMark.account_id == viewer.id, ReadMark.post_id.in_([post.id for post in posts])
    )
    counts = {row.post_id: row.comment_count for row in session().execute(statement)}
    since = max(utcnow() - NEW_FOR, viewer.created_at)
    return {post.id for post in posts if _is_unread(post, viewer, counts.get(post.id), since)}


def _is_unread(post: Post, viewer: Account, count: int | None, since: datetime) -> bool:
    if count is not None:
        return post.comment_count > count
    return post.received_at > since and post.author_id != viewer.id


def find_vote(account: Account, target: Post | Comment) -> Vote | None:
    """Return the vote of `account` on `target`, or None."""
    statement = _ON_POST if isinstance(target, Post) else _ON_COMMENT
    return session().scalar(statement, {"voter": account.id, "target": target.id})
