"""A topic: a concept with names (SKOS), known by a URI."""

from sqlalchemy import JSON, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.addresses import local_uri
from app.core.columns import Instant, PublicId, RowId, UniqueUri, reference
from app.core.db import Base


class Topic(Base):
    """A concept. `alt_labels` mean the same; `label_printed` is how the source spells it."""

    __tablename__ = "topic"

    id: Mapped[RowId]
    public_id: Mapped[PublicId]
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    remote_uri: Mapped[UniqueUri]
    labels: Mapped[dict[str, str]] = mapped_column(JSON)
    label_printed: Mapped[str] = mapped_column(String(200), default="")
    alt_labels: Mapped[list[str]] = mapped_column(JSON, default=list)
    broader_id: Mapped[int | None] = mapped_column(
        reference("topic.id", on_delete="SET NULL"), index=True
    )
    note: Mapped[str] = mapped_column(Text, default="")
    source_sections: Mapped[list[str]] = mapped_column(JSON, default=list)
    source_digest: Mapped[str] = mapped_column(String(64), default="")
    position: Mapped[int] = mapped_column(Integer, default=0)
    changed_at: Mapped[Instant]

    @property
    def label(self) -> str:
        """The preferred label in Dutch."""
        return self.labels.get("nl") or next(iter(self.labels.values()))

    @property
    def synonyms(self) -> list[str]:
        """Other words for it that may be shown: no misprints."""
        return [label for label in self.alt_labels if label.casefold() not in self._unshown]

    @property
    def hidden_labels(self) -> list[str]:
        """Spellings that are understood and never shown (SKOS hiddenLabel), misprints above all."""
        shown = {self.label.casefold(), ""}
        return [self.label_printed] if self.label_printed.casefold() not in shown else []

    @property
    def path(self) -> str:
        """Our page about it."""
        return f"/onderwerp/{self.slug}"

    @property
    def uri(self) -> str:
        """The concept's URI."""
        return self.remote_uri or local_uri(self.path)

    @property
    def _unshown(self) -> set[str]:
        return {self.label.casefold(), *(label.casefold() for label in self.hidden_labels)}
