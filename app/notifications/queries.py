"""What somebody should know."""

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.accounts.models.account import Account
from app.core.db import session
from app.core.pages import Page, PageRequest, keyset, make_page
from app.forum.access import readable_posts
from app.forum.models.post import Post
from app.notifications.models import Notification


def count_unread(account: Account) -> int:
    """Return how many notifications somebody has not seen."""
    statement = select(func.count(Notification.id)).where(
        Notification.account_id == account.id, Notification.read_at.is_(None)
    )
    return session().scalar(statement) or 0


def list_notifications(account: Account, wanted: PageRequest) -> Page[Notification]:
    """Return a page of somebody's notifications, newest first, of what he may still read."""
    statement = (
        select(Notification)
        .outerjoin(Post, Post.id == Notification.post_id)
        .where(Notification.account_id == account.id)
        .where(Notification.post_id.is_(None) | readable_posts(account))
        .options(
            joinedload(Notification.by),
            joinedload(Notification.post),
            joinedload(Notification.comment),
            joinedload(Notification.report),
        )
    )
    rows = session().scalars(keyset(statement, Notification.made_at, Notification.id, wanted))
    return make_page(list(rows), wanted)
