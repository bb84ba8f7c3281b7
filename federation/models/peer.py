"""Another server: what it runs, how it speaks, how it is doing."""

from enum import StrEnum

from sqlalchemy import Boolean, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Instant, OptionalInstant
from app.core.db import Base


class Dialect(StrEnum):
    """Which class of server a peer is (federation.md section 3.2)."""

    UNKNOWN = "unknown"
    FORUM = "forum"
    MICROBLOG = "microblog"


class Scheme(StrEnum):
    """With which kind of signature a request is signed."""

    CAVAGE = "cavage"
    RFC9421 = "rfc9421"


class Peer(Base):
    """One host (netloc). `retry_at` set: it does not answer, everything for it waits until then.

    `scheme` is the kind of signature it took last, noted at `scheme_at`. `set_dialect` is what an
    administrator says it is, whatever its NodeInfo tells. `failing_days` counts the days on which
    it failed and never answered. `quarantined_at`: nothing new is taken from it until an
    administrator has looked (too many of its keys changed at once); `released_at`: one has.
    """

    __tablename__ = "peer"

    host: Mapped[str] = mapped_column(String(255), primary_key=True)
    software: Mapped[str | None] = mapped_column(String(60))
    version: Mapped[str | None] = mapped_column(String(60))
    dialect: Mapped[Dialect] = mapped_column(String(20), default=Dialect.UNKNOWN)
    set_dialect: Mapped[Dialect | None] = mapped_column(String(20))
    scheme: Mapped[Scheme | None] = mapped_column(String(10))
    scheme_at: Mapped[OptionalInstant]
    wants_unsigned_gets: Mapped[bool] = mapped_column(Boolean, default=False)
    known_since: Mapped[Instant]
    nodeinfo_at: Mapped[OptionalInstant]
    heard_at: Mapped[OptionalInstant]
    succeeded_at: Mapped[OptionalInstant]
    failing_since: Mapped[OptionalInstant]
    failures: Mapped[int] = mapped_column(Integer, default=0)
    failing_days: Mapped[int] = mapped_column(Integer, default=0)
    failed_on: Mapped[OptionalInstant]
    quarantined_at: Mapped[OptionalInstant]
    released_at: Mapped[OptionalInstant]
    retry_at: Mapped[OptionalInstant]
    last_error: Mapped[str | None] = mapped_column(Text)
