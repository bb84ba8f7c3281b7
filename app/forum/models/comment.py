"""A comment: an answer to a post or to another comment."""

from sqlalchemy import Index, Integer
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.addresses import local_uri
from app.core.columns import reference
from app.core.db import Base
from app.forum.models.post import Post
from app.forum.models.posted import Posted

MAX_DEPTH = 50  # Lemmy refuses deeper nesting (federation.md section 2.3)


class Comment(Posted, Base):
    """An answer in a thread; `parent_id` is None for an answer to the post itself."""

    __tablename__ = "comment"
    __table_args__ = (Index("ix_comment_post_sort", "post_id", "sort_at", "id"),)

    post_id: Mapped[int] = mapped_column(reference("post.id"))
    parent_id: Mapped[int | None] = mapped_column(
        reference("comment.id", on_delete="SET NULL"), index=True
    )
    depth: Mapped[int] = mapped_column(Integer, default=1)

    post: Mapped[Post] = relationship()

    @property
    def uri(self) -> str:
        """The id others know the comment by (AS2 `id`)."""
        return self.remote_uri or local_uri(f"/comment/{self.public_id}")

    @property
    def url(self) -> str:
        """The page people are sent to at its home."""
        return self.remote_url or self.uri
