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
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.membership import Membership
from app.forum.models.post import Post
from app.forum.origin import Remote
from app.forum.queries.bans import find_ban
from app.forum.queries.communities import find_community_by_uri
from app.forum.services import bans
from federation.dereference.withdrawals import note_undoing
from federation.errors import MissingError, RefusedError
from federation.inbound.authority import get_moderator, get_person
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
        moderator = get_moderator(context, activity, community, uri)
        bans.ban_person(moderator, get_person(uri), community, terms, Remote(activity.uri))
        return
    admin, person = _server_and_person(context, activity, activity)
    for place in _places(admin, person):
        part = activity.uri if place is None else f"{activity.uri}{PART}{place.public_id}"
        bans.ban_person(admin, person, place, terms, Remote(part))


def lift(context: InboxContext, activity: ActivityDocument) -> None:
    """End a ban, whichever moderator made it; `restoreData` brings back what went with it."""
    block = activity.object
    assert isinstance(block, ActivityDocument)
    if block.uri:
        note_undoing(block.uri, context.sender_uri)
    uri = get_object_uri(block)
    community = _find_community(block)
    if community is not None:
        by = get_moderator(context, activity, community, uri)
        person = get_person(uri)
        places: Sequence[Community | None] = [community]
    else:
        by, person = _server_and_person(context, activity, block)
        places = _places(by, person)
    found = [one for place in places if (one := find_ban(person, place)) is not None]
    if not found:
        raise IgnoredError("nothing-to-undo")
    for one in found:
        bans.lift_ban(
            by, one, (activity.summary or "").strip(), restores_posts=activity.restore_data
        )


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


def _places(admin: Account, person: Account) -> Sequence[Community | None]:
    """Return from where a server bans: its own person everywhere, others from what it holds.

    Of its communities those count where the person takes part or wrote something.
    """
    if person.host == admin.host:
        return [None]
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
    return session().scalars(statement.order_by(Community.id)).all()
