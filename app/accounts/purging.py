"""Invitations that nobody took up are forgotten, and sign-ins that ended."""

from datetime import timedelta
from typing import Final

from sqlalchemy import or_, select

from app.accounts.models.credential import User
from app.accounts.models.invitation import Invitation
from app.accounts.models.login_session import LoginSession
from app.core.batches import delete_some
from app.core.clock import utcnow

EXPIRED_FOR: Final = timedelta(days=30)


def purge_invitations(limit: int) -> int:
    """Delete invitations that expired 30 days ago without being used; return how many."""
    old = Invitation.used_at.is_(None) & (Invitation.expires_at < utcnow() - EXPIRED_FOR)
    return delete_some(Invitation.id, old, limit)


def purge_sessions(limit: int) -> int:
    """Delete sign-ins that ran out or belong to a former password; return how many."""
    current = select(User.fs_uniquifier)
    ended = or_(LoginSession.expires_at <= utcnow(), LoginSession.user_key.not_in(current))
    return delete_some(LoginSession.id, ended, limit)
