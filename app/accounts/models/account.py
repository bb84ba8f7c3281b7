"""A person, local or remote: who somebody is to others."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Boolean, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, synonym

from app.accounts.models.credential import User
from app.core.addresses import local_host, local_uri
from app.core.columns import Instant, OptionalInstant, PublicId, RowId, UniqueUri, reference
from app.core.db import Base


class AccountState(StrEnum):
    """Whether an account is there."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    DELETED = "deleted"


class Account(Base):
    """A person (or bot, or organisation) who posts, votes and follows.

    `host` and `remote_uri` are None for our own people: their ids are computed from `name`.
    """

    __tablename__ = "account"
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
    name: Mapped[str] = mapped_column(String(255))
    host: Mapped[str | None] = mapped_column(String(255))
    remote_uri: Mapped[UniqueUri]
    remote_url: Mapped[str | None] = mapped_column(Text)
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
    def is_local(self) -> bool:
        """Whether this person lives on this server."""
        return self.host is None

    @property
    def uri(self) -> str:
        """The id others know the person by (AS2 `id`)."""
        return self.remote_uri or local_uri(f"/u/{self.name}")

    @property
    def url(self) -> str:
        """The person's own page (AS2 `url`)."""
        return self.remote_url or self.uri

    @property
    def handle(self) -> str:
        """`name@host`, as typed into a search box."""
        return f"{self.name}@{self.host or local_host()}"

    @property
    def page_name(self) -> str:
        """The last part of our page about this person: `/u/<page_name>`."""
        return self.name if self.host is None else f"{self.name}@{self.host}"

    @property
    def shown_name(self) -> str:
        """What to print where the person is named."""
        return self.display_name or self.name
