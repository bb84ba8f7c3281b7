"""An address of a listing, or the words that stood where an address was lost."""

from enum import StrEnum

from sqlalchemy import Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import RowId, reference
from app.core.db import Base


class LinkKind(StrEnum):
    """What an address is for. A candidate is our correction of a damaged printed address."""

    WEBSITE = "website"
    CANDIDATE = "candidate"
    LINKEDIN = "linkedin"
    JOIN = "join"
    NEWSLETTER = "newsletter"


class LinkState(StrEnum):
    """How sure we are: as printed, visibly damaged, guessed by us, or seen by somebody."""

    PRINTED = "printed"
    DAMAGED = "damaged"
    UNCHECKED = "unchecked"
    CHECKED = "checked"
    BROKEN = "broken"


class Link(Base):
    """`url` is None when only `printed_text` (and perhaps `printed_host`) is known."""

    __tablename__ = "listing_link"

    id: Mapped[RowId]
    listing_id: Mapped[int] = mapped_column(reference("listing.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    url: Mapped[str | None] = mapped_column(Text)
    printed_text: Mapped[str] = mapped_column(Text, default="")
    printed_host: Mapped[str] = mapped_column(String(255), default="")
    state: Mapped[str] = mapped_column(String(20), default=LinkState.PRINTED.value)
    position: Mapped[int] = mapped_column(Integer, default=0)

    @property
    def works(self) -> bool:
        """Whether there is an address that a reader may be sent to as the right one."""
        return self.url is not None and self.state in {LinkState.PRINTED, LinkState.CHECKED}
