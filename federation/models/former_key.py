"""A key of ours that was replaced: for a while it is still used, and longer it is still listed."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Instant, RowId, reference
from app.core.db import Base


class FormerKey(Base):
    """The key pair before a replacement (federation.md section 5.2: peers refresh slowly).

    Until `listed_until` the actor's document lists it beside the new one. An RSA key (`method_id`
    is None) signs until then where the new one is not known, and is not replaced again before
    `signs_until`. With a key for proofs all proofs are made until `signs_until`; `method_id` is its
    name in the actor's document, `public_key` a Multikey.

    Of an actor elsewhere the public key alone is kept, to know its last word by.
    """

    __tablename__ = "former_key"

    id: Mapped[RowId]
    actor_id: Mapped[int] = mapped_column(reference("actor.id"), index=True)
    public_key: Mapped[str] = mapped_column(Text)
    private_key: Mapped[str] = mapped_column(Text)
    replaced_at: Mapped[Instant]
    signs_until: Mapped[Instant]
    listed_until: Mapped[Instant]
    method_id: Mapped[str | None] = mapped_column(String(60))
