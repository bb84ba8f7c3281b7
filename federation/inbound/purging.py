"""What came in is kept with its bytes for 30 days, without them for 90.

The bytes are there to find faults and to pass a text on that waited for a moderator; the ids keep
repeats out. Activities that failed are our fault: they keep their bytes.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select, update

from app.core.clock import utcnow
from app.core.db import session
from federation.models.inbox_activity import InboxActivity, InboxState

BYTES_FOR: Final = timedelta(days=30)
ROWS_FOR: Final = timedelta(days=90)
HANDLED: Final = (InboxState.DONE, InboxState.IGNORED, InboxState.REFUSED)
FINISHED: Final = (*HANDLED, InboxState.FAILED)


def purge_bodies(limit: int) -> int:
    """Blank the bytes of what was handled and came in 30 days ago; return how many."""
    old = (
        select(InboxActivity.id)
        .where(
            InboxActivity.state.in_(HANDLED),
            InboxActivity.received_at < utcnow() - BYTES_FOR,
            InboxActivity.body != b"",
        )
        .limit(limit)
    )
    blanked = session().execute(
        update(InboxActivity)
        .where(InboxActivity.id.in_(old.scalar_subquery()))
        .values(body=b"")
        .returning(InboxActivity.id)
        .execution_options(synchronize_session=False)
    )
    return len(blanked.all())


def purge_activities(limit: int) -> int:
    """Delete what is finished and came in 90 days ago."""
    old = (
        select(InboxActivity.id)
        .where(InboxActivity.state.in_(FINISHED), InboxActivity.received_at < utcnow() - ROWS_FOR)
        .limit(limit)
    )
    gone = session().execute(
        delete(InboxActivity)
        .where(InboxActivity.id.in_(old.scalar_subquery()))
        .returning(InboxActivity.id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())
