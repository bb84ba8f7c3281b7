"""Which feeds bring the news of a listing."""

from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Instant, reference
from app.core.db import Base


class ListingFeed(Base):
    """One feed of one listing; the feed itself lives a floor below, in `feeds`."""

    __tablename__ = "listing_feed"

    listing_id: Mapped[int] = mapped_column(reference("listing.id"), primary_key=True)
    feed_id: Mapped[int] = mapped_column(reference("feed.id"), primary_key=True, index=True)
    added_at: Mapped[Instant]
