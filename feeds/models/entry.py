"""What feeds brought, as plain text: nothing here is markup, so nothing here can bite."""

from datetime import datetime

from sqlalchemy import JSON, Boolean, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.columns import Instant, OptionalInstant, PublicId, RowId, reference
from app.core.db import Base
from feeds.models.feed import Feed


class Entry(Base):
    """One item of one feed.

    `key` is the hash of its identity within the feed, `guid` the id as the publisher wrote it.
    `published` is the date as claimed, future or not; `sort_at` is the earlier of that and
    `received_at`, and never changes. `text` is for search and comparison; pages show `excerpt` and
    send the reader to `url`. `is_backlog` marks what was there before we came. `copy_of_id` is the
    same story in another feed, first seen there.
    """

    __tablename__ = "feed_entry"
    __table_args__ = (
        UniqueConstraint("feed_id", "key"),
        Index("ix_feed_entry_river", "copy_of_id", "sort_at", "id"),
        Index("ix_feed_entry_feed_sort", "feed_id", "sort_at", "id"),
    )

    id: Mapped[RowId]
    public_id: Mapped[PublicId]
    feed_id: Mapped[int] = mapped_column(reference("feed.id"))
    key: Mapped[str] = mapped_column(String(64))
    guid: Mapped[str] = mapped_column(Text, default="")
    url: Mapped[str | None] = mapped_column(Text)
    canonical_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    copy_of_id: Mapped[int | None] = mapped_column(reference("feed_entry.id", on_delete="SET NULL"))
    title: Mapped[str] = mapped_column(Text, default="")
    author: Mapped[str] = mapped_column(Text, default="")
    excerpt: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text, default="", deferred=True)
    categories: Mapped[list[str]] = mapped_column(JSON, default=list)
    enclosures: Mapped[list[dict[str, str | int | None]]] = mapped_column(JSON, default=list)
    language: Mapped[str] = mapped_column(String(10), default="")
    published: Mapped[OptionalInstant]
    published_text: Mapped[str] = mapped_column(Text, default="")
    updated: Mapped[OptionalInstant]
    received_at: Mapped[Instant]
    changed_at: Mapped[Instant]
    sort_at: Mapped[Instant]
    content_hash: Mapped[str] = mapped_column(String(64))
    is_backlog: Mapped[bool] = mapped_column(Boolean, default=False)

    feed: Mapped[Feed] = relationship(lazy="raise_on_sql")

    @property
    def shown_title(self) -> str:
        """The title, or the beginning of the text when there is none."""
        return self.title or self.excerpt[:100] or self.url or ""

    @property
    def shown_at(self) -> datetime | None:
        """When it was published, as far as we believe it; None when it is undated."""
        return None if self.published is None else self.sort_at

    @property
    def uri(self) -> str:
        """A stable id for feeds of ours (RFC 4151 has no need of a page)."""
        return f"urn:uuid:{self.public_id}"


class EntryVersion(Base):
    """How an entry read before it was changed; the newest ten are kept."""

    __tablename__ = "feed_entry_version"

    id: Mapped[RowId]
    entry_id: Mapped[int] = mapped_column(reference("feed_entry.id"), index=True)
    title: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text, default="")
    url: Mapped[str | None] = mapped_column(Text)
    replaced_at: Mapped[Instant]
