"""Who may sign in: the rows Flask-Security-Too works with, on our own base."""

from flask_security.core import RoleMixin, UserMixin
from sqlalchemy import Boolean, Column, Integer, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.columns import Instant, OptionalInstant, RowId, reference
from app.core.db import Base

ADMIN_ROLE = "admin"

user_role = Table(
    "user_role",
    Base.metadata,
    Column("user_id", Integer, reference("sign_in_user.id"), primary_key=True),
    Column("role_id", Integer, reference("role.id"), primary_key=True),
)


class Role(Base, RoleMixin):
    """A named set of rights; `admin` is the only one made here."""

    __tablename__ = "role"

    id: Mapped[RowId]
    name: Mapped[str] = mapped_column(String(80), unique=True)
    description: Mapped[str | None] = mapped_column(String(255))


class User(Base, UserMixin):
    """A sign-in: address, password and session key; who it is stands in Account."""

    __tablename__ = "sign_in_user"

    id: Mapped[RowId]
    email: Mapped[str] = mapped_column(String(255), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    confirmed_at: Mapped[OptionalInstant]
    create_datetime: Mapped[Instant]
    link_nonce: Mapped[str | None] = mapped_column(Text)
    roles: Mapped[list[Role]] = relationship(  # type: ignore[assignment]  # the mixin: RoleMixin
        secondary=user_role, lazy="selectin"
    )

    @property
    def is_admin(self) -> bool:
        """Whether this sign-in may run the server."""
        return any(role.name == ADMIN_ROLE for role in self.roles)
