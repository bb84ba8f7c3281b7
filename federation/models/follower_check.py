"""Another server's list of who of us follows one of its actors, when it differs from ours."""

from sqlalchemy import Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.columns import Instant, OptionalInstant, RowId, reference
from app.core.db import Base
from federation.models.actor import Actor


class FollowerCheck(Base):
    """One remote actor (FEP-8fcf): `url` lists its followers here, as it told us at `noted_at`.

    `next_attempt_at` set: the list is to be fetched then.
    """

    __tablename__ = "follower_check"
    __table_args__ = (Index("ix_follower_check_due", "next_attempt_at"),)

    id: Mapped[RowId]
    actor_id: Mapped[int] = mapped_column(reference("actor.id"), unique=True)
    url: Mapped[str] = mapped_column(Text)
    noted_at: Mapped[Instant]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_attempt_at: Mapped[OptionalInstant]
    lease_until: Mapped[OptionalInstant]

    actor: Mapped[Actor] = relationship()
