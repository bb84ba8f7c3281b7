"""Who may register: somebody with an invitation, or with an address at a known domain."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Instant, OptionalInstant, RowId, reference
from app.core.db import Base


class Invitation(Base):
    """A code that lets one person register; bound to an address when one was given."""

    __tablename__ = "invitation"

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str | None] = mapped_column(String(255))
    made_by_id: Mapped[int | None] = mapped_column(reference("account.id", on_delete="SET NULL"))
    made_at: Mapped[Instant]
    expires_at: Mapped[OptionalInstant]
    used_at: Mapped[OptionalInstant]
    used_by_id: Mapped[int | None] = mapped_column(
        reference("account.id", on_delete="SET NULL"), index=True
    )


class EmailDomain(Base):
    """A mail domain whose people may register without an invitation, such as a hogeschool's."""

    __tablename__ = "email_domain"

    domain: Mapped[str] = mapped_column(String(255), primary_key=True)
    added_at: Mapped[Instant]
