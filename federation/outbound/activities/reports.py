"""Flag, Resolve and Warn: between a few people, never to followers (federation.md section 3.9).

Forum servers and PeerTube hear who reports, as their moderators may ask. Microblogs hear it from
this server itself, without a name.
"""

from dataclasses import replace
from typing import Final

from app.accounts.models.account import Account
from app.core.addresses import local_uri
from app.core.clock import utcnow
from app.core.db import session
from app.core.visibility import Visibility
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.queries.communities import list_moderators
from app.moderation.events import PersonWarned, ReportMade, ReportResolved
from app.moderation.models.report import Report
from federation.models.delivery import DeliveryDialect
from federation.models.outbox_activity import Lane, OutboxActivity
from federation.outbound.audience import Audience, home_of, own_inbox, people_by_uri
from federation.outbound.fanout import Publication, new_activity_uri, publish
from federation.outbound.known import PEERTUBE, at_forums, running, without
from federation.outbound.outbox import find_sent
from federation.outbound.provenance import find_received_body, received_bytes
from federation.outbound.threads import is_open, thread_of
from federation.provenance import PART
from federation.vocab.outgoing import Activity, Content
from federation.vocab.terms import PUBLIC

FORUMS: Final = DeliveryDialect.FORUMS
MICROBLOGS: Final = DeliveryDialect.MICROBLOGS


def make_report(event: ReportMade) -> None:
    """Tell the group's home and (if the reporter wants) the author's; and moderators elsewhere.

    What somebody elsewhere reported is only passed on to the moderators of our community.
    """
    report = session().get_one(Report, event.report_id)
    if not _may_leave(report):
        return
    if report.reporter is None or not report.reporter.is_local:
        is_first = PART not in (report.remote_uri or "")
        _tell_moderators(report, received_bytes("Flag") if is_first else None)
        return
    homes = _homes(report, tells_author=event.tells_home)
    if homes or _moderators(report).inboxes:
        to_all = [running(home, PEERTUBE) for home in homes]
        flag = _flag(report, report.reporter)
        row = _publish(report, report.reporter, flag, *to_all, *_for(homes, FORUMS))
        _tell_moderators(report, row.body)
    unnamed = [without(home, running(home, PEERTUBE)) for home in _for(homes, MICROBLOGS)]
    if any(home.inboxes for home in unnamed):
        _publish(report, None, _flag(report, None), *unnamed)


def resolve_report(event: ReportResolved) -> None:
    """Tell where the report came from, or went to, that somebody dealt with it."""
    report = session().get_one(Report, event.report_id)
    by = None if event.by_id is None else session().get_one(Account, event.by_id)
    community, flag = report.community, _flag_as_told(report)
    if by is None or community is None or flag is None or not _may_leave(report):
        return
    if not by.is_local:
        _tell_moderators(report, received_bytes("Resolve"))
        return
    askers = _for(_askers(report, by), FORUMS)
    if not any(one.inboxes for one in (*askers, _moderators(report))):
        return
    resolve = Activity(
        type="Resolve",
        uri=new_activity_uri("Resolve"),
        actor=by.uri,
        object=flag,
        to=(community.uri,),
        audience=community.uri,
        summary=report.outcome,
    )
    row = _publish(report, by, resolve, *askers)
    _tell_moderators(report, row.body)


def warn_person(event: PersonWarned) -> None:
    """Tell somebody elsewhere what our moderator has to say about a text."""
    by = None if event.by_id is None else session().get_one(Account, event.by_id)
    text = _text(event.post_id, event.comment_id)
    person = session().get_one(Account, event.account_id)
    if by is None or not by.is_local or text is None or person.is_local:
        return
    thread = thread_of(text)
    if not is_open(thread):
        return
    warning = Activity(
        type="Warn",
        uri=new_activity_uri("Warn"),
        actor=by.uri,
        object=text.uri,
        to=(person.uri,),
        audience=thread.community.uri,
        summary=event.reason or " ",
    )
    publication = Publication(
        actor=by,
        activity=warning,
        object_uri=text.uri,
        order_key=text.uri,
        lane=Lane.CONTROL,
        is_public=False,
    )
    publish(publication, at_forums(own_inbox(person)))


def _may_leave(report: Report) -> bool:
    """Whether it is about what anybody may read; a person without a text is."""
    text = report.target
    places = [] if text is None else [thread_of(text).visibility]
    if report.community is not None:
        places.append(report.community.visibility)
    return all(place == Visibility.PUBLIC for place in places)


def _homes(report: Report, *, tells_author: bool) -> list[Audience]:
    """Where a report of one of ours goes: who looks after the group, and after the author."""
    homes = []
    if report.community is not None and not report.community.is_local:
        homes.append(home_of(report.community))
    if tells_author and report.account is not None:
        homes.append(people_by_uri([report.account.uri]))
    return [home for home in homes if home.inboxes]


def _for(homes: list[Audience], dialect: DeliveryDialect) -> list[Audience]:
    return [home.for_dialect(dialect) for home in homes]


def _flag(report: Report, reporter: Account | None) -> Activity:
    """Return the report; Mastodon needs the account among the objects, Lemmy exactly one `to`.

    Without a `reporter` this server speaks, to a microblog, where the account is who it is for.
    """
    author, text, community = report.account, report.target, report.community
    named = [thing.uri for thing in (author, text) if thing is not None]
    group = None if reporter is None else community
    receiver = group or author
    return Activity(
        type="Flag",
        uri=new_activity_uri("Flag", report.public_id if reporter is not None else None),
        actor=local_uri("/") if reporter is None else reporter.uri,
        object=tuple(named),
        to=() if receiver is None else (receiver.uri,),
        audience=None if group is None else group.uri,
        summary=report.reason,
        content=report.reason,
    )


def _flag_as_told(report: Report) -> Content | None:
    """Return the Flag as it came or went, made anew when that is no longer kept.

    None when a server asked that names nobody: a microblog, which waits for no answer.
    """
    if report.reporter is None:
        return None
    if report.remote_uri is None:
        sent = find_sent(report.public_id)
        return _flag(report, report.reporter) if sent is None else sent.body
    uri = report.remote_uri.partition(PART)[0]
    return find_received_body(uri) or replace(_flag(report, report.reporter), uri=uri)


def _askers(report: Report, by: Account) -> list[Audience]:
    """Who is told of the outcome: where the reporter lives; the group's home, by its moderators."""
    askers = [] if report.reporter is None else [people_by_uri([report.reporter.uri])]
    community = report.community
    if community is not None and not community.is_local and by in list_moderators(community):
        askers.append(home_of(community))
    return askers


def _moderators(report: Report) -> Audience:
    """Return the inboxes of who moderates our community from elsewhere, on forum servers."""
    if report.community is None or not report.community.is_local:
        return Audience()
    return at_forums(people_by_uri([one.uri for one in list_moderators(report.community)]))


def _tell_moderators(report: Report, inner: bytes | None) -> None:
    """Announce a Flag or Resolve to the moderators alone; public in name, as Lemmy wants it."""
    community, audience = report.community, _moderators(report)
    if inner is None or community is None or not audience.inboxes:
        return
    announce = Activity(
        type="Announce",
        uri=new_activity_uri("Announce"),
        actor=community.uri,
        object=inner,
        to=(PUBLIC,),
        published=utcnow(),
    )
    _publish(report, community, announce, audience)


def _publish(
    report: Report, actor: Account | Community | None, activity: Activity, *audiences: Audience
) -> OutboxActivity:
    text = report.target
    about = text or report.account
    uri = activity.uri if about is None else about.uri
    publication = Publication(
        actor=actor,
        activity=activity,
        object_uri=uri,
        order_key=uri,
        lane=Lane.CONTROL,
        is_public=False,
    )
    return publish(publication, *audiences)


def _text(post_id: int | None, comment_id: int | None) -> Post | Comment | None:
    if comment_id is not None:
        return session().get_one(Comment, comment_id)
    return None if post_id is None else session().get_one(Post, post_id)
