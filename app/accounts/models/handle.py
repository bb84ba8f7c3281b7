"""One name space for people, communities and listings (contract.md, federation.md decision 1)."""

from enum import StrEnum

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Instant, OptionalInstant
from app.core.db import Base


class HandleKind(StrEnum):
    """What a local name stands for."""

    PERSON = "person"
    COMMUNITY = "community"
    LISTING = "listing"
    RESERVED = "reserved"


class Handle(Base):
    """A local name; retired names stay, so that they are never given out again."""

    __tablename__ = "handle"

    name: Mapped[str] = mapped_column(String(30), primary_key=True)
    kind: Mapped[HandleKind] = mapped_column(String(20))
    taken_at: Mapped[Instant]
    retired_at: Mapped[OptionalInstant]
