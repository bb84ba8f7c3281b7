"""What moderators and the host gate ask."""

from collections.abc import Iterable

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, joinedload

from app.accounts.models.account import Account
from app.core.db import session
from app.core.foresight import UNFORESEEN, Foresight
from app.core.pages import Page, PageRequest, keyset, make_page
from app.core.settings import Federation, current_settings
from app.forum.access import (
    addressed_posts,
    readable_comments,
    readable_posts,
    visible_communities,
)
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.membership import MemberRole, Membership, MembershipState
from app.forum.models.post import Post
from app.moderation.models.host_rule import HostRule, HostVerdict
from app.moderation.models.log_entry import LogEntry
from app.moderation.models.report import Report, ReportState

MAX_REPORTS = 200
MAX_OWN = 20

# Made once: asked for every activity that comes in and every delivery that goes out.
_RULES = select(HostRule.host, HostRule.verdict).where(
    HostRule.host.in_(bindparam("names", expanding=True))
)


def _with_parents(host: str) -> list[str]:
    """Return `a.b.example` with the domains it lies under, ports and all kept for the exact one."""
    name = host.split(":")[0] if not host.startswith("[") else host
    labels = name.split(".")
    parents = [".".join(labels[i:]) for i in range(max(1, len(labels) - 1))]
    return [host, *parents]


_REFUSED: Foresight[str, bool] = Foresight("hosts refused", HostRule)


def is_host_refused(host: str) -> bool:
    """Whether nothing may be exchanged with `host` (netloc, lower case): rules cover subdomains."""
    known = _REFUSED.find(host)
    return bool(find_refused_hosts([host])) if known is UNFORESEEN else known


def foresee_refused_hosts(hosts: Iterable[str]) -> None:
    """Ask ahead which of these hosts are refused (app/core/foresight.py)."""
    asked = set(hosts)
    refused = find_refused_hosts(asked)
    _REFUSED.note({host: host in refused for host in asked})


def find_refused_hosts(hosts: Iterable[str]) -> set[str]:
    """Return those of `hosts` with which nothing may be exchanged, in one statement."""
    mode = current_settings().federation
    if mode == Federation.OFF:
        return set(hosts)
    covering = {host: _with_parents(host) for host in hosts}
    named = {name for names in covering.values() for name in names}
    found = session().execute(_RULES, {"names": sorted(named)})
    rules = {host: verdict for host, verdict in found}  # noqa: C416  rows are not typed as pairs
    return {host for host, names in covering.items() if _is_refused(mode, rules, names)}


def exchanged_hosts(host: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Condition on a column of hosts: something may be exchanged with it, as `is_host_refused`."""
    mode = current_settings().federation
    if mode == Federation.OFF:
        return false()
    refused = _ruled(host, HostVerdict.BLOCKED)
    if mode == Federation.ALLOWLIST:
        return and_(~refused, _ruled(host, HostVerdict.ALLOWED))
    return ~refused


def _ruled(host: InstrumentedAttribute[str], verdict: HostVerdict) -> ColumnElement[bool]:
    """Condition: there is such a rule for the host, without its port, or a domain above it."""
    rule = func.replace(HostRule.host, "_", "\\_", type_=Text)  # LIKE reads it as any sign
    is_named = or_(
        HostRule.host == host,
        host.like(rule + ":%", escape="\\"),
        host.like("%." + rule, escape="\\"),
        host.like("%." + rule + ":%", escape="\\"),
    )
    return exists().where(HostRule.verdict == verdict, is_named)


def _is_refused(mode: Federation, rules: dict[str, HostVerdict], names: list[str]) -> bool:
    verdicts = {rules[name] for name in names if name in rules}
    if HostVerdict.BLOCKED in verdicts:
        return True
    return mode == Federation.ALLOWLIST and HostVerdict.ALLOWED not in verdicts


def list_host_rules() -> list[HostRule]:
    """Return all rules, by host."""
    return list(session().scalars(select(HostRule).order_by(HostRule.host)))


def find_report(public_id: str) -> Report | None:
    """Return a report by its public id."""
    return session().scalar(select(Report).where(Report.public_id == public_id))


def find_report_by_uri(uri: str) -> Report | None:
    """Return the report that came as the Flag with this id."""
    return session().scalar(select(Report).where(Report.remote_uri == uri))


def list_moderated_ids(moderator: Account) -> list[int]:
    """Return the ids of the communities this account moderates."""
    return list(
        session().scalars(
            select(Membership.community_id).where(
                Membership.account_id == moderator.id,
                Membership.state == MembershipState.APPROVED,
                Membership.role.in_((MemberRole.MODERATOR, MemberRole.OWNER)),
            )
        )
    )


def list_open_reports(community_ids: list[int] | None) -> list[Report]:
    """Return the reports that wait, oldest first; None: of all communities."""
    statement = (
        _with_subjects(select(Report))
        .where(Report.state == ReportState.OPEN)
        .order_by(Report.id)
        .limit(MAX_REPORTS)
    )
    if community_ids is not None:
        statement = statement.where(Report.community_id.in_(community_ids))
    return list(session().scalars(statement))


def list_closed_reports(community_ids: list[int] | None) -> list[Report]:
    """Return the reports that were dealt with, the latest first; None: of all communities."""
    statement = (
        _with_subjects(select(Report))
        .options(joinedload(Report.resolved_by))
        .where(Report.state == ReportState.RESOLVED)
        .order_by(Report.resolved_at.desc(), Report.id.desc())
        .limit(MAX_REPORTS)
    )
    if community_ids is not None:
        statement = statement.where(Report.community_id.in_(community_ids))
    return list(session().scalars(statement))


def list_own_reports(reporter: Account) -> list[Report]:
    """Return what somebody reported, the latest first, of what they may still read."""
    statement = (
        _with_subjects(select(Report))
        .outerjoin(Post, Post.id == Report.post_id)
        .outerjoin(Comment, Comment.id == Report.comment_id)
        .where(
            Report.reporter_id == reporter.id,
            or_(Report.post_id.is_(None), readable_posts(reporter)),
            or_(Report.comment_id.is_(None), readable_comments(reporter)),
        )
        .order_by(Report.id.desc())
        .limit(MAX_OWN)
    )
    return list(session().scalars(statement))


def _with_subjects(statement: Select[Report]) -> Select[Report]:
    return statement.options(
        joinedload(Report.reporter),
        joinedload(Report.account),
        joinedload(Report.community),
        joinedload(Report.about_community),
        joinedload(Report.post).joinedload(Post.author),
        joinedload(Report.comment).joinedload(Comment.author),
        joinedload(Report.comment).joinedload(Comment.post),
    )


def count_open_reports(community_ids: list[int] | None) -> int:
    """Return how many reports wait."""
    statement = select(func.count()).where(Report.state == ReportState.OPEN)
    if community_ids is not None:
        statement = statement.where(Report.community_id.in_(community_ids))
    return session().scalar(statement) or 0


def list_log(
    wanted: PageRequest, viewer: Account | None, community: Community | None = None
) -> Page[LogEntry]:
    """Return a page of the log, newest first, of what `viewer` may know.

    An act on a text for few is for the same few, in a community for few as in one for all.
    """
    statement = (
        select(LogEntry)
        .outerjoin(Community, Community.id == LogEntry.community_id)
        .outerjoin(Post, Post.id == LogEntry.post_id)
        .where(or_(LogEntry.community_id.is_(None), visible_communities(viewer)))
        .where(or_(LogEntry.post_id.is_(None), addressed_posts(viewer)))
        .options(contains_eager(LogEntry.community), joinedload(LogEntry.account))
    )
    if community is not None:
        statement = statement.where(LogEntry.community_id == community.id)
    rows = session().scalars(keyset(statement, LogEntry.at, LogEntry.id, wanted))
    return make_page(list(rows), wanted)
