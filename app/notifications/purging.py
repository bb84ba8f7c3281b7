"""What somebody has seen half a year ago is no news any more."""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select

from app.core.clock import utcnow
from app.core.db import session
from app.notifications.models import Notification

READ_FOR: Final = timedelta(days=180)


def purge_notifications(limit: int) -> int:
    """Delete notifications that were read 180 days ago; return how many."""
    old = select(Notification.id).where(Notification.read_at < utcnow() - READ_FOR).limit(limit)
    gone = session().execute(
        delete(Notification)
        .where(Notification.id.in_(old.scalar_subquery()))
        .returning(Notification.id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())
