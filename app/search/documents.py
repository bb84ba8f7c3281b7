"""What can be found: one row per document, the words in it, and words that mean the same.

Features push documents; search knows none of them. Beside these tables stand two that no model
describes, because each database makes its own kind (migration 0002): `search_index` (full text) and
`search_index_term` (trigrams of words); triggers keep both equal to the rows here.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import OptionalInstant, RowId
from app.core.db import Base
from app.core.visibility import Visibility

MAX_TERM_LENGTH = 60


class Kind(StrEnum):
    """The kinds of things a reader can look for, in the order in which they are offered."""

    POST = "post"
    COMMENT = "comment"
    COMMUNITY = "community"
    LISTING = "listing"
    TOPIC = "topic"
    ENTRY = "entry"
    PERSON = "person"


@dataclass(frozen=True)
class SearchDocument:
    """A thing that can be found, as a feature hands it over; all texts are plain, not HTML.

    `key` names it within its kind. `url` is a path of ours or an absolute address. `keywords` are
    searched but never shown. With visibility `members` only members of `community_id` find it.
    """

    kind: Kind
    key: str
    title: str
    text: str
    url: str
    at: datetime | None = None
    detail: str = ""
    keywords: str = ""
    language: str = "nl"
    visibility: Visibility = Visibility.PUBLIC
    community_id: int | None = None


class IndexedDocument(Base):
    """A document as it is kept; the token columns hold stems and feed the full-text index.

    What every hit is judged by comes first in the row: a long text is read for shown hits only.
    """

    __tablename__ = "search_document"
    __table_args__ = (
        UniqueConstraint("kind", "key"),
        Index("ix_search_document_community", "community_id"),
    )

    id: Mapped[RowId]
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(120))
    visibility: Mapped[str] = mapped_column(String(20), default=Visibility.PUBLIC.value)
    community_id: Mapped[int | None]
    at: Mapped[OptionalInstant]
    language: Mapped[str] = mapped_column(String(20), default="nl")
    url: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    detail: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text, default="")
    title_tokens: Mapped[str] = mapped_column(Text, default="")
    text_tokens: Mapped[str] = mapped_column(Text, default="")


class SearchTerm(Base):
    """A stem that occurs somewhere; compounds are found by looking inside these, not in texts."""

    __tablename__ = "search_term"

    id: Mapped[RowId]
    term: Mapped[str] = mapped_column(String(MAX_TERM_LENGTH), unique=True)


class SearchSynonym(Base):
    """One way to say something; rows with the same `source` mean the same."""

    __tablename__ = "search_synonym"
    __table_args__ = (UniqueConstraint("source", "tokens"),)

    id: Mapped[RowId]
    source: Mapped[str] = mapped_column(String(120), index=True)
    phrase: Mapped[str] = mapped_column(String(200))
    tokens: Mapped[str] = mapped_column(String(300))
    first_token: Mapped[str] = mapped_column(String(MAX_TERM_LENGTH), index=True)
    is_hidden: Mapped[bool] = mapped_column(default=False)
