"""A feed we read, when it is read again, and how it is doing."""

from enum import StrEnum

from sqlalchemy import JSON, Boolean, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Instant, OptionalInstant, PublicId, RowId
from app.core.db import Base


class FeedState(StrEnum):
    """ACTIVE is read; GONE said so (410); STOPPED has no listing any more.

    Two are shown to nobody: WITHDRAWN by the publisher, WAITING for a listing since it came in.
    """

    ACTIVE = "active"
    GONE = "gone"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"
    WAITING = "waiting"


class Feed(Base):
    """One address that is read, with everything the next fetch and the owner need to know.

    `publisher_name` and `publisher_path` (a page of ours) say whose news it is. `etag` and
    `last_modified` are kept byte for byte. `median_gap_seconds` is over the last twelve entries.
    `attempts` counts failures since the last success, `lease_until` marks a fetch under way.
    """

    __tablename__ = "feed"
    __table_args__ = (
        Index("ix_feed_due", "state", "next_fetch_at"),
        Index("ix_feed_host", "host"),
    )

    id: Mapped[RowId]
    public_id: Mapped[PublicId]
    url: Mapped[str] = mapped_column(Text, unique=True)
    host: Mapped[str] = mapped_column(String(255))
    publisher_name: Mapped[str] = mapped_column(String(300))
    publisher_path: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(20), default=FeedState.ACTIVE.value)
    added_at: Mapped[Instant]

    # What the document says of itself
    kind: Mapped[str] = mapped_column(String(10), default="")
    title: Mapped[str] = mapped_column(Text, default="")
    home_url: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(10), default="")
    warnings: Mapped[list[str]] = mapped_column(JSON, default=list)

    # The next fetch
    next_fetch_at: Mapped[Instant]
    lease_until: Mapped[OptionalInstant]
    asked_at: Mapped[OptionalInstant]
    etag: Mapped[str | None] = mapped_column(Text)
    last_modified: Mapped[str | None] = mapped_column(Text)
    body_hash: Mapped[str | None] = mapped_column(String(64))
    full_fetch_at: Mapped[OptionalInstant]
    ignores_conditions: Mapped[bool] = mapped_column(Boolean, default=False)
    max_age_seconds: Mapped[int] = mapped_column(Integer, default=0)
    ttl_minutes: Mapped[int] = mapped_column(Integer, default=0)
    update_minutes: Mapped[int] = mapped_column(Integer, default=0)
    skip_hours: Mapped[list[int]] = mapped_column(JSON, default=list)
    skip_days: Mapped[list[int]] = mapped_column(JSON, default=list)
    median_gap_seconds: Mapped[int] = mapped_column(Integer, default=0)
    newest_entry_at: Mapped[OptionalInstant]

    # How it is doing
    fetched_at: Mapped[OptionalInstant]
    succeeded_at: Mapped[OptionalInstant]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    failing_since: Mapped[OptionalInstant]
    cause: Mapped[str] = mapped_column(String(40), default="")
    cause_detail: Mapped[str] = mapped_column(Text, default="")
    gone_seen_at: Mapped[OptionalInstant]
    asked_to_wait_until: Mapped[OptionalInstant]

    # A move that is being watched, and the address before the last one
    move_url: Mapped[str | None] = mapped_column(Text)
    move_first_seen_at: Mapped[OptionalInstant]
    move_sightings: Mapped[int] = mapped_column(Integer, default=0)
    previous_url: Mapped[str | None] = mapped_column(Text)
    moved_at: Mapped[OptionalInstant]

    @property
    def is_seeded(self) -> bool:
        """Whether it has been read before: what a first fetch brings is archive, not news."""
        return self.full_fetch_at is not None

    @property
    def name(self) -> str:
        """Whose news it is: the publisher, else what the feed calls itself, else its host."""
        return self.publisher_name or self.title or self.host

    @property
    def path(self) -> str:
        """Our page about the feed."""
        return f"/nieuws/bronnen/{self.public_id}"


class FeedHost(Base):
    """A host that feeds live on: one fetch at a time, spaced, and later when it asks so."""

    __tablename__ = "feed_host"

    name: Mapped[str] = mapped_column(String(255), primary_key=True)
    next_fetch_at: Mapped[Instant]
    lease_until: Mapped[OptionalInstant]
