"""Reads who somebody is in a community."""

from sqlalchemy import Integer, and_, bindparam, exists, or_, select

from app.accounts.models.account import Account, AccountState
from app.accounts.models.credential import ADMIN_ROLE, Role, user_role
from app.core.clock import utcnow
from app.core.columns import UtcDateTime
from app.core.db import session
from app.forum.access import bans_in_force
from app.forum.models.ban import Ban
from app.forum.models.community import Community
from app.forum.models.membership import MemberRole, Membership, MembershipState
from app.forum.standing import ANONYMOUS, Standing
from app.forum.vouching import is_vouched

# Made once: asked for everything that comes in, and for every page.
_PLACE = bindparam("place", type_=Integer)
_RUNS_THE_SERVER = exists(
    select(user_role.c.user_id)
    .join(Role, Role.id == user_role.c.role_id)
    .where(user_role.c.user_id == Account.user_id, Role.name == ADMIN_ROLE)
)
_IS_BANNED = exists(
    select(Ban.id).where(
        Ban.account_id == Account.id,
        or_(Ban.community_id.is_(None), Ban.community_id == _PLACE),
        *bans_in_force(bindparam("now", type_=UtcDateTime())),
    )
)
_STANDING = (
    select(Account.state, Membership.state, Membership.role, _RUNS_THE_SERVER, _IS_BANNED)
    .outerjoin(
        Membership, and_(Membership.account_id == Account.id, Membership.community_id == _PLACE)
    )
    .where(Account.id == bindparam("account"))
)


def get_standing(account: Account | None, community: Community | None) -> Standing:
    """Return the standing of `account` beside `community` (None: on this server), in one query.

    Who lives where a community elsewhere lives has no say in it by that alone (see `vouching`).
    """
    if account is None:
        return ANONYMOUS
    place = None if community is None else community.id
    asked = {"account": account.id, "place": place, "now": utcnow()}
    state, membership_state, role, admin, banned = session().execute(_STANDING, asked).one()
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
