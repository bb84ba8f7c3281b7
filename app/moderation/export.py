"""What somebody did as a moderator and reported, for the file with everything about a person."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.models.account import Account
from app.core.db import session
from app.forum.access import can_see_comment, can_see_post
from app.forum.models.comment import Comment
from app.moderation.models.log_entry import LogEntry
from app.moderation.models.report import Report


def list_acts(account: Account) -> list[dict[str, object]]:
    """Return what `account` did that stands in the log, oldest first."""
    rows = session().scalars(
        select(LogEntry)
        .options(joinedload(LogEntry.community))
        .where(LogEntry.actor_id == account.id)
        .order_by(LogEntry.id)
    )
    return [
        {
            "wat": row.action,
            "groep": None if row.community is None else row.community.handle,
            "server": row.host,
            "reden": row.reason,
            "wanneer": row.at,
        }
        for row in rows
    ]


def list_reports(account: Account) -> list[dict[str, object]]:
    """Return what `account` reported, oldest first; of what may no longer be read no address."""
    rows = session().scalars(
        select(Report)
        .options(joinedload(Report.post), joinedload(Report.comment))
        .where(Report.reporter_id == account.id)
        .order_by(Report.id)
    )
    return [
        {
            "adres": _address(account, row),
            "reden": row.reason,
            "gemeld": row.made_at,
            "stand": str(row.state),
        }
        for row in rows
    ]


def _address(account: Account, report: Report) -> str | None:
    """Return the id of what was reported, None for what may no longer be read."""
    target = report.target
    if target is None:
        subject = report.account or report.about_community
        return None if subject is None else subject.uri
    if isinstance(target, Comment):
        return target.uri if can_see_comment(account, target) else None
    return target.uri if can_see_post(account, target) else None
