"""The received activity behind an event, as the bytes that were signed."""

from app.core.db import session
from federation.models.inbox_activity import InboxActivity
from federation.provenance import current_inbox_activity_id


def received_bytes(*types: str) -> bytes | None:
    """Return the body of the activity being applied when it is one of `types`; else None."""
    row_id = current_inbox_activity_id()
    row = session().get(InboxActivity, row_id) if row_id is not None else None
    return row.body if row is not None and row.type in types else None
