"""What somebody should know."""

from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from app.accounts.models.account import Account
from app.core.db import session
from app.core.pages import Page, PageRequest, keyset, make_page
from app.core.visibility import State
from app.forum.access import readable_posts, visible_posts
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.moderation.models.log_entry import LogEntry
from app.notifications.models import Notification, NotificationKind

S = TypeVar("S")
TEXTS = (
    NotificationKind.ANSWER,
    NotificationKind.MENTION,
    NotificationKind.APPROVED,
    NotificationKind.TURNED_DOWN,
)


def count_unread(account: Account) -> int:
    """Return how many notifications somebody has not seen, of those that are listed."""
    statement = _of(select(func.count(Notification.id)), account)
    return session().scalar(statement.where(Notification.read_at.is_(None))) or 0


def list_notifications(account: Account, wanted: PageRequest) -> Page[Notification]:
    """Return a page of somebody's notifications, newest first, of what may still be read."""
    statement = _of(select(Notification), account).options(
        joinedload(Notification.by),
        joinedload(Notification.post),
        joinedload(Notification.comment),
        joinedload(Notification.report),
        joinedload(Notification.community),
        joinedload(Notification.log_entry).joinedload(LogEntry.community),
        joinedload(Notification.log_entry).joinedload(LogEntry.post),
        joinedload(Notification.log_entry).joinedload(LogEntry.comment),
    )
    rows = session().scalars(keyset(statement, Notification.made_at, Notification.id, wanted))
    return make_page(list(rows), wanted)


def list_all(account: Account) -> list[Notification]:
    """Return all that somebody was told and may still read, oldest first."""
    statement = _of(select(Notification), account).options(
        joinedload(Notification.post), joinedload(Notification.comment)
    )
    return list(session().scalars(statement.order_by(Notification.id)))


def _of(statement: Select[S], account: Account) -> Select[S]:
    """Limit a statement to what `account` was told and may still know of.

    A text that was taken away is no longer announced, nor is one in a thread that was. What waits
    for moderators is listed as long as it waits.
    """
    return (
        statement.outerjoin(Post, Post.id == Notification.post_id)
        .outerjoin(Comment, Comment.id == Notification.comment_id)
        .where(Notification.account_id == account.id, _is_there(account))
    )


def _is_there(account: Account) -> ColumnElement[bool]:
    published = and_(
        Notification.kind.in_(TEXTS),
        visible_posts(account),
        or_(Notification.comment_id.is_(None), Comment.state == State.PUBLISHED),
    )
    waiting = and_(
        Notification.kind == NotificationKind.HELD,
        readable_posts(account),
        or_(Post.state == State.HELD, and_(Post.state == State.PUBLISHED, _has_held_comment())),
    )
    refused = and_(
        Notification.kind == NotificationKind.REFUSED,
        readable_posts(account),
        or_(
            and_(Notification.comment_id.is_(None), Post.state == State.REFUSED),
            and_(Comment.state == State.REFUSED, Post.state == State.PUBLISHED),
        ),
    )
    return or_(Notification.post_id.is_(None), published, waiting, refused)


def _has_held_comment() -> ColumnElement[bool]:
    held = aliased(Comment)
    return (
        select(held.id)
        .where(held.post_id == Notification.post_id, held.state == State.HELD)
        .exists()
    )
