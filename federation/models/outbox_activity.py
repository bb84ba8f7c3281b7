"""What our actors said; stored once as bytes, signed anew at every attempt."""

from enum import IntEnum

from sqlalchemy import Boolean, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.addresses import local_uri
from app.core.columns import Instant, PublicId, RowId, reference
from app.core.db import Base
from federation.models.actor import Actor


class Lane(IntEnum):
    """Who goes first when a host has much waiting."""

    CONTROL = 0
    CONTENT = 1
    VOTES = 2


class OutboxActivity(Base):
    """One activity of ours, served at its own id (federation.md decision 3).

    `tells_followers`: it is addressed to its actor's followers, so that servers may compare whom
    they know to follow (FEP-8fcf).
    """

    __tablename__ = "outbox_activity"
    __table_args__ = (Index("ix_outbox_activity_actor", "actor_id", "id"),)

    id: Mapped[RowId]
    public_id: Mapped[PublicId]
    type: Mapped[str] = mapped_column(String(40))
    actor_id: Mapped[int] = mapped_column(reference("actor.id"))
    object_uri: Mapped[str] = mapped_column(Text, index=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    lane: Mapped[Lane] = mapped_column(Integer, default=Lane.CONTENT)
    is_public: Mapped[bool] = mapped_column(Boolean, default=True)
    is_listed: Mapped[bool] = mapped_column(Boolean, default=False)
    tells_followers: Mapped[bool] = mapped_column(Boolean, default=False)
    made_at: Mapped[Instant]

    actor: Mapped[Actor] = relationship()

    @property
    def uri(self) -> str:
        """The AS2 id of the activity."""
        return local_uri(f"/activities/{self.type.lower()}/{self.public_id}")
