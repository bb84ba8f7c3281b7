"""Whoever writes to one of our communities and is refused may know why (federation.md 2.4, 3.4).

Only people who sent it here themselves, never bots, and nobody who answers our answer: no loop.
What a group passed on or what was fetched has no sender to tell; refused hosts hear nothing.
"""

from dataclasses import dataclass

from app.accounts.models.account import Account, AccountState
from app.accounts.queries import find_account_by_uri
from app.core.addresses import local_path
from app.core.errors import AppError, ConflictError, NotAllowedError
from app.core.events import emit
from app.core.visibility import State, Visibility
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.queries.comments import find_posted_by_uri
from app.forum.queries.communities import find_community_by_uri
from app.forum.queries.standings import get_standing
from federation.dereference.objects import NOT_PUBLIC
from federation.errors import FederationError, MalformedError
from federation.events import AuthorTurnedAway, TurnedAwayBecause
from federation.models.inbox_activity import InboxActivity
from federation.vocab.objects import ObjectDocument
from federation.vocab.parse import parse_activity, parse_json
from federation.vocab.terms import Kind

MAX_NAMED = 20


@dataclass(frozen=True)
class _Attempt:
    """What was written to which community; `thread` when it answers something there."""

    document: ObjectDocument
    community: Community
    thread: Post | None


def tell_author(row: InboxActivity, failure: FederationError | AppError) -> None:
    """Emit AuthorTurnedAway when the author of a refused Create is to know why."""
    if not _is_for_the_author(failure):
        return
    document = _document_of(row)
    author = find_account_by_uri(row.signer_uri)
    if document is None or author is None or not _is_told(author, document):
        return
    attempt = _attempt(document)
    because = None if attempt is None else _find_reason(author, attempt)
    if attempt is None or because is None:
        return
    emit(
        AuthorTurnedAway(author.id, attempt.community.id, document.uri, row.id, because),
    )


def _is_for_the_author(failure: FederationError | AppError) -> bool:
    """Whether a refusal is a decision of the community, rather than a fault."""
    if isinstance(failure, AppError):
        return isinstance(failure, NotAllowedError | ConflictError)
    return failure.reason == NOT_PUBLIC


def _document_of(row: InboxActivity) -> ObjectDocument | None:
    """Return what a Create brought inline."""
    try:
        activity = parse_activity(parse_json(row.body))
    except MalformedError:
        return None
    thing = activity.object
    is_create = activity.kind is Kind.CREATE and isinstance(thing, ObjectDocument)
    return thing if is_create and isinstance(thing, ObjectDocument) and thing.uri else None


def _is_told(author: Account, document: ObjectDocument) -> bool:
    """Whether this is a person elsewhere, who does not answer what we answered."""
    if author.is_local or author.is_bot or author.state != AccountState.ACTIVE:
        return False
    parent = document.in_reply_to
    return parent is None or local_path(parent) is None or find_posted_by_uri(parent) is not None


def _attempt(document: ObjectDocument) -> _Attempt | None:
    """Return where a text was to stand: the thread it answers in public, else whom it names."""
    parent = find_posted_by_uri(document.in_reply_to) if document.in_reply_to else None
    if parent is not None and document.is_public:
        thread = parent if isinstance(parent, Post) else parent.post
        return _Attempt(document, thread.community, thread) if _is_open(thread.community) else None
    named = (*document.audience, *document.recipients, *(m.href for m in document.mentions))
    for uri in dict.fromkeys(named[:MAX_NAMED]):
        community = find_community_by_uri(uri)
        if community is not None and _is_open(community):
            return _Attempt(document, community, None)
    return None


def _is_open(community: Community) -> bool:
    """Whether a community is ours and known to everybody: of others nobody is told anything."""
    return community.is_local and community.visibility == Visibility.PUBLIC


def _find_reason(author: Account, attempt: _Attempt) -> TurnedAwayBecause | None:
    """Return what keeps the author out, the weightiest first."""
    community, thread = attempt.community, attempt.thread
    standing = get_standing(author, community)
    reasons = {
        TurnedAwayBecause.CLOSED: community.state != State.PUBLISHED,
        TurnedAwayBecause.BANNED: standing.is_banned,
        TurnedAwayBecause.NOT_PUBLIC: not attempt.document.is_public,
        TurnedAwayBecause.LOCKED: thread is not None and thread.is_locked,
        TurnedAwayBecause.MEMBERS_ONLY: community.requires_membership and not standing.is_member,
        TurnedAwayBecause.RESTRICTED: thread is None and community.is_posting_restricted,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)
