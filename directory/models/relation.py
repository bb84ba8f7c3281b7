"""How listings hang together: succession, sameness, publishing."""

from enum import StrEnum

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.columns import RowId, reference
from app.core.db import Base
from directory.models.listing import Listing


class RelationType(StrEnum):
    """What the subject is to the object."""

    INTENDED_SUCCESSOR = "intended_successor"  # the subject is meant to merge into the object
    SUCCESSOR = "successor"  # the subject has merged into the object
    SAME_AS = "same_as"
    PUBLISHED_BY = "published_by"
    MEMBER_OF = "member_of"
    PART_OF = "part_of"


class Relation(Base):
    """`subject` has relation `type` to `object`; `basis` is the sentence that says so."""

    __tablename__ = "listing_relation"
    __table_args__ = (UniqueConstraint("subject_id", "type", "object_id"),)

    id: Mapped[RowId]
    subject_id: Mapped[int] = mapped_column(reference("listing.id"))
    object_id: Mapped[int] = mapped_column(reference("listing.id"), index=True)
    type: Mapped[str] = mapped_column(String(30))
    basis: Mapped[str] = mapped_column(Text, default="")
    on_date: Mapped[str | None] = mapped_column(String(20))

    subject: Mapped[Listing] = relationship(foreign_keys=[subject_id], lazy="raise_on_sql")
    object: Mapped[Listing] = relationship(foreign_keys=[object_id], lazy="raise_on_sql")
