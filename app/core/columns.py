"""Column types and defaults that all tables share."""

from datetime import UTC, datetime
from typing import Annotated

from sqlalchemy import DateTime, ForeignKey, Integer, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeDecorator
from uuid6 import uuid7

from app.core.clock import utcnow


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database (SQLite keeps no zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive instants; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime may not be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002  SQLAlchemy's signature
    ) -> datetime | None:
        """Return an aware instant in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def new_public_id() -> str:
    """Return a fresh UUIDv7 (RFC 9562 section 5.7), lower case: sortable by time, not guessable."""
    return str(uuid7())


RowId = Annotated[int, mapped_column(Integer, primary_key=True)]
PublicId = Annotated[str, mapped_column(String(36), unique=True, default=new_public_id)]
Uri = Annotated[str, mapped_column(Text)]
UniqueUri = Annotated[str | None, mapped_column(Text, unique=True)]
Instant = Annotated[datetime, mapped_column(UtcDateTime, default=utcnow)]
OptionalInstant = Annotated[datetime | None, mapped_column(UtcDateTime)]


def reference(target: str, *, on_delete: str = "CASCADE") -> ForeignKey:
    """Return a foreign key to `target` ("table.column") with a stated fate on deletion."""
    return ForeignKey(target, ondelete=on_delete)
