"""Which other servers are refused, or (with an allow-list) admitted."""

from enum import StrEnum

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Instant
from app.core.db import Base


class HostVerdict(StrEnum):
    """What a rule says about a host."""

    BLOCKED = "blocked"
    ALLOWED = "allowed"


class HostRule(Base):
    """One host (netloc, lower case) and what we decided about it; subdomains follow."""

    __tablename__ = "host_rule"

    host: Mapped[str] = mapped_column(String(255), primary_key=True)
    verdict: Mapped[HostVerdict] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[Instant]
