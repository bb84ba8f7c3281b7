"""What came in is kept with its bytes for 30 days (large ones for one), without them for 90.

The bytes are there to find faults and to pass a text on that waited for a moderator; the ids keep
repeats out. Activities that failed are our fault: they keep their bytes.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import and_, func, or_

from app.core.batches import delete_some, update_some
from app.core.clock import utcnow
from federation.models.inbox_activity import InboxActivity, InboxState

BYTES_FOR: Final = timedelta(days=30)
LARGE: Final = 65_536
LARGE_FOR: Final = timedelta(days=1)
ROWS_FOR: Final = timedelta(days=90)
HANDLED: Final = (InboxState.DONE, InboxState.IGNORED, InboxState.REFUSED)
FINISHED: Final = (*HANDLED, InboxState.FAILED)


def purge_bodies(limit: int) -> int:
    """Blank the bytes of what was handled and came in 30 days ago; return how many.

    Of what is large after a day: else one server could fill the disk with a thousand of them.
    """
    now = utcnow()
    old = and_(
        InboxActivity.state.in_(HANDLED),
        or_(
            InboxActivity.received_at < now - BYTES_FOR,
            and_(
                InboxActivity.received_at < now - LARGE_FOR,
                func.length(InboxActivity.body) > LARGE,
            ),
        ),
        InboxActivity.body != b"",
    )
    return update_some(InboxActivity.id, old, {"body": b""}, limit)


def purge_activities(limit: int) -> int:
    """Delete what is finished and came in 90 days ago."""
    is_finished = InboxActivity.state.in_(FINISHED)
    old = is_finished & (InboxActivity.received_at < utcnow() - ROWS_FOR)
    return delete_some(InboxActivity.id, old, limit)
