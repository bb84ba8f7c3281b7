"""A file or picture that came with a post or comment; shown as a link, never loaded from afar."""

from sqlalchemy import Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import RowId, reference
from app.core.db import Base


class Attachment(Base):
    """An address with its media type and description, in the order it was given."""

    __tablename__ = "attachment"

    id: Mapped[RowId]
    post_id: Mapped[int | None] = mapped_column(reference("post.id"), index=True)
    comment_id: Mapped[int | None] = mapped_column(reference("comment.id"), index=True)
    position: Mapped[int] = mapped_column(Integer, default=0)
    url: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str | None] = mapped_column(String(100))
    description: Mapped[str] = mapped_column(Text, default="")
