"""A ban: somebody may not take part in one community, or on this whole server."""

from datetime import datetime

from sqlalchemy import Boolean, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models.account import Account
from app.core.columns import Instant, OptionalInstant, PublicId, RowId, UniqueUri, reference
from app.core.db import Base
from app.forum.models.community import Community


class Ban(Base):
    """In force from `made_at` until `expires_at` (None: for good) or until it was lifted.

    `community_id` None: on the whole server. `remote_uri` is the id of a Block that came from
    elsewhere. `removes_posts`: what the person wrote there was removed with it. Rows are kept when
    a ban is over: who was banned is remembered.
    """

    __tablename__ = "ban"
    __table_args__ = (Index("ix_ban_account", "account_id", "community_id"),)

    id: Mapped[RowId]
    public_id: Mapped[PublicId]
    remote_uri: Mapped[UniqueUri]
    account_id: Mapped[int] = mapped_column(reference("account.id"))
    community_id: Mapped[int | None] = mapped_column(reference("community.id"), index=True)
    by_id: Mapped[int | None] = mapped_column(reference("account.id", on_delete="SET NULL"))
    reason: Mapped[str] = mapped_column(Text, default="")
    removes_posts: Mapped[bool] = mapped_column(Boolean, default=False)
    made_at: Mapped[Instant]
    expires_at: Mapped[OptionalInstant]
    lifted_at: Mapped[OptionalInstant]

    account: Mapped[Account] = relationship(foreign_keys=[account_id])
    by: Mapped[Account | None] = relationship(foreign_keys=[by_id])
    community: Mapped[Community | None] = relationship()

    def is_in_force(self, now: datetime) -> bool:
        """Whether it counts at this moment."""
        return self.lifted_at is None and (self.expires_at is None or self.expires_at > now)
