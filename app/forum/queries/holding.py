"""What waits for a moderator, and who is new somewhere."""

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import joinedload

from app.accounts.models.account import Account
from app.core.db import session
from app.core.visibility import State
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post

MAX_SHOWN = 200
AROUND = (State.PUBLISHED, State.HELD)


def is_newcomer(account: Account, community: Community) -> bool:
    """Whether nothing that `account` wrote in `community` is there for all to read."""
    posted = select(Post.id).where(
        Post.author_id == account.id,
        Post.community_id == community.id,
        Post.state == State.PUBLISHED,
    )
    answered = (
        select(Comment.id)
        .join(Comment.post)
        .where(
            Comment.author_id == account.id,
            Post.community_id == community.id,
            Comment.state == State.PUBLISHED,
        )
    )
    known = session().scalar(select(or_(posted.exists(), answered.exists())))
    return not known


def list_held(community_ids: list[int] | None) -> list[Post | Comment]:
    """Return what waits in these communities (None: in all), the oldest first.

    Answers in a thread that was refused or taken away wait for that thread, and are left out.
    """
    posts = session().scalars(
        select(Post)
        .options(joinedload(Post.author), joinedload(Post.community))
        .where(Post.state == State.HELD, _in(community_ids))
        .order_by(Post.id)
        .limit(MAX_SHOWN)
    )
    comments = session().scalars(
        select(Comment)
        .join(Comment.post)
        .options(joinedload(Comment.author), joinedload(Comment.post).joinedload(Post.community))
        .where(Comment.state == State.HELD, Post.state.in_(AROUND), _in(community_ids))
        .order_by(Comment.id)
        .limit(MAX_SHOWN)
    )
    waiting: list[Post | Comment] = [*posts, *comments]
    return sorted(waiting, key=lambda thing: thing.received_at)[:MAX_SHOWN]


def count_held(community_ids: list[int] | None) -> int:
    """Return how much waits in these communities (None: in all)."""
    posts = select(func.count(Post.id)).where(Post.state == State.HELD, _in(community_ids))
    comments = (
        select(func.count(Comment.id))
        .join(Comment.post)
        .where(Comment.state == State.HELD, Post.state.in_(AROUND), _in(community_ids))
    )
    return session().scalar(select(posts.scalar_subquery() + comments.scalar_subquery())) or 0


def _in(community_ids: list[int] | None) -> ColumnElement[bool]:
    return true() if community_ids is None else Post.community_id.in_(community_ids)
