"""Reads who somebody is in a community."""

from collections.abc import Iterable

from sqlalchemy import (
    ColumnElement,
    ColumnExpressionArgument,
    Integer,
    and_,
    bindparam,
    exists,
    or_,
    select,
)

from app.accounts.models.account import Account, AccountState
from app.accounts.models.credential import ADMIN_ROLE, Role, User, user_role
from app.core.clock import utcnow
from app.core.columns import UtcDateTime
from app.core.db import session
from app.core.foresight import UNFORESEEN, Foresight
from app.forum.access import bans_in_force
from app.forum.models.ban import Ban
from app.forum.models.community import Community
from app.forum.models.membership import MemberRole, Membership, MembershipState
from app.forum.standing import ANONYMOUS, Standing
from app.forum.vouching import is_vouched

_Found = tuple[AccountState, MembershipState | None, MemberRole | None, bool, bool]
# By account and community: what a standing is made of.
_FORESEEN: Foresight[tuple[int, int | None], _Found] = Foresight(
    "standings", Account, Membership, Ban, User
)
# Made once: asked for everything that comes in, and for every page.
_PLACE = bindparam("place", type_=Integer)
_RUNS_THE_SERVER = exists(
    select(user_role.c.user_id)
    .join(Role, Role.id == user_role.c.role_id)
    .where(user_role.c.user_id == Account.user_id, Role.name == ADMIN_ROLE)
)


def _is_banned(place: ColumnExpressionArgument[int]) -> ColumnElement[bool]:
    return exists(
        select(Ban.id).where(
            Ban.account_id == Account.id,
            or_(Ban.community_id.is_(None), Ban.community_id == place),
            *bans_in_force(bindparam("now", type_=UtcDateTime())),
        )
    )


def _belongs_to(place: ColumnExpressionArgument[int]) -> ColumnElement[bool]:
    return and_(Membership.account_id == Account.id, Membership.community_id == place)


_PARTS = (Account.state, Membership.state, Membership.role, _RUNS_THE_SERVER)
_STANDING = (
    select(*_PARTS, _is_banned(_PLACE))
    .outerjoin(Membership, _belongs_to(_PLACE))
    .where(Account.id == bindparam("account"))
)
_STANDINGS = (
    select(Account.id, Community.id, *_PARTS, _is_banned(Community.id))
    .select_from(Account)
    .join(Community, Community.id.in_(bindparam("places", expanding=True)))
    .outerjoin(Membership, _belongs_to(Community.id))
    .where(Account.id.in_(bindparam("accounts", expanding=True)))
)


def foresee_standings(accounts: Iterable[int], communities: Iterable[int]) -> None:
    """Ask ahead for all these accounts beside all these communities (app/core/foresight.py)."""
    asked = {"accounts": sorted(set(accounts)), "places": sorted(set(communities))}
    if asked["accounts"] and asked["places"]:
        rows = session().execute(_STANDINGS, {**asked, "now": utcnow()})
        _FORESEEN.note({(row[0], row[1]): (row[2], row[3], row[4], row[5], row[6]) for row in rows})


def get_standing(account: Account | None, community: Community | None) -> Standing:
    """Return the standing of `account` beside `community` (None: on this server), in one query.

    Who lives where a community elsewhere lives has no say in it by that alone (see `vouching`).
    """
    if account is None:
        return ANONYMOUS
    place = None if community is None else community.id
    state, membership_state, role, admin, banned = _find_parts(account.id, place)
    is_member = membership_state == MembershipState.APPROVED
    is_named = is_member and role in {MemberRole.MODERATOR, MemberRole.OWNER}
    return Standing(
        account_id=account.id,
        is_active=state == AccountState.ACTIVE,
        is_local=account.is_local,
        is_member=is_member,
        is_requested=membership_state == MembershipState.REQUESTED,
        is_moderator=is_named or (place is not None and is_vouched(account.id, place)),
        is_owner=is_member and role == MemberRole.OWNER,
        is_admin=bool(admin),
        is_banned=bool(banned),
    )


def _find_parts(account_id: int, place: int | None) -> _Found:
    known = _FORESEEN.find((account_id, place))
    if known is not UNFORESEEN:
        return known
    asked = {"account": account_id, "place": place, "now": utcnow()}
    found = session().execute(_STANDING, asked).one()
    return (found[0], found[1], found[2], found[3], found[4])
