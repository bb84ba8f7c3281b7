"""Which topics a listing is about, and who says so."""

from enum import StrEnum

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.columns import reference
from app.core.db import Base
from directory.models.topic import Topic


class TopicRole(StrEnum):
    """MAIN: the source lists it under this topic. CANDIDATE: our reading, which may be wrong."""

    MAIN = "hoofd"
    CANDIDATE = "kandidaat"


class ListingTopic(Base):
    """One listing under one topic; `term` is how the source words it."""

    __tablename__ = "listing_topic"

    listing_id: Mapped[int] = mapped_column(reference("listing.id"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(reference("topic.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(20), default=TopicRole.MAIN.value)
    term: Mapped[str] = mapped_column(String(200), default="")
    position: Mapped[int] = mapped_column(Integer, default=0)

    topic: Mapped[Topic] = relationship(lazy="raise_on_sql")

    @property
    def is_candidate(self) -> bool:
        """Whether this is our reading and not the source's."""
        return self.role == TopicRole.CANDIDATE
