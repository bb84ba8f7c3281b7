"""Where listings came from, and what else that source names."""

from typing import Any

from sqlalchemy import JSON, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Instant, RowId
from app.core.db import Base


class DirectorySource(Base):
    """A file that was loaded: what it says of itself, and the meetings it mentions."""

    __tablename__ = "directory_source"

    id: Mapped[RowId]
    name: Mapped[str] = mapped_column(String(60), unique=True)
    meta: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    events: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    digest: Mapped[str] = mapped_column(String(64), default="")
    loaded_at: Mapped[Instant]


class Organisation(Base):
    """An organisation that a source mentions without listing it."""

    __tablename__ = "directory_organisation"

    id: Mapped[RowId]
    name: Mapped[str] = mapped_column(String(200), unique=True)
    role: Mapped[str] = mapped_column(Text, default="")
    source_section: Mapped[str] = mapped_column(Text, default="")
    host: Mapped[str | None] = mapped_column(String(255))
    position: Mapped[int] = mapped_column(Integer, default=0)
