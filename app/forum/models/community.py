"""A community: the place where people who do the same work talk."""

from sqlalchemy import Boolean, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models.addressed import Addressed
from app.core.columns import Instant, OptionalInstant, PublicId, RowId
from app.core.db import Base
from app.core.visibility import State, Visibility


class Community(Addressed, Base):
    """A forum group, ours or one elsewhere that our people follow (AS2 Group)."""

    __tablename__ = "community"
    ID_PATH = "/c/"
    __table_args__ = (
        Index("uq_community_remote_handle", "name", "host", unique=True),
        Index(
            "uq_community_local_name",
            "name",
            unique=True,
            sqlite_where=text("host IS NULL"),
            postgresql_where=text("host IS NULL"),
        ),
    )

    id: Mapped[RowId]
    public_id: Mapped[PublicId]
    title: Mapped[str] = mapped_column(String(200))
    description_source: Mapped[str] = mapped_column(Text, default="")
    description_html: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(10), default="nl")
    visibility: Mapped[Visibility] = mapped_column(String(20), default=Visibility.PUBLIC)
    state: Mapped[State] = mapped_column(String(20), default=State.PUBLISHED)
    is_posting_restricted: Mapped[bool] = mapped_column(Boolean, default=False)
    requires_membership: Mapped[bool] = mapped_column(Boolean, default=False)
    is_premoderated: Mapped[bool] = mapped_column(Boolean, default=False)
    member_count: Mapped[int] = mapped_column(Integer, default=0)
    post_count: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[Instant]
    changed_at: Mapped[Instant]
    active_at: Mapped[OptionalInstant]
