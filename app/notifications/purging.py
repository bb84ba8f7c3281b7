"""What somebody has seen half a year ago is no news any more."""

from datetime import timedelta
from typing import Final

from app.core.batches import delete_some
from app.core.clock import utcnow
from app.notifications.models import Notification

READ_FOR: Final = timedelta(days=180)


def purge_notifications(limit: int) -> int:
    """Delete notifications that were read 180 days ago; return how many."""
    return delete_some(Notification.id, Notification.read_at < utcnow() - READ_FOR, limit)
