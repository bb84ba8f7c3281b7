"""Foreign posts and comments into the forum: who wrote it, where it belongs, what it answers.

Whoever calls has made sure of the origin: the document was fetched from its own server, or signed
by its author, or belongs to the host of the group that passes it on. No network here: what is not
known yet is asked for with MissingError.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice

from sqlalchemy import exists, select

from app.accounts.models.account import Account, AccountState
from app.accounts.queries import find_account_by_uri
from app.core.clock import utcnow
from app.core.db import session
from app.core.visibility import State
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.membership import Membership, MembershipState
from app.forum.models.post import Post
from app.forum.origin import Remote
from app.forum.queries.comments import find_posted_by_uri
from app.forum.queries.communities import find_community_by_uri
from app.forum.services import comments, posts
from federation.dereference.drafts import comment_draft, origin_from, post_draft
from federation.dereference.moves import is_continued_here
from federation.dereference.orphans import wake_orphans
from federation.dereference.withdrawals import is_deleted_already
from federation.errors import MissingError, OrphanedError, RefusedError
from federation.vocab.objects import ObjectDocument
from federation.vocab.origin import same_origin
from federation.vocab.terms import OBJECT_KINDS, PUBLIC, Kind

MAX_AHEAD = timedelta(hours=24)
NOT_PUBLIC = "not-public"
MOST_ADDRESSED = 100


@dataclass(frozen=True)
class Placing:
    """What the caller knows about where a document belongs.

    `announced_by` is the group that passed it on. `wants_group`: ask for an unknown group rather
    than refuse (somebody here opened it). `unreachable` is a parent that cannot be had: what
    answers it starts a thread of its own, if it names a group. `is_history`: it is read long after
    it was written, so nobody is told.
    """

    announced_by: Community | None = None
    wants_group: bool = False
    unreachable: str | None = None
    is_history: bool = False


NOWHERE = Placing()


def keep_object(document: ObjectDocument, placing: Placing = NOWHERE) -> Post | Comment:
    """Publish a document, or bring what we have of it up to date; inside a unit of work.

    Raises MissingError for an author, parent or (see Placing) group that must be fetched first, and
    RefusedError for what has no place here.
    """
    known = find_posted_by_uri(document.uri)
    if known is not None:
        edit_if_newer(known, document)
        return known
    _check_publishable(document)
    author = find_author(document)
    published = _publish(author, document, placing)
    wake_orphans(document.uri)
    return published


def edit_if_newer(known: Post | Comment, document: ObjectDocument) -> None:
    """Apply an edit by the author of something known, unless it is older than what we have.

    What became a text for few stays what everybody could read before.
    """
    if known.is_local:
        raise RefusedError("object-is-ours")
    if known.author.uri != document.attributed_to:
        raise RefusedError("author-changed")
    if document.recipients and not document.is_public:
        raise RefusedError(NOT_PUBLIC)
    if not is_newer(known, document):
        return
    author, origin = known.author, origin_from(document)
    if isinstance(known, Post):
        draft = post_draft(document, (known.community.name,))
        posts.edit_post(known, draft, author, origin)
    else:
        comments.edit_comment(known, comment_draft(document), author, origin)


def is_newer(known: Post | Comment, document: ObjectDocument) -> bool:
    """Whether a document says that it changed after what we have of it (security.md A187)."""
    if not (known.is_published or known.is_held) or document.updated is None:
        return False
    if document.updated > utcnow() + MAX_AHEAD:
        return False
    return document.updated > (known.edited_at or known.published_at)


def is_older(known: Post | Comment, document: ObjectDocument) -> bool:
    """Whether a document tells of an earlier state than the one we have."""
    if document.updated is None:
        return False
    return document.updated < (known.edited_at or known.published_at)


def find_author(document: ObjectDocument) -> Account:
    """Return the author, who must be a person of the object's own server and welcome here."""
    uri = document.attributed_to
    if uri is None or not same_origin(uri, document.uri):
        raise RefusedError("author-elsewhere")
    author = find_account_by_uri(uri)
    if author is None:
        if find_community_by_uri(uri) is not None:
            raise RefusedError("author-is-a-group")
        raise MissingError(uri)
    if author.is_local:
        raise RefusedError("author-is-ours")
    if author.state != AccountState.ACTIVE:
        raise RefusedError("author-not-welcome")
    return author


def is_followed_here(community: Community) -> bool:
    """Whether one of our people follows a community, or asked to, or it goes on in one of ours."""
    wanted = exists().where(
        Membership.community_id == community.id,
        Membership.account_id == Account.id,
        Account.host.is_(None),
        Membership.state.in_([MembershipState.APPROVED, MembershipState.REQUESTED]),
    )
    return bool(session().scalar(select(wanted))) or is_continued_here(community)


def _check_publishable(document: ObjectDocument) -> None:
    """Refuse what is not for everyone, not a post, from the future, or deleted before it came."""
    if not document.uri:
        raise RefusedError("object-without-id")
    if document.is_poll_vote:
        raise RefusedError("poll-vote")
    if document.kind not in OBJECT_KINDS and document.kind is not Kind.UNKNOWN:
        raise RefusedError("not-a-post")
    if not document.is_public:
        raise RefusedError(NOT_PUBLIC)
    if document.published is not None and document.published > utcnow() + MAX_AHEAD:
        raise RefusedError("published-in-the-future")
    if is_deleted_already(document.uri):
        raise RefusedError("deleted-already")


def _find_parent(document: ObjectDocument, placing: Placing) -> Post | Comment | None:
    uri = document.in_reply_to
    if uri is None or uri == document.uri:
        return None
    parent = find_posted_by_uri(uri)
    if parent is None and uri != placing.unreachable:
        raise MissingError(uri)
    return parent


def _publish(author: Account, document: ObjectDocument, placing: Placing) -> Post | Comment:
    """Publish as an answer when the parent is here, else as a thread of its own.

    Raises OrphanedError for an answer that has no place without its parent.
    """
    parent = _find_parent(document, placing)
    if parent is not None:
        return _publish_comment(author, parent, document, placing)
    lost = document.in_reply_to if document.in_reply_to == placing.unreachable else None
    if lost is not None and placing.announced_by is not None:
        raise OrphanedError(lost)
    try:
        community = _find_community(document, placing)
    except RefusedError as error:
        raise error if lost is None else OrphanedError(lost) from error
    draft = post_draft(document, _group_names(document, community))
    return posts.publish_post(author, community, draft, _origin(document, placing))


def _origin(document: ObjectDocument, placing: Placing) -> Remote:
    return replace(origin_from(document), is_history=placing.is_history)


def _publish_comment(
    author: Account, parent: Post | Comment, document: ObjectDocument, placing: Placing
) -> Comment:
    if parent.state == State.DELETED:
        raise RefusedError("parent-deleted")
    post = parent if isinstance(parent, Post) else parent.post
    above = None if isinstance(parent, Post) else parent
    draft = comment_draft(document)
    return comments.publish_comment(author, post, above, draft, _origin(document, placing))


def _find_community(document: ObjectDocument, placing: Placing) -> Community:
    """Return where a thread belongs: the group that passed it on, else the first one addressed.

    An audience that we know wins over a group that merely passes on what stands in another.
    """
    named = find_community_by_uri(document.group) if document.group else None
    if named is not None and placing.announced_by is not None:
        return named
    if placing.announced_by is not None:
        return placing.announced_by
    addressed = list(_addressed(document))
    for community in _communities(addressed):
        if community.is_local or placing.wants_group or is_followed_here(community):
            return community
    if placing.wants_group:
        _ask_for_group(addressed)
    raise RefusedError("no-community")


def _group_names(document: ObjectDocument, community: Community) -> tuple[str, ...]:
    """Return the names of the groups spoken to, which no title needs; none when it has a title."""
    if document.name is not None:
        return ()
    return (community.name, *(found.name for found in _communities(_addressed(document))))


def _addressed(document: ObjectDocument) -> Iterator[str]:
    """Yield who may be the group, the likeliest first, each once; of many the first hundred."""
    mentioned = (mention.href for mention in document.mentions)
    group = () if document.group is None else (document.group,)
    uris = dict.fromkeys((*group, *document.recipients, *mentioned))
    others = (uri for uri in uris if uri not in {PUBLIC, document.attributed_to})
    yield from islice(others, MOST_ADDRESSED)


def _communities(uris: Iterable[str]) -> Iterator[Community]:
    for uri in uris:
        community = find_community_by_uri(uri)
        if community is not None:
            yield community


def _ask_for_group(addressed: list[str]) -> None:
    """Ask for the first one addressed whom we do not know; lists of followers are no actors."""
    for uri in addressed:
        if find_account_by_uri(uri) is None and not uri.endswith(("/followers", "/following")):
            raise MissingError(uri)
