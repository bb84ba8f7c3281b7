"""Who passes for somebody that runs this server or one of its groups."""

from sqlalchemy import or_, select

from app.accounts.models.account import Account, AccountState
from app.accounts.queries import list_admin_ids
from app.core.db import session
from app.core.lookalikes import look_of
from app.forum.models.membership import MemberRole, Membership, MembershipState

MAX_STEWARDS = 500


def find_imitated(account: Account) -> Account | None:
    """Return one of ours with a task here for whom a hasty reader takes `account`, or None.

    A shown name that looks like theirs counts; a handle only when it is written with other letters,
    as many people are called `anna` somewhere. Who has a task here too imitates nobody.
    """
    stewards = _list_stewards()
    if any(one.id == account.id for one in stewards):
        return None
    return next((one for one in stewards if _passes_for(account, one)), None)


def _passes_for(account: Account, steward: Account) -> bool:
    shown = look_of(account.shown_name)
    if shown and shown in {look_of(steward.shown_name), look_of(steward.handle)}:
        return account.shown_name != account.name or account.name != steward.name
    is_written_otherwise = account.name.casefold() != steward.name
    return is_written_otherwise and look_of(account.name) == look_of(steward.name)


def _list_stewards() -> list[Account]:
    moderators = select(Membership.account_id).where(
        Membership.role.in_([MemberRole.MODERATOR, MemberRole.OWNER]),
        Membership.state == MembershipState.APPROVED,
    )
    statement = select(Account).where(
        Account.host.is_(None),
        Account.state == AccountState.ACTIVE,
        or_(Account.id.in_(moderators), Account.id.in_(list_admin_ids())),
    )
    return list(session().scalars(statement.order_by(Account.id).limit(MAX_STEWARDS)))
