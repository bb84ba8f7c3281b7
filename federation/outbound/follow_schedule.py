"""Asking again to follow a remote community that does not answer (federation.md section 3.3).

After 1 hour, 6 hours, 24 hours, then every week, each time under a new id: some servers note an id
before they look at the activity, so a Follow that failed there cannot be repaired under its old
id (quirk 83). All ids that we used stay known, so an answer to any of them counts.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import exists, select

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session
from app.forum.models.community import Community
from app.forum.models.membership import Membership, MembershipState
from app.forum.services import memberships
from federation.models.follow_request import FollowRequest

WAITS: Final = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
THEN_EVERY: Final = timedelta(days=7)
AT_ONCE: Final = 50


def wait_after(asked: int) -> timedelta:
    """Return how long to wait for an answer after having asked so many times."""
    return WAITS[asked - 1] if asked <= len(WAITS) else THEN_EVERY


def find_follow_request(membership: Membership) -> FollowRequest | None:
    """Return how often we asked for a membership, None when we never did."""
    return session().scalar(
        select(FollowRequest).where(FollowRequest.membership_id == membership.id)
    )


def note_asked(membership: Membership) -> None:
    """Keep that a remote community was asked just now, and when it is asked again."""
    if not _is_request(membership):
        return
    now = utcnow()
    request = find_follow_request(membership)
    if request is None:
        request = FollowRequest(membership_id=membership.id, asked=0)
        session().add(request)
    elif request.next_attempt_at is None:
        request.asked = 0  # answered before, and asked anew
    request.asked += 1
    request.asked_at = now
    request.next_attempt_at = now + wait_after(request.asked)
    session().flush()


def note_answered(membership: Membership) -> None:
    """Ask no more: it was granted or refused."""
    request = find_follow_request(membership)
    if request is not None:
        request.next_attempt_at = None
        session().flush()


def ask_due() -> int:
    """Ask again where it is time; return how many were looked at. Inside a unit of work."""
    _adopt_requests()
    due = (
        select(FollowRequest, Membership)
        .join(Membership, Membership.id == FollowRequest.membership_id)
        .where(FollowRequest.next_attempt_at <= utcnow())
        .order_by(FollowRequest.next_attempt_at)
        .limit(AT_ONCE)
    )
    rows = session().execute(due).all()
    for request, membership in rows:
        if _is_request(membership):
            memberships.ask_anew(membership)
        else:
            request.next_attempt_at = None
    session().flush()
    return len(rows)


def _adopt_requests() -> None:
    """Give requests that were made before there was a schedule their place in it."""
    has_row = exists().where(FollowRequest.membership_id == Membership.id)
    lost = (
        select(Membership)
        .join(Community, Community.id == Membership.community_id)
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.state == MembershipState.REQUESTED, ~has_row)
        .where(Account.host.is_(None), Community.host.is_not(None))
        .limit(AT_ONCE)
    )
    for membership in session().scalars(lost).all():
        again_at = membership.requested_at + wait_after(1)
        session().add(
            FollowRequest(
                membership_id=membership.id,
                asked_at=membership.requested_at,
                next_attempt_at=again_at,
            )
        )
    session().flush()


def _is_request(membership: Membership) -> bool:
    is_ours = membership.account.is_local and not membership.community.is_local
    return is_ours and membership.state == MembershipState.REQUESTED
