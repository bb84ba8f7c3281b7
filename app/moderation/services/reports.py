"""Reports: asking the moderators to look, and dealing with what was asked."""

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session
from app.core.errors import ConflictError, InvalidInputError, NotAllowedError
from app.core.events import emit
from app.core.html import clean_text
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.policy import can_moderate
from app.forum.queries.standings import get_standing
from app.moderation.events import ReportMade, ReportResolved
from app.moderation.models.report import Report, ReportState

MAX_REASON = 2000


def make_report(reporter: Account, target: Post | Comment, reason: str) -> Report:
    """Ask the moderators to look at `target`; asked twice by the same person it is one report.

    Raises InvalidInputError (`reason`) when no reason is given.
    """
    text = clean_text(reason, max_length=MAX_REASON)
    if not text:
        raise InvalidInputError("reason", _("Schrijf waarom je dit meldt."))
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
    thread = target.post if isinstance(target, Comment) else target
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


def resolve_report(report: Report, by: Account, outcome: str) -> None:
    """Say that `by` has dealt with a report, and how.

    Raises NotAllowedError for who does not moderate there, ConflictError when it was dealt with.
    """
    if not can_moderate(get_standing(by, report.community)):
        raise NotAllowedError(_("Alleen moderators van deze groep kunnen dit afhandelen."))
    if report.state != ReportState.OPEN:
        raise ConflictError(_("Deze melding is al afgehandeld."))
    report.state = ReportState.RESOLVED
    report.outcome = clean_text(outcome, max_length=MAX_REASON)
    report.resolved_at = utcnow()
    report.resolved_by_id = by.id
    emit(ReportResolved(report.id, by.id))
