"""The trace of a delivery: every attempt that did not end with a 2xx at once."""

from sqlalchemy import Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Instant, RowId, reference
from app.core.db import Base
from federation.models.peer import Scheme


class DeliveryAttempt(Base):
    """One attempt: a status and what the peer wrote, or an error when there was no answer."""

    __tablename__ = "delivery_attempt"

    id: Mapped[RowId]
    delivery_id: Mapped[int] = mapped_column(reference("delivery.id"), index=True)
    at: Mapped[Instant]
    status: Mapped[int | None] = mapped_column(Integer)
    answer: Mapped[str] = mapped_column(Text, default="")
    scheme: Mapped[Scheme | None] = mapped_column(String(10))
