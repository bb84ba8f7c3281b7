"""From the bytes of an answer to entries that are ready to be stored; no rows, no network."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.core.html import clean_plain_text, safe_url
from feeds.formats.detect import read_feed
from feeds.formats.document import FeedDocument
from feeds.ingest.cleaning import MAX_TITLE, clean_entry
from feeds.ingest.identity import Identified, identify

MAX_WARNINGS: Final = 10
MAX_WARNING: Final = 300


@dataclass(frozen=True)
class Answered:
    """The body of a successful answer, the address it came from and its Content-Type."""

    body: bytes
    url: str
    content_type: str = ""


@dataclass(frozen=True)
class Reading:
    """A feed document and its entries, cleaned and told apart.

    `warnings` are for the owner, in the words of the parser.
    """

    document: FeedDocument
    entries: tuple[Identified, ...]
    title: str
    home_url: str | None
    warnings: tuple[str, ...]


def read_answer(answered: Answered, now: datetime) -> Reading:
    """Parse and clean; raises NotAFeedError (feeds.formats.errors) and nothing else."""
    document = read_feed(
        answered.body, url=answered.url, content_type=answered.content_type, now=now
    )
    cleaned = [clean_entry(entry) for entry in document.entries]
    warnings = (clean_plain_text(one, max_length=MAX_WARNING) for one in document.warnings)
    return Reading(
        document=document,
        entries=tuple(identify(cleaned)),
        title=clean_plain_text(document.title or "", max_length=MAX_TITLE),
        home_url=safe_url(document.home_url) if document.home_url else None,
        warnings=tuple(warnings)[:MAX_WARNINGS],
    )
