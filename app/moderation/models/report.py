"""A report: somebody asks the moderators to look at something."""

from enum import StrEnum

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models.account import Account
from app.core.columns import Instant, OptionalInstant, PublicId, RowId, UniqueUri, reference
from app.core.db import Base
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post


class ReportState(StrEnum):
    """Whether somebody has dealt with it."""

    OPEN = "open"
    RESOLVED = "resolved"


class Report(Base):
    """What was reported, by whom, why, and what came of it.

    `account_id` is the person it is about: the author, or somebody reported as a person (then there
    is no post or comment, and without a community it is for the administrators). A whole community
    is reported to the administrators as well: `about_community_id`. A server may report without
    saying who complained: then `reporter_host` names it and there is no reporter.
    `remote_uri` is the id of a Flag that came from elsewhere.
    """

    __tablename__ = "report"

    id: Mapped[RowId]
    public_id: Mapped[PublicId]
    remote_uri: Mapped[UniqueUri]
    reporter_id: Mapped[int | None] = mapped_column(reference("account.id"))
    reporter_host: Mapped[str | None] = mapped_column(String(255))
    account_id: Mapped[int | None] = mapped_column(reference("account.id"), index=True)
    community_id: Mapped[int | None] = mapped_column(reference("community.id"), index=True)
    about_community_id: Mapped[int | None] = mapped_column(reference("community.id"), index=True)
    post_id: Mapped[int | None] = mapped_column(reference("post.id"), index=True)
    comment_id: Mapped[int | None] = mapped_column(reference("comment.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[ReportState] = mapped_column(String(20), default=ReportState.OPEN)
    outcome: Mapped[str | None] = mapped_column(Text)
    made_at: Mapped[Instant]
    resolved_at: Mapped[OptionalInstant]
    resolved_by_id: Mapped[int | None] = mapped_column(
        reference("account.id", on_delete="SET NULL")
    )

    reporter: Mapped[Account | None] = relationship(foreign_keys=[reporter_id])
    account: Mapped[Account | None] = relationship(foreign_keys=[account_id])
    resolved_by: Mapped[Account | None] = relationship(foreign_keys=[resolved_by_id])
    community: Mapped[Community | None] = relationship(foreign_keys=[community_id])
    about_community: Mapped[Community | None] = relationship(foreign_keys=[about_community_id])
    post: Mapped[Post | None] = relationship()
    comment: Mapped[Comment | None] = relationship()

    @property
    def target(self) -> Post | Comment | None:
        """What was reported; None for a person."""
        return self.comment or self.post

    @property
    def thread_id(self) -> int | None:
        """The post in whose thread it stands."""
        return self.post_id if self.comment is None else self.comment.post_id
