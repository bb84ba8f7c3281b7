"""How one fetch went; owners look here when their news does not appear."""

from enum import StrEnum

from sqlalchemy import Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Instant, RowId, reference
from app.core.db import Base

KEPT_PER_FEED = 50


class Outcome(StrEnum):
    """NOT_MODIFIED is a 304; SAME is a 200 with the bytes of last time; PAUSED was told to wait."""

    READ = "read"
    NOT_MODIFIED = "not_modified"
    SAME = "same"
    PAUSED = "paused"
    FAILED = "failed"


class FetchEvent(Base):
    """One fetch of one feed; the newest fifty of each are kept."""

    __tablename__ = "feed_fetch"
    __table_args__ = (
        Index("ix_feed_fetch_feed", "feed_id", "id"),
        Index("ix_feed_fetch_at", "at"),
    )

    id: Mapped[RowId]
    feed_id: Mapped[int] = mapped_column(reference("feed.id"))
    host: Mapped[str] = mapped_column(String(255))
    at: Mapped[Instant]
    outcome: Mapped[str] = mapped_column(String(20))
    status: Mapped[int | None] = mapped_column(Integer)
    cause: Mapped[str] = mapped_column(String(40), default="")
    detail: Mapped[str] = mapped_column(Text, default="")
    milliseconds: Mapped[int] = mapped_column(Integer, default=0)
    size: Mapped[int] = mapped_column(Integer, default=0)
    found: Mapped[int] = mapped_column(Integer, default=0)
    added: Mapped[int] = mapped_column(Integer, default=0)
    revised: Mapped[int] = mapped_column(Integer, default=0)
    parser: Mapped[str] = mapped_column(String(60), default="")
