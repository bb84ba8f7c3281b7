"""What was taken back before it came: an Undo or a Delete that overtook what it is about."""

from enum import StrEnum

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Instant, RowId
from app.core.db import Base


class WithdrawalKind(StrEnum):
    """How something was taken back."""

    UNDONE = "undone"
    DELETED = "deleted"


class Withdrawal(Base):
    """`uri` (of an activity or an object) is void; `by_uri` said so, who may speak for it."""

    __tablename__ = "withdrawal"
    __table_args__ = (UniqueConstraint("uri", "by_uri"),)

    id: Mapped[RowId]
    kind: Mapped[WithdrawalKind] = mapped_column(String(10))
    uri: Mapped[str] = mapped_column(Text)
    by_uri: Mapped[str] = mapped_column(Text)
    noted_at: Mapped[Instant]
