"""What NodeInfo and `/api/v3/site` tell about this server: numbers and administrators."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from app.accounts.models.account import Account, AccountState
from app.accounts.models.credential import ADMIN_ROLE, Role, User
from app.core.clock import utcnow
from app.core.db import session
from app.core.visibility import State
from app.forum.access import visible_comments, visible_posts
from app.forum.models.comment import Comment
from app.forum.models.post import Post

MONTH = timedelta(days=30)
HALF_YEAR = timedelta(days=180)


@dataclass(frozen=True)
class Usage:
    """Our own people and texts only; what came from elsewhere is counted there."""

    people: int
    active_in_month: int
    active_in_half_year: int
    posts: int
    comments: int


def list_admins() -> list[Account]:
    """Return who runs this server."""
    statement = (
        select(Account)
        .join(User, User.id == Account.user_id)
        .where(User.roles.any(Role.name == ADMIN_ROLE), Account.state == AccountState.ACTIVE)
        .order_by(Account.id)
    )
    return list(session().scalars(statement))


def count_usage() -> Usage:
    """Count people, the active among them, and what they wrote in the open."""
    return Usage(
        people=_count_people(),
        active_in_month=_count_writers(MONTH),
        active_in_half_year=_count_writers(HALF_YEAR),
        posts=_count(Post.id, Post.remote_uri.is_(None) & visible_posts(None)),
        comments=_count(Comment.id, Comment.remote_uri.is_(None) & visible_comments(None)),
    )


def _count(column: object, condition: object) -> int:
    statement = select(func.count(column)).where(condition)  # type: ignore[arg-type]  # any column
    return session().scalar(statement) or 0


def _count_people() -> int:
    ours = Account.host.is_(None) & (Account.state == AccountState.ACTIVE)
    return _count(Account.id, ours & Account.user_id.is_not(None))


def _count_writers(within: timedelta) -> int:
    """Count our people who posted or answered since then."""
    since = utcnow() - within
    posted = select(Post.author_id).where(Post.sort_at > since, Post.state == State.PUBLISHED)
    answered = select(Comment.author_id).where(
        Comment.sort_at > since, Comment.state == State.PUBLISHED
    )
    ours = Account.host.is_(None) & (Account.state == AccountState.ACTIVE)
    return _count(Account.id, ours & (Account.id.in_(posted) | Account.id.in_(answered)))
