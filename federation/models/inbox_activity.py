"""What arrived and was verified; kept as the very bytes that were signed."""

from enum import StrEnum

from sqlalchemy import Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Instant, OptionalInstant, RowId
from app.core.db import Base


class InboxState(StrEnum):
    """What has become of an activity."""

    WAITING = "waiting"
    FETCHING = "fetching"
    ORPHANED = "orphaned"
    DONE = "done"
    IGNORED = "ignored"
    REFUSED = "refused"
    FAILED = "failed"


class InboxActivity(Base):
    """One verified activity; applied in the order of `id`.

    FETCHING: applying it needs the document at `needs_uri` first. ORPHANED: that could not be
    fetched; should it arrive by itself, this row is applied after it. `verified_by`: "signature",
    or "proof" when another server passed it on.
    """

    __tablename__ = "inbox_activity"
    __table_args__ = (
        UniqueConstraint("signer_host", "activity_uri"),
        Index("ix_inbox_activity_due", "state", "next_attempt_at", "id"),
        Index("ix_inbox_activity_needs", "needs_uri"),
    )

    id: Mapped[RowId]
    activity_uri: Mapped[str] = mapped_column(Text)
    signer_host: Mapped[str] = mapped_column(String(255))
    signer_uri: Mapped[str] = mapped_column(Text)
    type: Mapped[str] = mapped_column(String(60))
    verified_by: Mapped[str] = mapped_column(String(10), default="signature")
    body: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[InboxState] = mapped_column(String(20), default=InboxState.WAITING)
    reason: Mapped[str | None] = mapped_column(Text)
    needs_uri: Mapped[str | None] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    fetches: Mapped[int] = mapped_column(Integer, default=0)
    received_at: Mapped[Instant]
    next_attempt_at: Mapped[Instant]
    lease_until: Mapped[OptionalInstant]
    handled_at: Mapped[OptionalInstant]
