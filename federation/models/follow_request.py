"""Asking again: a Follow of ours that was not answered (federation.md section 3.3)."""

from sqlalchemy import Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Instant, OptionalInstant, RowId, reference
from app.core.db import Base


class FollowRequest(Base):
    """How often we asked for one membership, and when we ask next; None: it has been answered."""

    __tablename__ = "follow_request"
    __table_args__ = (Index("ix_follow_request_due", "next_attempt_at"),)

    id: Mapped[RowId]
    membership_id: Mapped[int] = mapped_column(reference("membership.id"), unique=True)
    asked: Mapped[int] = mapped_column(Integer, default=1)
    asked_at: Mapped[Instant]
    next_attempt_at: Mapped[OptionalInstant]
