"""A post: the question, discussion or link that starts a thread."""

from enum import StrEnum
from urllib.parse import urlsplit

from sqlalchemy import Boolean, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.addresses import local_uri
from app.core.columns import OptionalInstant, reference
from app.core.db import Base
from app.core.visibility import Visibility
from app.forum.models.community import Community
from app.forum.models.posted import Posted


class PostKind(StrEnum):
    """What a post is for; all are AS2 Page on the wire."""

    QUESTION = "question"
    DISCUSSION = "discussion"
    LINK = "link"


class Post(Posted, Base):
    """A thread starter with a title.

    `context_uri` is the collection of the whole thread as its home names it (FEP-7888).
    """

    __tablename__ = "post"
    __table_args__ = (
        Index("ix_post_community_sort", "community_id", "sort_at", "id"),
        Index("ix_post_state_sort", "state", "sort_at", "id"),
    )

    community_id: Mapped[int] = mapped_column(reference("community.id"))
    kind: Mapped[PostKind] = mapped_column(String(20), default=PostKind.DISCUSSION)
    title: Mapped[str] = mapped_column(String(300))
    excerpt: Mapped[str] = mapped_column(Text, default="")
    link_url: Mapped[str | None] = mapped_column(Text)
    visibility: Mapped[Visibility] = mapped_column(String(20), default=Visibility.PUBLIC)
    is_pinned: Mapped[bool] = mapped_column(Boolean, default=False)
    is_locked: Mapped[bool] = mapped_column(Boolean, default=False)
    is_sensitive: Mapped[bool] = mapped_column(Boolean, default=False)
    comment_count: Mapped[int] = mapped_column(Integer, default=0)
    last_comment_at: Mapped[OptionalInstant]
    context_uri: Mapped[str | None] = mapped_column(Text)

    community: Mapped[Community] = relationship()

    @property
    def uri(self) -> str:
        """The id others know the post by (AS2 `id`)."""
        return self.remote_uri or local_uri(f"/post/{self.public_id}")

    @property
    def url(self) -> str:
        """The page people are sent to at its home."""
        return self.remote_url or self.uri

    @property
    def link_host(self) -> str:
        """The host its link leads to, "" without a link."""
        return urlsplit(self.link_url or "").netloc
