"""Telling people, and remembering what they have seen."""

from collections.abc import Iterable

from sqlalchemy import select, update

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session
from app.forum.models.comment import Comment
from app.notifications.models import Notification, NotificationKind


def notify_of_comment(account_ids: Iterable[int], kind: NotificationKind, comment: Comment) -> None:
    """Tell each of these local people about a comment, unless they wrote it or know it."""
    wanted = set(account_ids) - {comment.author_id}
    locals_only = select(Account.id).where(
        Account.id.in_(wanted), Account.host.is_(None), Account.user_id.is_not(None)
    )
    known = select(Notification.account_id).where(Notification.comment_id == comment.id)
    for account_id in session().scalars(locals_only.where(Account.id.not_in(known))):
        session().add(
            Notification(
                account_id=account_id,
                kind=kind,
                by_id=comment.author_id,
                post_id=comment.post_id,
                comment_id=comment.id,
            )
        )
    session().flush()


def mark_all_read(account: Account) -> None:
    """Remember that somebody has seen everything."""
    _mark(account, Notification.read_at.is_(None))


def mark_thread_read(account: Account, post_id: int) -> None:
    """Remember that somebody has seen what was about one thread."""
    _mark(account, Notification.post_id == post_id, Notification.read_at.is_(None))


def _mark(account: Account, *conditions: object) -> None:
    session().execute(
        update(Notification)
        .where(Notification.account_id == account.id, *conditions)  # type: ignore[arg-type]  # SQL conditions
        .values(read_at=utcnow())
        .execution_options(synchronize_session=False)
    )
