"""What a person should know about."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models.account import Account
from app.core.columns import Instant, OptionalInstant, PublicId, RowId, reference
from app.core.db import Base
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.moderation.models.log_entry import LogEntry
from app.moderation.models.report import Report


class NotificationKind(StrEnum):
    """Why somebody is told; HELD is for moderators, the verdict on what was held for its writer.

    HANDLED is for who reported something; the last three are about what moderators did to somebody.
    """

    ANSWER = "answer"
    MENTION = "mention"
    REPORT = "report"
    HELD = "held"
    APPROVED = "approved"
    REFUSED = "refused"
    NOT_ADMITTED = "not_admitted"
    TURNED_DOWN = "turned_down"
    HANDLED = "handled"
    WARNED = "warned"
    BANNED = "banned"
    UNBANNED = "unbanned"
    MOVED = "moved"
    CLOSED = "closed"


class Notification(Base):
    """One thing for one person; told once per cause.

    `log_entry_id` is what a moderator did to this person: the reason and the end stand there.
    """

    __tablename__ = "notification"
    __table_args__ = (
        Index("ix_notification_reader", "account_id", "made_at", "id"),
        Index("uq_notification_comment", "account_id", "comment_id", unique=True),
    )

    id: Mapped[RowId]
    public_id: Mapped[PublicId]
    account_id: Mapped[int] = mapped_column(reference("account.id"))
    kind: Mapped[NotificationKind] = mapped_column(String(20))
    by_id: Mapped[int | None] = mapped_column(reference("account.id", on_delete="SET NULL"))
    post_id: Mapped[int | None] = mapped_column(reference("post.id"))
    comment_id: Mapped[int | None] = mapped_column(reference("comment.id"))
    report_id: Mapped[int | None] = mapped_column(reference("report.id"))
    community_id: Mapped[int | None] = mapped_column(reference("community.id"))
    log_entry_id: Mapped[int | None] = mapped_column(reference("log_entry.id"))
    made_at: Mapped[Instant]
    read_at: Mapped[OptionalInstant]

    by: Mapped[Account | None] = relationship(foreign_keys=[by_id])
    post: Mapped[Post | None] = relationship()
    comment: Mapped[Comment | None] = relationship()
    report: Mapped[Report | None] = relationship()
    community: Mapped[Community | None] = relationship()
    log_entry: Mapped[LogEntry | None] = relationship()

    @property
    def sort_at(self) -> datetime:
        """The time it is listed by."""
        return self.made_at
