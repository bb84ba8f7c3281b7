"""The public log: what moderators did, in the transaction in which they did it."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models.account import Account
from app.core.columns import Instant, OptionalInstant, PublicId, RowId, reference
from app.core.db import Base
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post


class LogEntry(Base):
    """One act; append-only. Titles are not kept here, so a removal removes them too.

    `account_id` is whom a ban, a warning or an appointment is about; `expires_at` when a ban ends.
    """

    __tablename__ = "log_entry"

    id: Mapped[RowId]
    public_id: Mapped[PublicId]
    at: Mapped[Instant]
    action: Mapped[str] = mapped_column(String(40))
    actor_id: Mapped[int | None] = mapped_column(reference("account.id", on_delete="SET NULL"))
    community_id: Mapped[int | None] = mapped_column(reference("community.id"), index=True)
    post_id: Mapped[int | None] = mapped_column(reference("post.id", on_delete="SET NULL"))
    comment_id: Mapped[int | None] = mapped_column(reference("comment.id", on_delete="SET NULL"))
    host: Mapped[str | None] = mapped_column(String(255))
    account_id: Mapped[int | None] = mapped_column(reference("account.id", on_delete="SET NULL"))
    expires_at: Mapped[OptionalInstant]
    reason: Mapped[str] = mapped_column(Text, default="")

    actor: Mapped[Account | None] = relationship(foreign_keys=[actor_id])
    account: Mapped[Account | None] = relationship(foreign_keys=[account_id])
    community: Mapped[Community | None] = relationship()
    post: Mapped[Post | None] = relationship()
    comment: Mapped[Comment | None] = relationship()

    @property
    def sort_at(self) -> datetime:
        """The time it is listed by."""
        return self.at
