"""Telling people, and remembering what they have seen."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, insert, select, update

from app.accounts.models.account import Account, AccountState
from app.core.clock import utcnow
from app.core.db import session
from app.forum.access import can_see_post
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.moderation.models.log_entry import LogEntry
from app.moderation.models.report import Report
from app.notifications.models import Notification, NotificationKind


@dataclass(frozen=True)
class Cause:
    """Why somebody is told: what happened, in which thread, by which text, and who did it.

    `report` is what was reported, `entry` what a moderator did to the person who is told.

    `by_id` is None where the team of moderators acted: they are not named (security.md A179).
    """

    kind: NotificationKind
    post: Post | None = None
    comment: Comment | None = None
    report: Report | None = None
    entry: LogEntry | None = None
    by_id: int | None = None
    community: Community | None = None


def tell(account_ids: Iterable[int], cause: Cause) -> None:
    """Tell each of these people, once per cause.

    Only people of this server who can sign in are told, never of what they did themselves, and
    never of what they may not read.
    """
    wanted = set(account_ids) - {cause.by_id}
    is_move = cause.kind == NotificationKind.MOVED
    if not wanted:
        return
    people = session().scalars(
        select(Account)
        .where(
            Account.id.in_(wanted),
            Account.host.is_(None),
            Account.user_id.is_not(None),
            Account.state == AccountState.ACTIVE,
            Account.id.not_in(_told_of_move(cause) if is_move else _told(cause)),
        )
        .order_by(Account.id)
    )
    told = [p for p in people.all() if cause.post is None or can_see_post(p, cause.post)]
    if told:  # past the mapper: this runs with every answer that comes in
        session().execute(insert(Notification), [_line(person, cause) for person in told])


def mark_all_read(account: Account) -> None:
    """Remember that somebody has seen everything."""
    _mark(Notification.account_id == account.id)


def mark_thread_read(account_id: int, post_id: int) -> None:
    """Remember that somebody has seen what was about one thread."""
    _mark(Notification.account_id == account_id, Notification.post_id == post_id)


def mark_report_read(report_id: int) -> None:
    """Tell nobody any more of a report that was dealt with."""
    _mark(Notification.report_id == report_id)


def forget_notifications(account_id: int) -> None:
    """Throw away what somebody was told who left."""
    session().execute(
        delete(Notification)
        .where(Notification.account_id == account_id)
        .execution_options(synchronize_session=False)
    )


def _told(cause: Cause) -> ColumnElement[bool]:
    """Return whom this was told before, as a subquery of account ids."""
    known = select(Notification.account_id)
    if cause.comment is not None:
        return known.where(Notification.comment_id == cause.comment.id).scalar_subquery()
    about = known.where(Notification.kind == cause.kind, Notification.comment_id.is_(None))
    if cause.entry is not None:
        return about.where(Notification.log_entry_id == cause.entry.id).scalar_subquery()
    if cause.report is not None:
        return about.where(Notification.report_id == cause.report.id).scalar_subquery()
    if cause.community is not None:
        return about.where(
            Notification.community_id == cause.community.id, Notification.read_at.is_(None)
        ).scalar_subquery()
    post_id = None if cause.post is None else cause.post.id
    return about.where(
        Notification.post_id == post_id, Notification.read_at.is_(None)
    ).scalar_subquery()


def _told_of_move(cause: Cause) -> ColumnElement[bool]:
    """Return who was told, and has not read yet, where somebody or a community went."""
    community_id = None if cause.community is None else cause.community.id
    told = select(Notification.account_id).where(
        Notification.kind == cause.kind, Notification.read_at.is_(None)
    )
    is_same = (Notification.by_id == cause.by_id) & (Notification.community_id == community_id)
    return told.where(is_same).scalar_subquery()


def _line(person: Account, cause: Cause) -> dict[str, object]:
    """Return the row that tells somebody; the model's defaults fill in the rest."""
    return {
        "account_id": person.id,
        "kind": cause.kind,
        "by_id": cause.by_id,
        "post_id": None if cause.post is None else cause.post.id,
        "comment_id": None if cause.comment is None else cause.comment.id,
        "report_id": None if cause.report is None else cause.report.id,
        "community_id": None if cause.community is None else cause.community.id,
        "log_entry_id": None if cause.entry is None else cause.entry.id,
    }


def _mark(*conditions: ColumnElement[bool]) -> None:
    session().execute(
        update(Notification)
        .where(Notification.read_at.is_(None), *conditions)
        .values(read_at=utcnow())
        .execution_options(synchronize_session=False)
    )
