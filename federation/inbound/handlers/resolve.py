"""A moderator elsewhere dealt with a report, theirs or one that we sent (Lemmy)."""

from sqlalchemy import select

from app.accounts.queries import find_account_by_uri
from app.core.addresses import local_path
from app.core.db import session
from app.forum.models.post import Post
from app.moderation.models.report import Report, ReportState
from app.moderation.queries import find_report, find_report_by_uri
from app.moderation.services import reports
from federation.errors import RefusedError
from federation.inbound.authority import NOT_A_MODERATOR, moderating
from federation.inbound.context import IgnoredError, InboxContext
from federation.inbound.subjects import find_posted
from federation.vocab.activities import ActivityDocument

FLAG_PATH = "/activities/flag/"


def resolve(context: InboxContext, activity: ActivityDocument) -> None:
    """Close the report, for a moderator of the group in which the text stands, or that group."""
    report = _find_report(activity)
    if report is None:
        raise IgnoredError("no-such-report")
    if report.state != ReportState.OPEN:
        raise IgnoredError("resolved-already")
    if report.community is None:
        raise RefusedError(NOT_A_MODERATOR)
    text = report.target
    about = "" if text is None else text.uri
    with moderating(context, activity, report.community, about) as moderator:
        reports.resolve_report(report, moderator, activity.summary or activity.content or "")


def _find_report(activity: ActivityDocument) -> Report | None:
    """Return what the Flag made: by its id, else by who reported what.

    Lemmy embeds a Flag with an id that it has just made.
    """
    flag = activity.object
    uri = activity.object_uri
    found = None if uri is None else _find_by_uri(uri)
    if found is not None or not isinstance(flag, ActivityDocument):
        return found
    reporter = find_account_by_uri(flag.actor)
    named = [thing if isinstance(thing, str) else thing.uri for thing in flag.objects]
    text = next((text for uri in named if (text := find_posted(uri))), None)
    if reporter is None or text is None:
        return None
    column = Report.post_id if isinstance(text, Post) else Report.comment_id
    return session().scalar(
        select(Report)
        .where(Report.reporter_id == reporter.id, column == text.id)
        .order_by((Report.state == ReportState.OPEN).desc(), Report.id.desc())
        .limit(1)
    )


def _find_by_uri(uri: str) -> Report | None:
    path = local_path(uri)
    if path is None:
        return find_report_by_uri(uri)
    return find_report(path.removeprefix(FLAG_PATH)) if path.startswith(FLAG_PATH) else None
