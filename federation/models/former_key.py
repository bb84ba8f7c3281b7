"""A key of ours that was replaced: for a while it still signs, and longer it is still listed."""

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Instant, RowId, reference
from app.core.db import Base


class FormerKey(Base):
    """The key pair before the last rotation (federation.md section 5.2: peers refresh slowly).

    Until `signs_until` deliveries are still signed with it; until `listed_until` the actor's
    document lists it beside the new one.
    """

    __tablename__ = "former_key"

    id: Mapped[RowId]
    actor_id: Mapped[int] = mapped_column(reference("actor.id"), index=True)
    public_key: Mapped[str] = mapped_column(Text)
    private_key: Mapped[str] = mapped_column(Text)
    replaced_at: Mapped[Instant]
    signs_until: Mapped[Instant]
    listed_until: Mapped[Instant]
