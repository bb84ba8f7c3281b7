"""A person, local or remote: who somebody is to others."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Boolean, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, synonym

from app.accounts.models.addressed import Addressed
from app.accounts.models.credential import User
from app.core.columns import Instant, OptionalInstant, PublicId, RowId, reference
from app.core.db import Base


class AccountState(StrEnum):
    """Whether an account is there."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    DELETED = "deleted"


class Account(Addressed, Base):
    """A person (or bot, or organisation) who posts, votes and follows."""

    __tablename__ = "account"
    ID_PATH = "/u/"
    __table_args__ = (
        Index("uq_account_remote_handle", "name", "host", unique=True),
        Index(
            "uq_account_local_name",
            "name",
            unique=True,
            sqlite_where=text("host IS NULL"),
            postgresql_where=text("host IS NULL"),
        ),
    )

    id: Mapped[RowId]
    public_id: Mapped[PublicId]
    user_id: Mapped[int | None] = mapped_column(
        reference("sign_in_user.id", on_delete="SET NULL"), unique=True
    )
    display_name: Mapped[str] = mapped_column(String(200), default="")
    bio_source: Mapped[str] = mapped_column(Text, default="")
    bio_html: Mapped[str] = mapped_column(Text, default="")
    role_title: Mapped[str] = mapped_column(String(200), default="")
    organisation: Mapped[str] = mapped_column(String(200), default="")
    expertise: Mapped[list[str]] = mapped_column(JSON, default=list)
    is_bot: Mapped[bool] = mapped_column(Boolean, default=False)
    is_discoverable: Mapped[bool] = mapped_column(Boolean, default=True)
    locale: Mapped[str | None] = mapped_column(String(5))
    theme: Mapped[str | None] = mapped_column(String(5))
    state: Mapped[AccountState] = mapped_column(String(20), default=AccountState.ACTIVE)
    created_at: Mapped[Instant]
    changed_at: Mapped[Instant]
    deleted_at: Mapped[OptionalInstant]

    sort_at: Mapped[datetime] = synonym("created_at")
    user: Mapped[User | None] = relationship(lazy="raise_on_sql")

    @property
    def shown_name(self) -> str:
        """What to print where the person is named."""
        return self.display_name or self.name
