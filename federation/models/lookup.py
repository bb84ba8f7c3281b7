"""Somebody here looks for a group, a person or a post of another server."""

from enum import StrEnum

from sqlalchemy import Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Instant, OptionalInstant, PublicId, RowId, reference
from app.core.db import Base


class LookupState(StrEnum):
    """How far a search has come."""

    WAITING = "waiting"
    FOUND = "found"
    FAILED = "failed"


class Lookup(Base):
    """One question of one person.

    `found_uri` is the id of what was found, `reason` says why nothing was. Forgotten after a day:
    what was found stands on its own page.
    """

    __tablename__ = "lookup"
    __table_args__ = (Index("ix_lookup_due", "state", "next_attempt_at"),)

    id: Mapped[RowId]
    public_id: Mapped[PublicId]
    account_id: Mapped[int] = mapped_column(reference("account.id"), index=True)
    question: Mapped[str] = mapped_column(Text)
    state: Mapped[LookupState] = mapped_column(String(20), default=LookupState.WAITING)
    found_uri: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    asked_at: Mapped[Instant]
    next_attempt_at: Mapped[Instant]
    lease_until: Mapped[OptionalInstant]
