"""One activity on its way to one inbox."""

from enum import StrEnum

from sqlalchemy import Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.columns import Instant, OptionalInstant, RowId, reference
from app.core.db import Base
from federation.models.outbox_activity import OutboxActivity


class DeliveryState(StrEnum):
    """What has become of a delivery."""

    WAITING = "waiting"
    DONE = "done"
    SKIPPED = "skipped"
    DROPPED = "dropped"
    EXPIRED = "expired"


class DeliveryDialect(StrEnum):
    """To which class of server this variant goes (federation.md section 3.2)."""

    ANY = "any"
    FORUMS = "forums"
    MICROBLOGS = "microblogs"


class Delivery(Base):
    """State, attempts, next attempt and lease of one POST.

    `order_key` (thread or actor) keeps its order per host. `dialect` says for which class of server
    it is; which class a host is, is looked up in its own lane before the first content goes there.
    `signed_by` names one of the two keys of an actor whose key was replaced: the one a peer took
    after it refused the other, or, while this waits, the one it refused.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("outbox_activity_id", "inbox_url"),
        Index("ix_delivery_due", "state", "next_attempt_at", "id"),
        Index("ix_delivery_order", "host", "order_key", "state", "id"),
        Index(
            "ix_delivery_leased",
            "lease_until",
            "host",
            sqlite_where=text("lease_until IS NOT NULL"),
            postgresql_where=text("lease_until IS NOT NULL"),
        ),
    )

    id: Mapped[RowId]
    outbox_activity_id: Mapped[int] = mapped_column(reference("outbox_activity.id"))
    inbox_url: Mapped[str] = mapped_column(Text)
    host: Mapped[str] = mapped_column(String(255))
    order_key: Mapped[str] = mapped_column(Text)
    lane: Mapped[int] = mapped_column(Integer)
    dialect: Mapped[DeliveryDialect] = mapped_column(String(20), default=DeliveryDialect.ANY)
    state: Mapped[DeliveryState] = mapped_column(String(20), default=DeliveryState.WAITING)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    made_at: Mapped[Instant]
    next_attempt_at: Mapped[Instant]
    lease_until: Mapped[OptionalInstant]
    last_status: Mapped[int | None] = mapped_column(Integer)
    last_error: Mapped[str | None] = mapped_column(Text)
    done_at: Mapped[OptionalInstant]
    signed_by: Mapped[str | None] = mapped_column(String(16))

    activity: Mapped[OutboxActivity] = relationship()
