"""The keys of who left stay until everybody could verify the departure (federation.md 3.6)."""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select, update

from app.accounts.models.account import Account, AccountState
from app.core.clock import utcnow
from app.core.db import session
from federation.models.actor import Actor
from federation.models.former_key import FormerKey

KEPT_FOR: Final = timedelta(days=30)


def purge_keys_of_departed(limit: int) -> int:
    """Forget the keys of our people who left 30 days ago; return of how many."""
    left = (
        select(Actor.id)
        .join(Account, Account.id == Actor.account_id)
        .where(
            Actor.host.is_(None),
            Actor.public_key.is_not(None),
            Account.state == AccountState.DELETED,
            Account.deleted_at < utcnow() - KEPT_FOR,
        )
        .limit(limit)
    )
    ids = list(session().scalars(left))
    if not ids:
        return 0
    no_sync = {"synchronize_session": False}
    session().execute(
        delete(FormerKey).where(FormerKey.actor_id.in_(ids)), execution_options=no_sync
    )
    nothing = dict.fromkeys(("public_key", "private_key", "proof_key", "private_proof_key"))
    session().execute(
        update(Actor).where(Actor.id.in_(ids)).values({**nothing, "proof_keys": {}}),
        execution_options=no_sync,
    )
    return len(ids)
