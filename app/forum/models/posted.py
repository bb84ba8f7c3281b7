"""What posts and comments have in common: author, text, three times, state."""

from datetime import datetime

from sqlalchemy import Integer, String, Text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from app.accounts.models.account import Account
from app.core.columns import (
    Instant,
    OptionalInstant,
    PublicId,
    RowId,
    UniqueUri,
    UtcDateTime,
    reference,
)
from app.core.visibility import WITHHELD, State


class Posted:
    """Mixin: `published_at` is claimed, `received_at` is ours, `sort_at` the earlier of both.

    `echoed_at`: when the remote community passed on what one of our people wrote there; until then
    nobody there may have seen it. `turned_down`: why that community would not have it.
    """

    id: Mapped[RowId]
    public_id: Mapped[PublicId]
    remote_uri: Mapped[UniqueUri]
    remote_url: Mapped[str | None] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(reference("account.id"), index=True)
    body_source: Mapped[str] = mapped_column(Text, default="")
    body_html: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(10), default="nl")
    state: Mapped[State] = mapped_column(String(20), default=State.PUBLISHED)
    state_at: Mapped[OptionalInstant]
    state_by_id: Mapped[int | None] = mapped_column(reference("account.id", on_delete="SET NULL"))
    state_reason: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[Instant]
    received_at: Mapped[Instant]
    changed_at: Mapped[Instant]
    edited_at: Mapped[OptionalInstant]
    sort_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    vote_count: Mapped[int] = mapped_column(Integer, default=0)
    echoed_at: Mapped[OptionalInstant]
    turned_down: Mapped[str | None] = mapped_column(Text)

    @declared_attr
    def author(cls) -> Mapped[Account]:  # noqa: N805  SQLAlchemy hands the class
        """Who wrote it."""
        return relationship(Account, foreign_keys=[cls.author_id])  # type: ignore[list-item]  # mypy sees the class

    @property
    def is_local(self) -> bool:
        """Whether it was written on this server."""
        return self.remote_uri is None

    @property
    def is_published(self) -> bool:
        """Whether its text may be shown."""
        return self.state == State.PUBLISHED

    @property
    def is_held(self) -> bool:
        """Whether it waits for a moderator."""
        return self.state == State.HELD

    @property
    def is_withheld(self) -> bool:
        """Whether it has never been shown: only its writer and the moderators know of it."""
        return self.state in WITHHELD
