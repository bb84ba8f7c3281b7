"""Who belongs to a community, and in which role."""

from enum import StrEnum

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models.account import Account
from app.core.columns import Instant, OptionalInstant, PublicId, RowId, reference
from app.core.db import Base
from app.forum.models.community import Community


class MembershipState(StrEnum):
    """How far a request has come."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"


class MemberRole(StrEnum):
    """What a member may do."""

    MEMBER = "member"
    MODERATOR = "moderator"
    OWNER = "owner"


class Membership(Base):
    """An account follows a community; `request_uri` is the id of a remote Follow."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("account_id", "community_id"),)

    id: Mapped[RowId]
    public_id: Mapped[PublicId]
    account_id: Mapped[int] = mapped_column(reference("account.id"))
    community_id: Mapped[int] = mapped_column(reference("community.id"), index=True)
    state: Mapped[MembershipState] = mapped_column(String(20))
    role: Mapped[MemberRole] = mapped_column(String(20), default=MemberRole.MEMBER)
    request_uri: Mapped[str | None] = mapped_column(Text)
    requested_at: Mapped[Instant]
    approved_at: Mapped[OptionalInstant]

    account: Mapped[Account] = relationship()
    community: Mapped[Community] = relationship()
