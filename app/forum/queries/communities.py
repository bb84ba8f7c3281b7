"""Finds communities and who belongs to them."""

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.models.account import Account
from app.core.addresses import is_local_host, local_path
from app.core.db import session
from app.core.errors import NotFoundError
from app.core.foresight import RowByKey
from app.forum.access import can_see_community, visible_communities
from app.forum.models.community import Community
from app.forum.models.membership import MemberRole, Membership, MembershipState

COMMUNITY_PATH = "/c/"
NUL = "\x00"
MAX_COMMUNITIES_SHOWN = 200


def find_community(name: str, host: str | None = None) -> Community | None:
    """Return the community called `name` here, or on `host` (netloc); capitals do not matter."""
    if NUL in name or (host is not None and NUL in host):
        return None  # PostgreSQL has no such text
    if host is None or is_local_host(host):
        return session().scalar(
            select(Community).where(Community.name == name.lower(), Community.host.is_(None))
        )
    return session().scalar(
        select(Community)
        .where(func.lower(Community.name) == name.lower(), Community.host == host.lower())
        .order_by((Community.name == name).desc(), Community.id)
        .limit(1)
    )


def find_community_by_webfinger(handle: str) -> Community | None:
    """Return the community elsewhere that goes by this checked handle (`name@host`)."""
    if NUL in handle:
        return None  # PostgreSQL has no such text
    return session().scalar(
        select(Community).where(func.lower(Community.webfinger) == handle.lower()).limit(1)
    )


def get_community(community_id: int) -> Community:
    """Return the community of this row; visibility is not judged."""
    return session().get_one(Community, community_id)


def find_community_by_page_name(page_name: str) -> Community | None:
    """Return the community whose page is `/c/<page_name>`: `name` or `name@host`."""
    name, _at_sign, host = page_name.lstrip("!@").partition("@")
    return find_community(name, host or None)


def get_visible_community(page_name: str, viewer: Account | None) -> Community:
    """Return the community of a page, or raise NotFoundError when `viewer` may not know it."""
    found = find_community_by_page_name(page_name)
    if found is None or not can_see_community(viewer, found):
        raise NotFoundError(_("Deze groep bestaat niet."))
    return found


# Made once: asked for every activity that comes in.
_BY_URI = RowByKey(select(Community), Community.remote_uri)


def foresee_communities(uris: Iterable[str]) -> None:
    """Ask ahead for those of these communities that are elsewhere (app/core/foresight.py)."""
    _BY_URI.foresee(uri for uri in uris if local_path(uri) is None and NUL not in uri)


def find_community_by_uri(uri: str) -> Community | None:
    """Return the community with this id, ours or remote."""
    path = local_path(uri)
    if path is None and NUL in uri:
        return None
    if path is None:
        return _BY_URI.find(uri)
    name = path.removeprefix(COMMUNITY_PATH)
    if not path.startswith(COMMUNITY_PATH) or "/" in name or "@" in name:
        return None
    return find_community(name)


def get_membership(account: Account, community: Community) -> Membership | None:
    """Return how `account` belongs to `community`, or None."""
    return session().scalar(
        select(Membership).where(
            Membership.account_id == account.id, Membership.community_id == community.id
        )
    )


def list_local_members(community: Community) -> list[Membership]:
    """Return the memberships of our own people in `community`, the oldest first."""
    statement = (
        select(Membership)
        .join(Membership.account)
        .where(
            Membership.community_id == community.id,
            Membership.state == MembershipState.APPROVED,
            Account.host.is_(None),
        )
        .order_by(Membership.id)
    )
    return list(session().scalars(statement))


def list_moderators(community: Community) -> list[Account]:
    """Return who moderates `community`, the owner first, then in order of appointment."""
    statement = (
        select(Membership)
        .join(Membership.account)
        .options(contains_eager(Membership.account))
        .where(
            Membership.community_id == community.id,
            Membership.state == MembershipState.APPROVED,
            Membership.role.in_([MemberRole.MODERATOR, MemberRole.OWNER]),
        )
        .order_by(Membership.role.desc(), Membership.id)
    )
    return [membership.account for membership in session().scalars(statement)]


def find_owner_id(community: Community) -> int | None:
    """Return the account id of who owns `community`, or None when nobody does any more."""
    return session().scalar(
        select(Membership.account_id).where(
            Membership.community_id == community.id, Membership.role == MemberRole.OWNER
        )
    )


def list_local_communities(viewer: Account | None) -> list[Community]:
    """Return our own communities that `viewer` may know, the liveliest first."""
    return _list_communities(viewer, Community.host.is_(None))


def list_remote_communities(viewer: Account | None) -> list[Community]:
    """Return communities of other servers that somebody here follows, the liveliest first."""
    return _list_communities(viewer, Community.host.is_not(None), Community.member_count > 0)


def list_communities_to_post_in(account: Account) -> list[Community]:
    """Return where `account` may look to start a thread: our own and those that are followed."""
    followed = select(Membership.community_id).where(
        Membership.account_id == account.id, Membership.state == MembershipState.APPROVED
    )
    wanted = Community.host.is_(None) | Community.id.in_(followed)
    return sorted(_list_communities(account, wanted), key=lambda found: found.title.casefold())


def list_followed_ids(account: Account | None) -> set[int]:
    """Return the ids of the communities that `account` follows."""
    if account is None:
        return set()
    statement = select(Membership.community_id).where(
        Membership.account_id == account.id, Membership.state == MembershipState.APPROVED
    )
    return set(session().scalars(statement))


def list_memberships(account: Account) -> list[Membership]:
    """Return all that `account` follows or asked to follow, with the communities."""
    statement = (
        select(Membership)
        .options(joinedload(Membership.community))
        .where(Membership.account_id == account.id)
        .order_by(Membership.id)
    )
    return list(session().scalars(statement))


def count_members(community: Community) -> int:
    """Return how many follow `community`, counted anew."""
    statement = select(func.count(Membership.id)).where(
        Membership.community_id == community.id, Membership.state == MembershipState.APPROVED
    )
    return session().scalar(statement) or 0


def count_communities(viewer: Account | None) -> int:
    """Return how many of our own communities `viewer` may know."""
    statement = select(func.count(Community.id)).where(
        visible_communities(viewer), Community.host.is_(None)
    )
    return session().scalar(statement) or 0


def _list_communities(viewer: Account | None, *conditions: ColumnElement[bool]) -> list[Community]:
    statement = (
        select(Community)
        .where(visible_communities(viewer), *conditions)
        .order_by(func.coalesce(Community.active_at, Community.created_at).desc(), Community.id)
        .limit(MAX_COMMUNITIES_SHOWN)
    )
    return list(session().scalars(statement))
