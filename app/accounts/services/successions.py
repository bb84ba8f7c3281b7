"""Somebody goes on under another account: whoever follows here, follows the new one."""

from sqlalchemy import select

from app.accounts.events import AccountMoved, ProfileEdited
from app.accounts.models.account import Account
from app.accounts.models.following import Following, FollowState
from app.accounts.services.followings import end_follow, request_follow
from app.core.clock import utcnow
from app.core.db import session
from app.core.errors import NotAllowedError
from app.core.events import emit


def follow_successor(account: Account, successor: Account) -> None:
    """Let our people who follow `account` follow `successor` in its place.

    Emits AccountMoved, and before it ProfileEdited when it is one of ours.

    Whether the two are one person is for the caller to know. Who may not follow the successor
    goes on following `account`; the successor itself only stops.
    """
    moved = []
    for follower in _our_followers(account):
        if follower.id == successor.id:
            end_follow(follower, account)
            continue
        try:
            with session().begin_nested():
                request_follow(follower, successor)
                end_follow(follower, account)
        except NotAllowedError:
            continue
        moved.append(follower.id)
    if account.is_local:
        account.changed_at = utcnow()
        emit(ProfileEdited(account.id))
    emit(AccountMoved(account.id, successor.id, tuple(moved)))


def _our_followers(account: Account) -> list[Account]:
    statement = (
        select(Account)
        .join(Following, Following.follower_id == Account.id)
        .where(
            Following.followed_id == account.id,
            Following.state.in_([FollowState.REQUESTED, FollowState.APPROVED]),
            Account.host.is_(None),
        )
        .order_by(Account.id)
    )
    return list(session().scalars(statement))
