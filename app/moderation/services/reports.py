"""Reports: asking the moderators to look, and dealing with what was asked."""

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.models.account import Account
from app.accounts.queries import list_admin_ids
from app.core.clock import utcnow
from app.core.db import session
from app.core.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from app.core.events import emit
from app.core.html import clean_text
from app.forum.access import can_see_comment, can_see_post
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.policy import can_moderate
from app.forum.queries.standings import get_standing
from app.forum.services.locking import lock_row
from app.moderation.events import ReportMade, ReportResolved
from app.moderation.models.report import Report, ReportState

MAX_REASON = 2100  # what somebody writes, after the kind of trouble that was chosen
MAX_OUTCOME = 500


def make_report(reporter: Account, target: Post | Comment, reason: str) -> Report:
    """Ask the moderators to look at `target`; asked twice by the same person it is one report.

    Raises InvalidInputError (`reason`) when no reason is given, ConflictError for what is gone and
    NotFoundError for what the reporter may not read: the answer tells nothing of it.
    """
    text = clean_text(reason, max_length=MAX_REASON)
    if not text:
        raise InvalidInputError("reason", _("Schrijf waarom je dit meldt."))
    thread = target.post if isinstance(target, Comment) else target
    if not _can_read(reporter, target):
        raise NotFoundError(_("Dit bericht bestaat niet."))
    if not target.is_published or not thread.is_published:
        raise ConflictError(_("Dit bericht is weggehaald."))
    lock_row(target)
    known = session().scalar(
        select(Report).where(
            Report.reporter_id == reporter.id,
            Report.state == ReportState.OPEN,
            Report.post_id == (target.id if isinstance(target, Post) else None),
            Report.comment_id == (target.id if isinstance(target, Comment) else None),
        )
    )
    if known is not None:
        return known
    report = Report(
        reporter_id=reporter.id,
        community_id=thread.community_id,
        post_id=target.id if isinstance(target, Post) else None,
        comment_id=target.id if isinstance(target, Comment) else None,
        reason=text,
    )
    session().add(report)
    session().flush()
    emit(ReportMade(report.id))
    return report


def _can_read(reporter: Account, target: Post | Comment) -> bool:
    if isinstance(target, Comment):
        return can_see_comment(reporter, target)
    return can_see_post(reporter, target)


def resolve_report(report: Report, by: Account, outcome: str) -> None:
    """Say that `by` has dealt with a report, and how.

    Raises NotAllowedError for who does not moderate there, ConflictError when it was dealt with,
    InvalidInputError (`outcome`) when nothing is said.
    """
    if not _may_resolve(by, report):
        raise NotAllowedError(_("Alleen moderators van deze groep kunnen dit afhandelen."))
    session().refresh(report, ["state"], with_for_update=True)
    if report.state != ReportState.OPEN:
        raise ConflictError(_("Deze melding is al afgehandeld."))
    report.state = ReportState.RESOLVED
    report.outcome = _checked_outcome(outcome)
    report.resolved_at = utcnow()
    report.resolved_by_id = by.id
    session().flush()
    emit(ReportResolved(report.id, by.id))


def _may_resolve(by: Account, report: Report) -> bool:
    """Moderators deal with what is in their community, administrators with what is in none."""
    if report.community is None:
        return by.id in list_admin_ids()
    return can_moderate(get_standing(by, report.community))


def _checked_outcome(outcome: str) -> str:
    text = clean_text(outcome, max_length=MAX_OUTCOME)
    if not text:
        raise InvalidInputError("outcome", _("Schrijf kort wat je hebt gedaan."))
    return text
