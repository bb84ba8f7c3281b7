"""A listing: one network, partnership, research group, source or training in the directory."""

from enum import StrEnum

from sqlalchemy import JSON, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.addresses import local_uri
from app.core.columns import Instant, OptionalInstant, PublicId, RowId, UniqueUri, reference
from app.core.db import Base
from app.core.visibility import Visibility
from directory.models.contact import Contact
from directory.models.link import Link
from directory.models.listing_topic import ListingTopic


class Category(StrEnum):
    """The kinds of listings, one per door; the values are those of the directory files."""

    NETWORK = "netwerk"
    PARTNERSHIP = "samenwerkingsverband"
    RESEARCH = "onderzoeksgroep"
    SOURCE = "bron(info)"
    TRAINING = "scholing"


class Listing(Base):
    """A listing as we know it; texts are by language (`nl`, `en`).

    `home_host` is None when this server keeps it; `source_id` is what the file it came from calls
    it. `withheld` names the texts that name a person who has not confirmed: those are never shown.
    """

    __tablename__ = "listing"
    __table_args__ = (
        Index(
            "uq_listing_source",
            "source_id",
            unique=True,
            sqlite_where=text("home_host IS NULL"),
            postgresql_where=text("home_host IS NULL"),
        ),
        Index("ix_listing_door", "category", "sort_key", "id"),
    )

    id: Mapped[RowId]
    public_id: Mapped[PublicId]
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    handle: Mapped[str] = mapped_column(String(30), unique=True)
    remote_uri: Mapped[UniqueUri]
    category: Mapped[str] = mapped_column(String(30))
    kind: Mapped[str] = mapped_column(String(80), default="")
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    descriptions: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    joining: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    institution: Mapped[str] = mapped_column(String(300), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    terms_in_text: Mapped[list[str]] = mapped_column(JSON, default=list)
    source_section: Mapped[str] = mapped_column(Text, default="")
    also_in: Mapped[list[str]] = mapped_column(JSON, default=list)
    withheld: Mapped[list[str]] = mapped_column(JSON, default=list)
    visibility: Mapped[str] = mapped_column(String(20), default=Visibility.PUBLIC.value)
    home_host: Mapped[str | None] = mapped_column(String(255))
    source_name: Mapped[str | None] = mapped_column(String(60))
    source_id: Mapped[str | None] = mapped_column(String(120))
    source_digest: Mapped[str] = mapped_column(String(64), default="")
    position: Mapped[int] = mapped_column(Integer, default=0)
    sort_key: Mapped[str] = mapped_column(String(200), default="")
    added_at: Mapped[Instant]
    changed_at: Mapped[Instant]
    edited_at: Mapped[OptionalInstant]
    confirmed_at: Mapped[OptionalInstant]

    links: Mapped[list[Link]] = relationship(
        order_by=Link.position, cascade="all, delete-orphan", lazy="raise_on_sql"
    )
    contacts: Mapped[list[Contact]] = relationship(
        order_by=Contact.position, cascade="all, delete-orphan", lazy="raise_on_sql"
    )
    topics: Mapped[list[ListingTopic]] = relationship(
        order_by=ListingTopic.position, cascade="all, delete-orphan", lazy="raise_on_sql"
    )

    @property
    def name(self) -> str:
        """The name in Dutch, or in the only language there is."""
        return self.names.get("nl") or next(iter(self.names.values()))

    def shows(self, field: str) -> bool:
        """Whether the text called `field` may be shown: it names nobody who has not confirmed."""
        return field not in self.withheld

    @property
    def path(self) -> str:
        """Our page about it."""
        return f"/gids/{self.slug}"

    @property
    def uri(self) -> str:
        """The id others know it by (AS2 `id` of its Organization)."""
        return self.remote_uri or local_uri(f"/o/{self.handle}")

    @property
    def url(self) -> str:
        """The address of our page about it."""
        return local_uri(self.path)


class RetiredSlug(Base):
    """An address a listing had before; it leads to the present one."""

    __tablename__ = "listing_retired_slug"

    slug: Mapped[str] = mapped_column(String(120), primary_key=True)
    listing_id: Mapped[int] = mapped_column(reference("listing.id"), index=True)
    retired_at: Mapped[Instant]
