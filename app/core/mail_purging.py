"""Mails are kept for a while: so that an administrator can answer "did it leave?"."""

from datetime import timedelta
from typing import Final

from sqlalchemy import and_, or_

from app.core.batches import delete_some
from app.core.clock import utcnow
from app.core.mail import Mail, MailState

SENT_FOR: Final = timedelta(days=30)
UNSENT_FOR: Final = timedelta(days=90)


def purge_mails(limit: int) -> int:
    """Delete mails that left 30 days ago, and those that never could after 90; return how many."""
    now = utcnow()
    is_unsent = Mail.state.in_([MailState.KEPT, MailState.FAILED])
    old = or_(
        and_(Mail.state == MailState.SENT, Mail.sent_at < now - SENT_FOR),
        and_(is_unsent, Mail.made_at < now - UNSENT_FOR),
    )
    return delete_some(Mail.id, old, limit)
