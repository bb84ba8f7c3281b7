"""Somebody elsewhere, or a whole server, asks our moderators to look at something."""

from collections.abc import Iterator

from app.accounts.models.account import Account
from app.accounts.queries import find_account_by_uri
from app.core.addresses import local_path
from app.core.errors import AppError
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.queries.bans import find_ban
from app.forum.queries.communities import find_community_by_uri, list_moderators
from app.moderation.services import reports
from federation.errors import RefusedError
from federation.inbound.context import IgnoredError, InboxContext
from federation.inbound.subjects import community_of, find_posted, get_sender
from federation.provenance import PART
from federation.vocab.activities import ActivityDocument
from federation.vocab.origin import same_origin

MAX_REPORTED = 20


def report(context: InboxContext, activity: ActivityDocument) -> None:
    """Put what concerns us before its moderators; a person or group only when no text is named.

    A server that names nobody (Mastodon's own actor) is itself the reporter. Each text is a report
    of its own. The reason stands in `summary`, `content` or both. Who is banned from one community
    may still say what goes wrong there, or they could be kept from it; who is banned here may not.
    """
    sender = get_sender(activity)
    if find_ban(sender, None) is not None:
        raise RefusedError("actor-banned")
    reporter = None if sender.is_bot else sender
    reason = (activity.summary or "").strip() or activity.content or ""
    uris = _uris(activity)
    texts = [text for uri in uris if (text := find_posted(uri)) and _is_ours(context, text)]
    source = _source(activity, sender)
    community = None if texts else _find_community(context, uris)
    if texts:
        _report_texts(reporter, texts, reason, source)
    elif community is not None:
        reports.report_community(reporter, community, reason, source)
    else:
        reports.report_person(reporter, _find_person(context, uris), None, reason, source)


def _uris(activity: ActivityDocument) -> list[str]:
    """Return the ids of all that is named, in any order, as ids or as documents."""
    named = (thing if isinstance(thing, str) else thing.uri for thing in activity.objects)
    return list(dict.fromkeys(uri for uri in named if uri))[:MAX_REPORTED]


def _is_ours(context: InboxContext, text: Post | Comment) -> bool:
    """Whether somebody here looks after it: its group or its author is ours.

    A group elsewhere also tells its moderators among our people, of what stands in it.
    """
    community = community_of(text)
    if context.announced_by is None:
        return community.is_local or text.author.is_local
    if context.announced_by is not community:
        return False
    return text.author.is_local or any(one.is_local for one in list_moderators(community))


def _source(activity: ActivityDocument, sender: Account) -> reports.Source:
    """Return where it was said; an id of another server than the sender's is nobody's."""
    is_own = bool(activity.uri) and same_origin(activity.uri, activity.actor)
    return reports.Source(activity.uri if is_own else None, sender.host)


def _report_texts(
    reporter: Account | None, texts: list[Post | Comment], reason: str, source: reports.Source
) -> None:
    """Report each text; one that is gone does not spoil the others."""
    failure: AppError | None = None
    done = 0
    for text, uri in zip(texts, _part_uris(source.uri), strict=False):
        try:
            reports.make_report(reporter, text, reason, reports.Source(uri, source.host))
        except AppError as error:
            failure = error
        else:
            done += 1
    if failure is not None and not done:
        raise failure


def _part_uris(uri: str | None) -> Iterator[str | None]:
    """Yield an id for each report of one Flag: the Flag's own for the first."""
    yield uri
    for number in range(1, MAX_REPORTED):
        yield f"{uri}{PART}{number}" if uri else None


def _find_community(context: InboxContext, uris: list[str]) -> Community | None:
    """Return the group of ours that is reported as such, unless a person of ours is named too."""
    if context.announced_by is not None or any(_is_our_person(uri) for uri in uris):
        return None
    found = (find_community_by_uri(uri) for uri in uris)
    return next((one for one in found if one is not None and one.is_local), None)


def _is_our_person(uri: str) -> bool:
    person = find_account_by_uri(uri)
    return person is not None and person.is_local


def _find_person(context: InboxContext, uris: list[str]) -> Account:
    """Return who of ours is reported."""
    if context.announced_by is None:
        for uri in uris:
            person = find_account_by_uri(uri)
            if person is not None and person.is_local:
                return person
    if any(local_path(uri) is not None for uri in uris):
        raise RefusedError("object-unknown")
    raise IgnoredError("nothing-of-ours")
