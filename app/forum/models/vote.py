"""A vote: "nuttig", one per person and thing."""

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models.account import Account
from app.core.columns import Instant, PublicId, RowId, reference
from app.core.db import Base
from app.forum.models.comment import Comment
from app.forum.models.post import Post


class Vote(Base):
    """Somebody found a post or a comment useful; `request_uri` is the id of a remote Like."""

    __tablename__ = "vote"
    __table_args__ = (
        UniqueConstraint("account_id", "post_id"),
        UniqueConstraint("account_id", "comment_id"),
        CheckConstraint("(post_id IS NULL) <> (comment_id IS NULL)", name="one_target"),
    )

    id: Mapped[RowId]
    public_id: Mapped[PublicId]
    account_id: Mapped[int] = mapped_column(reference("account.id"))
    post_id: Mapped[int | None] = mapped_column(reference("post.id"), index=True)
    comment_id: Mapped[int | None] = mapped_column(reference("comment.id"), index=True)
    request_uri: Mapped[str | None] = mapped_column(Text, index=True)
    cast_at: Mapped[Instant]

    account: Mapped[Account] = relationship()
    post: Mapped[Post | None] = relationship()
    comment: Mapped[Comment | None] = relationship()
