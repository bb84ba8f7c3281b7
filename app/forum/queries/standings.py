"""Reads who somebody is in a community."""

from sqlalchemy import and_, select

from app.accounts.models.account import Account, AccountState
from app.core.db import session
from app.forum.access import is_admin, is_banned
from app.forum.models.community import Community
from app.forum.models.membership import MemberRole, Membership, MembershipState
from app.forum.standing import ANONYMOUS, Standing


def get_standing(account: Account | None, community: Community | None) -> Standing:
    """Return the standing of `account` beside `community` (None: on this server), in one query."""
    if account is None:
        return ANONYMOUS
    place = None if community is None else community.id
    here = and_(Membership.account_id == Account.id, Membership.community_id == place)
    state, membership_state, role, admin, banned = (
        session()
        .execute(
            select(
                Account.state,
                Membership.state,
                Membership.role,
                is_admin(account),
                is_banned(account, community),
            )
            .outerjoin(Membership, here)
            .where(Account.id == account.id)
        )
        .one()
    )
    is_member = membership_state == MembershipState.APPROVED
    home = None if community is None else community.host
    is_at_home = home is not None and account.host == home
    return Standing(
        account_id=account.id,
        is_active=state == AccountState.ACTIVE,
        is_local=account.is_local,
        is_member=is_member,
        is_requested=membership_state == MembershipState.REQUESTED,
        is_moderator=is_at_home or (is_member and role in {MemberRole.MODERATOR, MemberRole.OWNER}),
        is_owner=is_member and role == MemberRole.OWNER,
        is_admin=bool(admin),
        is_banned=bool(banned),
    )
