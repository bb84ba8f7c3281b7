"""An inbox that its server says is not there (404 or 410); kept until it answers or is given up."""

from sqlalchemy import Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Instant, OptionalInstant, RowId
from app.core.db import Base


class FailingInbox(Base):
    """`days` are the distinct days on which it was missing, the last of them `failed_on`.

    `checked_at`: when the documents of who lives there were fetched again, as they may have moved.
    """

    __tablename__ = "failing_inbox"

    id: Mapped[RowId]
    inbox_url: Mapped[str] = mapped_column(Text, unique=True)
    days: Mapped[int] = mapped_column(Integer, default=1)
    failed_on: Mapped[Instant]
    checked_at: Mapped[OptionalInstant]
