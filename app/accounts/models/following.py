"""One person following another."""

from enum import StrEnum

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models.account import Account
from app.core.columns import Instant, OptionalInstant, PublicId, RowId, reference
from app.core.db import Base


class FollowState(StrEnum):
    """How far a request to follow has come."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"


class Following(Base):
    """`follower` follows `followed`; `request_uri` is the id of a remote Follow."""

    __tablename__ = "following"
    __table_args__ = (UniqueConstraint("follower_id", "followed_id"),)

    id: Mapped[RowId]
    public_id: Mapped[PublicId]
    follower_id: Mapped[int] = mapped_column(reference("account.id"))
    followed_id: Mapped[int] = mapped_column(reference("account.id"), index=True)
    state: Mapped[FollowState] = mapped_column(String(20), default=FollowState.REQUESTED)
    request_uri: Mapped[str | None] = mapped_column(Text)
    requested_at: Mapped[Instant]
    approved_at: Mapped[OptionalInstant]

    follower: Mapped[Account] = relationship(foreign_keys=[follower_id])
    followed: Mapped[Account] = relationship(foreign_keys=[followed_id])
