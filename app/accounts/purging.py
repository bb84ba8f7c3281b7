"""Invitations that nobody took up are forgotten."""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select

from app.accounts.models.invitation import Invitation
from app.core.clock import utcnow
from app.core.db import session

EXPIRED_FOR: Final = timedelta(days=30)


def purge_invitations(limit: int) -> int:
    """Delete invitations that expired 30 days ago without being used; return how many."""
    old = (
        select(Invitation.id)
        .where(Invitation.used_at.is_(None), Invitation.expires_at < utcnow() - EXPIRED_FOR)
        .limit(limit)
    )
    gone = session().execute(
        delete(Invitation)
        .where(Invitation.id.in_(old.scalar_subquery()))
        .returning(Invitation.id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())
