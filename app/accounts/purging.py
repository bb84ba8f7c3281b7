"""Invitations that nobody took up are forgotten, and sign-ins that ended."""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, or_, select

from app.accounts.models.credential import User
from app.accounts.models.invitation import Invitation
from app.accounts.models.login_session import LoginSession
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


def purge_sessions(limit: int) -> int:
    """Delete sign-ins that ran out or belong to a former password; return how many."""
    ended = (
        select(LoginSession.id)
        .join(User, User.id == LoginSession.user_id)
        .where(
            or_(LoginSession.expires_at <= utcnow(), LoginSession.user_key != User.fs_uniquifier)
        )
        .limit(limit)
    )
    gone = session().execute(
        delete(LoginSession)
        .where(LoginSession.id.in_(ended.scalar_subquery()))
        .returning(LoginSession.id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())
