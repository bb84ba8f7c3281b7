"""Mails are kept for a while: so that an administrator can answer "did it leave?"."""

from datetime import timedelta
from typing import Final

from sqlalchemy import and_, delete, or_, select

from app.core.clock import utcnow
from app.core.db import session
from app.core.mail import Mail, MailState

SENT_FOR: Final = timedelta(days=30)
UNSENT_FOR: Final = timedelta(days=90)


def purge_mails(limit: int) -> int:
    """Delete mails that left 30 days ago, and those that never could after 90; return how many."""
    now = utcnow()
    old = (
        select(Mail.id)
        .where(
            or_(
                and_(Mail.state == MailState.SENT, Mail.sent_at < now - SENT_FOR),
                and_(
                    Mail.state.in_([MailState.KEPT, MailState.FAILED]),
                    Mail.made_at < now - UNSENT_FOR,
                ),
            )
        )
        .limit(limit)
    )
    gone = session().execute(
        delete(Mail)
        .where(Mail.id.in_(old.scalar_subquery()))
        .returning(Mail.id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())
