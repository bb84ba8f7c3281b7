"""A person to ask; a name is personal data and stays hidden until that person confirms."""

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import OptionalInstant, RowId, reference
from app.core.db import Base


class Contact(Base):
    """Somebody whom a source names with a listing."""

    __tablename__ = "listing_contact"

    id: Mapped[RowId]
    listing_id: Mapped[int] = mapped_column(reference("listing.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    confirmed_at: Mapped[OptionalInstant]
    position: Mapped[int] = mapped_column(Integer, default=0)

    @property
    def is_confirmed(self) -> bool:
        """Whether the person agreed to be named here."""
        return self.confirmed_at is not None
