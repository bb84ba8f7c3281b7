"""Reading what a remote community had before somebody here followed it, and what was missed since.

The rows are the truth: a killed worker goes on where the last committed step ended.
"""

from enum import StrEnum

from sqlalchemy import JSON, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.columns import Instant, OptionalInstant, RowId, reference
from app.core.db import Base
from app.forum.models.community import Community
from app.forum.models.post import Post


class BackfillState(StrEnum):
    """How far a reading has come."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class BackfillStep(StrEnum):
    """What is read next."""

    GROUP = "group"
    MODERATORS = "moderators"
    FEATURED = "featured"
    OUTBOX = "outbox"
    THREADS = "threads"


class CommunityBackfill(Base):
    """One remote community, read `step` by step.

    `next_url` is the page to read next, `left` the ids that are still to be fetched, in order.
    `seen` counts the items that were new to us, `taken` those that are shown now, `pages` the
    pages read. With `finished_at` it has been read once, and is only brought up to date.
    """

    __tablename__ = "community_backfill"
    __table_args__ = (
        UniqueConstraint("community_id"),
        Index("ix_community_backfill_due", "state", "next_attempt_at"),
    )

    id: Mapped[RowId]
    community_id: Mapped[int] = mapped_column(reference("community.id"))
    state: Mapped[BackfillState] = mapped_column(String(20), default=BackfillState.WAITING)
    step: Mapped[BackfillStep] = mapped_column(String(20), default=BackfillStep.GROUP)
    next_url: Mapped[str | None] = mapped_column(Text)
    left: Mapped[list[str]] = mapped_column(JSON, default=list)
    pages: Mapped[int] = mapped_column(Integer, default=0)
    seen: Mapped[int] = mapped_column(Integer, default=0)
    taken: Mapped[int] = mapped_column(Integer, default=0)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    reason: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[Instant]
    next_attempt_at: Mapped[Instant]
    lease_until: Mapped[OptionalInstant]
    finished_at: Mapped[OptionalInstant]
    reconciled_at: Mapped[OptionalInstant]

    community: Mapped[Community] = relationship()


class ThreadCheck(Base):
    """One thread of a remote community: when its home was last asked what it holds.

    `context_uri` is the collection its home names (FEP-7888) or that we found; `etag` that of its
    last answer. `next_url` is the page to read next; `left` the ids that are still to be fetched,
    in order, those of further collections with a "+" before them. `seen` counts the things listed,
    `actors` the people met for them.
    """

    __tablename__ = "thread_check"
    __table_args__ = (
        UniqueConstraint("post_id"),
        Index("ix_thread_check_due", "state", "next_attempt_at"),
    )

    id: Mapped[RowId]
    post_id: Mapped[int] = mapped_column(reference("post.id"))
    state: Mapped[BackfillState] = mapped_column(String(20), default=BackfillState.WAITING)
    context_uri: Mapped[str | None] = mapped_column(Text)
    etag: Mapped[str | None] = mapped_column(Text)
    next_url: Mapped[str | None] = mapped_column(Text)
    left: Mapped[list[str]] = mapped_column(JSON, default=list)
    seen: Mapped[int] = mapped_column(Integer, default=0)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    reason: Mapped[str | None] = mapped_column(Text)
    actors: Mapped[int] = mapped_column(Integer, default=0)
    asked_at: Mapped[Instant]
    next_attempt_at: Mapped[Instant]
    lease_until: Mapped[OptionalInstant]
    checked_at: Mapped[OptionalInstant]

    post: Mapped[Post] = relationship()
