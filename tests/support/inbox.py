"""What tests read of the inbox."""

from sqlalchemy import select

from app.core.db import session
from federation.models.inbox_activity import InboxActivity


def newest_row() -> InboxActivity:
    """Return the activity that arrived last."""
    session().rollback()
    session().expire_all()
    row = (
        session()
        .scalars(
            select(InboxActivity).where(InboxActivity.body != b"").order_by(InboxActivity.id.desc())
        )
        .first()
    )
    assert row is not None
    return row


def outcome() -> tuple[str, str | None]:
    """Return state and reason of the activity that arrived last."""
    row = newest_row()
    return str(row.state), row.reason
