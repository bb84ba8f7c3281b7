"""Reports: asking the moderators to look, and dealing with what was asked."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, select

from app.accounts.models.account import Account, AccountState
from app.core.clock import utcnow
from app.core.db import session
from app.core.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from app.core.events import emit
from app.core.html import clean_text
from app.forum import policy
from app.forum.access import can_see_comment, can_see_community, can_see_post
from app.forum.models.ban import Ban
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.queries.standings import get_standing
from app.forum.services.locking import lock_row
from app.moderation.events import ReportMade, ReportResolved
from app.moderation.models.report import Report, ReportState
from app.moderation.queries import find_report_by_uri

MAX_REASON = 2100  # what somebody writes, after the kind of trouble that was chosen
MAX_OUTCOME = 500


@dataclass(frozen=True)
class Source:
    """Where a report was made: the id of the Flag, and the server when it hides who complained.

    `tells_home`: made here, it may also go to the server where the author lives.
    """

    uri: str | None = None
    host: str | None = None
    tells_home: bool = True


HERE = Source()


def make_report(
    reporter: Account | None, target: Post | Comment, reason: str, source: Source = HERE
) -> Report:
    """Ask the moderators to look at `target`; asked twice by the same person it is one report.

    Without a `reporter` the server in `source` asks. Raises InvalidInputError (`reason`) when no
    reason is given, ConflictError for what is gone and NotFoundError for what the reporter may not
    read: the answer tells nothing of it.
    """
    thread = target.post if isinstance(target, Comment) else target
    if not _can_read(reporter, target):
        raise NotFoundError(_("Dit bericht bestaat niet."))
    if not target.is_published or not thread.is_published:
        raise ConflictError(_("Dit bericht is weggehaald."))
    lock_row(target)
    report = Report(
        account_id=target.author_id,
        community_id=thread.community_id,
        post_id=target.id if isinstance(target, Post) else None,
        comment_id=target.id if isinstance(target, Comment) else None,
        reason=reason,
    )
    return _file(report, reporter, source)


def report_person(
    reporter: Account | None,
    account: Account,
    community: Community | None,
    reason: str,
    source: Source = HERE,
) -> Report:
    """Ask the moderators of `community`, or the administrators, to look at what somebody does.

    Once per reporter as long as it is open. Raises InvalidInputError (`reason`), NotFoundError for
    who is gone and for a community the reporter may not know, ConflictError for oneself.
    """
    is_hidden = community is not None and not can_see_community(reporter, community)
    if is_hidden or account.state == AccountState.DELETED:
        raise NotFoundError(_("Deze persoon bestaat niet."))
    if reporter is not None and reporter.id == account.id:
        raise ConflictError(_("Jezelf kun je niet melden."))
    lock_row(account)
    place = None if community is None else community.id
    report = Report(account_id=account.id, community_id=place, reason=reason)
    return _file(report, reporter, source)


def report_community(
    reporter: Account | None, community: Community, reason: str, source: Source = HERE
) -> Report:
    """Ask the administrators to look at a whole community; its moderators have no say in that.

    Once per reporter as long as it is open. Raises InvalidInputError (`reason`), NotFoundError for
    one that the reporter may not know.
    """
    if not can_see_community(reporter, community):
        raise NotFoundError(_("Deze groep bestaat niet."))
    lock_row(community)
    return _file(Report(about_community_id=community.id, reason=reason), reporter, source)


def resolve_report(report: Report, by: Account | None, outcome: str) -> None:
    """Say that `by` has dealt with a report, and how; `by` is None where its server says so.

    Raises NotAllowedError for who does not moderate there, ConflictError when it was dealt with,
    InvalidInputError (`outcome`) when one of our people says nothing.
    """
    if by is not None and not _may_resolve(by, report):
        raise NotAllowedError(_("Alleen moderators van deze groep kunnen dit afhandelen."))
    session().refresh(report, ["state"], with_for_update=True)
    if report.state != ReportState.OPEN:
        raise ConflictError(_("Deze melding is al afgehandeld."))
    report.outcome = _checked_outcome(outcome, by)
    _close(report, None if by is None else by.id)


def close_reports_about(target: Post | Comment, by_id: int | None, outcome: str) -> None:
    """Close what is asked about a text that was just dealt with, whoever did it.

    Whether they may was judged where they did it.
    """
    is_post = isinstance(target, Post)
    about = Report.post_id == target.id if is_post else Report.comment_id == target.id
    _close_all(about, by_id, outcome)


def close_reports_on(ban: Ban, outcome: str) -> None:
    """Close what is asked about a person, not a text, who was just banned from that place."""
    place = Report.community_id == ban.community_id
    about = and_(Report.post_id.is_(None), Report.comment_id.is_(None), place)
    _close_all(and_(about, Report.account_id == ban.account_id), ban.by_id, outcome)


def _close_all(condition: ColumnElement[bool], by_id: int | None, outcome: str) -> None:
    waiting = select(Report).where(Report.state == ReportState.OPEN, condition)
    text = clean_text(outcome, max_length=MAX_OUTCOME)
    for report in session().scalars(waiting.order_by(Report.id).with_for_update()).all():
        report.outcome = text
        _close(report, by_id)


def _file(report: Report, reporter: Account | None, source: Source) -> Report:
    """Keep a report, unless the same was asked before and waits still."""
    if source.uri is not None:
        known = find_report_by_uri(source.uri)
        if known is not None:
            return known
    report.reason = _checked_reason(report.reason, source)
    report.reporter_id = None if reporter is None else reporter.id
    report.reporter_host = source.host if reporter is None else reporter.host
    report.remote_uri = source.uri
    again = select(Report).where(
        Report.state == ReportState.OPEN, _about_same(report), _from_same(report)
    )
    known = session().scalar(again.limit(1))
    if known is not None:
        return known
    session().add(report)
    session().flush()
    emit(ReportMade(report.id, tells_home=source.tells_home))
    return report


def _about_same(report: Report) -> ColumnElement[bool]:
    """Condition: about the same text, or about the same person in the same place."""
    text = and_(Report.post_id == report.post_id, Report.comment_id == report.comment_id)
    if report.post_id is not None or report.comment_id is not None:
        return text
    place = Report.community_id == report.community_id
    whom = Report.account_id == report.account_id
    return and_(text, place, whom, Report.about_community_id == report.about_community_id)


def _from_same(report: Report) -> ColumnElement[bool]:
    if report.reporter_id is not None:
        return Report.reporter_id == report.reporter_id
    return and_(Report.reporter_id.is_(None), Report.reporter_host == report.reporter_host)


def _close(report: Report, by_id: int | None) -> None:
    report.state = ReportState.RESOLVED
    report.resolved_at = utcnow()
    report.resolved_by_id = by_id
    session().flush()
    emit(ReportResolved(report.id, by_id))


def _can_read(reporter: Account | None, target: Post | Comment) -> bool:
    if isinstance(target, Comment):
        return can_see_comment(reporter, target)
    return can_see_post(reporter, target)


def _may_resolve(by: Account, report: Report) -> bool:
    """Moderators deal with what is in their community, administrators with what is in none."""
    who = get_standing(by, report.community)
    return policy.can_moderate(who)


def _checked_reason(reason: str, source: Source) -> str:
    """Return the reason cleaned; only other servers need not give any."""
    text = clean_text(reason, max_length=MAX_REASON)
    if not text and source.uri is None:
        raise InvalidInputError("reason", _("Schrijf waarom je dit meldt."))
    return text


def _checked_outcome(outcome: str, by: Account | None) -> str:
    text = clean_text(outcome, max_length=MAX_OUTCOME)
    if text:
        return text
    if by is None or not by.is_local:
        return str(_("Afgehandeld op een andere server."))
    raise InvalidInputError("outcome", _("Schrijf kort wat je hebt gedaan."))
