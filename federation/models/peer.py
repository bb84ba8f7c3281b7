"""Another server: what it runs, how it speaks, how it is doing."""

from enum import StrEnum

from sqlalchemy import Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Instant, OptionalInstant
from app.core.db import Base


class Dialect(StrEnum):
    """Which class of server a peer is (federation.md section 3.2)."""

    UNKNOWN = "unknown"
    FORUM = "forum"
    MICROBLOG = "microblog"


class Peer(Base):
    """One host (netloc). `retry_at` set: it does not answer, everything for it waits until then."""

    __tablename__ = "peer"

    host: Mapped[str] = mapped_column(String(255), primary_key=True)
    software: Mapped[str | None] = mapped_column(String(60))
    version: Mapped[str | None] = mapped_column(String(60))
    dialect: Mapped[Dialect] = mapped_column(String(20), default=Dialect.UNKNOWN)
    known_since: Mapped[Instant]
    nodeinfo_at: Mapped[OptionalInstant]
    heard_at: Mapped[OptionalInstant]
    succeeded_at: Mapped[OptionalInstant]
    failing_since: Mapped[OptionalInstant]
    failures: Mapped[int] = mapped_column(Integer, default=0)
    retry_at: Mapped[OptionalInstant]
    last_error: Mapped[str | None] = mapped_column(Text)
