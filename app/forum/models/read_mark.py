"""How far somebody has read a thread."""

from sqlalchemy import Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Instant, reference
from app.core.db import Base


class ReadMark(Base):
    """When an account last opened a post, and how many comments it had then."""

    __tablename__ = "read_mark"

    account_id: Mapped[int] = mapped_column(reference("account.id"), primary_key=True)
    post_id: Mapped[int] = mapped_column(reference("post.id"), primary_key=True, index=True)
    read_at: Mapped[Instant]
    comment_count: Mapped[int] = mapped_column(Integer, default=0)
