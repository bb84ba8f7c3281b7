"""Somebody was banned: from a group by its moderators, or by a server from all that is its own.

The target says from where (federation.md 3.9). Without one it is what one person decided for the
own eyes only, and that concerns nobody here.
"""

from collections.abc import Sequence

from sqlalchemy import exists, or_, select

from app.accounts.models.account import Account
from app.accounts.queries import find_account_by_uri
from app.core.addresses import local_path
from app.core.db import session
from app.forum import policy
from app.forum.models.ban import Ban
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.membership import Membership
from app.forum.models.post import Post
from app.forum.origin import Remote
from app.forum.queries.bans import find_ban
from app.forum.queries.communities import find_community_by_uri
from app.forum.queries.standings import get_standing
from app.forum.services import bans
from federation.dereference.withdrawals import note_undoing
from federation.errors import MissingError, RefusedError
from federation.inbound.authority import NOT_A_MODERATOR, get_person, moderating, speaking
from federation.inbound.context import IgnoredError, InboxContext
from federation.inbound.subjects import get_object_uri, get_sender
from federation.provenance import PART
from federation.vocab.activities import ActivityDocument
from federation.vocab.origin import origin_of, same_origin


def ban(context: InboxContext, activity: ActivityDocument) -> None:
    """Ban from a group or, on the word of the own server, from taking part here at all."""
    uri = get_object_uri(activity)
    community = _find_community(activity)
    if not activity.uri or not same_origin(activity.uri, activity.actor):
        raise RefusedError("ban-without-id")  # by which it could be told from others
    terms = bans.BanTerms((activity.summary or "").strip(), activity.end_time, activity.remove_data)
    if community is not None:
        with moderating(context, activity, community, uri) as moderator:
            bans.ban_person(moderator, get_person(uri), community, terms, Remote(activity.uri))
        return
    admin, person = _server_and_person(context, activity, activity)
    if person.host == admin.host:
        bans.ban_person(admin, person, None, terms, Remote(activity.uri))
        return
    for place in _places(context, admin, person):
        part = Remote(f"{activity.uri}{PART}{place.public_id}")
        with speaking(context, admin, place):
            bans.ban_person(admin, person, place, terms, part)


def lift(context: InboxContext, activity: ActivityDocument) -> None:
    """End a ban, whichever moderator made it; `restoreData` brings back what went with it."""
    block = activity.object
    assert isinstance(block, ActivityDocument)
    if block.uri:
        note_undoing(block.uri, context.sender_uri)
    uri = get_object_uri(block)
    community = _find_community(block)
    if community is not None:
        with moderating(context, activity, community, uri) as moderator:
            _end(activity, moderator, find_ban(get_person(uri), community))
        return
    admin, person = _server_and_person(context, activity, block)
    if person.host == admin.host:
        _end(activity, admin, find_ban(person, None))
        return
    places = _places(context, admin, person)
    banned_from = [place for place in places if find_ban(person, place) is not None]
    if not banned_from:
        raise IgnoredError("nothing-to-undo")
    for place in banned_from:
        with speaking(context, admin, place):
            _end(activity, admin, find_ban(person, place))


def _end(activity: ActivityDocument, by: Account | None, found: Ban | None) -> None:
    if found is None:
        raise IgnoredError("nothing-to-undo")
    reason = (activity.summary or "").strip()
    bans.lift_ban(by, found, reason, restores_posts=activity.restore_data)


def _find_community(block: ActivityDocument) -> Community | None:
    """Return the group of a ban; None when it is of a whole server."""
    if block.target is None:
        raise IgnoredError("personal-block")
    return find_community_by_uri(block.target)


def _server_and_person(
    context: InboxContext, activity: ActivityDocument, block: ActivityDocument
) -> tuple[Account, Account]:
    """Return who speaks for the server that is the target, and who is banned there.

    Nobody bans from this server but its own administrators, and no group speaks for its server.
    """
    sender, target = get_sender(activity), block.target or ""
    if local_path(target) is not None or not same_origin(target, sender.uri):
        raise RefusedError("server-of-another")
    if context.announced_by is not None:
        raise RefusedError("ban-by-proxy")
    person = find_account_by_uri(get_object_uri(block))
    if person is None:
        raise IgnoredError("person-unknown")
    _require_server(context, target)
    return sender, person


def _require_server(context: InboxContext, target: str) -> None:
    """Make sure that the target is a server: its root, or the address of its own actor.

    It could be a group that nobody here knows, so what is unknown is looked up.
    """
    origin = origin_of(target)
    if target.removesuffix("/") == f"{origin.scheme}://{origin.host}":
        return
    actor = find_account_by_uri(target)
    if actor is None and not context.was_fetched(target) and context.unreachable != target:
        raise MissingError(target)
    if actor is None or not actor.is_bot:
        raise IgnoredError("target-unknown")


def _places(context: InboxContext, admin: Account, person: Account) -> Sequence[Community]:
    """Return from where somebody bans who speaks for a server and moderates what it holds.

    Of its communities those count where the person takes part or wrote something. Of its own people
    a server is believed; of others only its own actor, and moderators where they are listed.
    """
    wrote = or_(
        exists().where(Post.community_id == Community.id, Post.author_id == person.id),
        exists().where(
            Comment.post_id == Post.id,
            Post.community_id == Community.id,
            Comment.author_id == person.id,
        ),
        exists().where(Membership.community_id == Community.id, Membership.account_id == person.id),
    )
    statement = select(Community).where(Community.host == admin.host, wrote)
    places = session().scalars(statement.order_by(Community.id)).all()
    allowed = [place for place in places if _may_ban_in(context, admin, place)]
    if places and not allowed:
        raise RefusedError(NOT_A_MODERATOR)
    return allowed


def _may_ban_in(context: InboxContext, admin: Account, place: Community) -> bool:
    with speaking(context, admin, place):
        return policy.can_moderate(get_standing(admin, place))
