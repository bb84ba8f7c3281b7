"""Reads who somebody is in a community."""

from sqlalchemy import and_, select

from app.accounts.models.account import Account, AccountState
from app.core.db import session
from app.forum.access import is_admin
from app.forum.models.community import Community
from app.forum.models.membership import MemberRole, Membership, MembershipState
from app.forum.standing import ANONYMOUS, Standing


def get_standing(account: Account | None, community: Community) -> Standing:
    """Return the standing of `account` beside `community`, in one query."""
    if account is None:
        return ANONYMOUS
    here = and_(Membership.account_id == Account.id, Membership.community_id == community.id)
    state, membership_state, role, admin = (
        session()
        .execute(
            select(Account.state, Membership.state, Membership.role, is_admin(account))
            .outerjoin(Membership, here)
            .where(Account.id == account.id)
        )
        .one()
    )
    is_member = membership_state == MembershipState.APPROVED
    return Standing(
        account_id=account.id,
        is_active=state == AccountState.ACTIVE,
        is_local=account.is_local,
        is_member=is_member,
        is_requested=membership_state == MembershipState.REQUESTED,
        is_moderator=is_member and role in {MemberRole.MODERATOR, MemberRole.OWNER},
        is_owner=is_member and role == MemberRole.OWNER,
        is_admin=bool(admin),
    )
