"""What we understand of a feed, as plain data for `feed inspect`; nothing is stored.

Bodies are cleaned as everything is that may end on a page, so what is printed is safe to show.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from app.core.html import clean_plain_text
from feeds.formats import limits
from feeds.formats.detect import read_feed
from feeds.formats.document import EntryDocument, FeedDocument
from feeds.ingest.cleaning import MAX_TITLE, CleanEntry, clean_body, clean_entry
from feeds.ingest.identity import assign_keys, normalize_guid
from feeds.ingest.language import detect_language
from feeds.ingest.reading import Answered

Json = dict[str, object]
MARK_LENGTH: Final = 8


def inspect_feed(answered: Answered, now: datetime) -> Json:
    """Return a feed in the shape of `feed inspect`; raises NotAFeedError."""
    document = read_feed(
        answered.body,
        url=answered.url,
        content_type=answered.content_type,
        now=now,
        limit=limits.INSPECT_ENTRIES,
    )
    cleaned = [clean_entry(one) for one in document.entries]
    ids = _distinct_ids(cleaned)
    entries = [
        _entry(one, tidy, entry_id)
        for one, tidy, entry_id in zip(document.entries, cleaned, ids, strict=True)
    ]
    return {
        "title": clean_plain_text(document.title or "", max_length=MAX_TITLE) or None,
        "kind": document.kind,
        "language": _language_of(document, entries),
        "entries": entries,
        "warnings": list(document.warnings),
        "parser": document.parser,
    }


def _entry(entry: EntryDocument, cleaned: CleanEntry, entry_id: str) -> Json:
    return {
        "id": entry_id,
        "url": cleaned.url,
        "title": cleaned.title or None,
        "published": _rfc3339(entry.published),
        "updated": _rfc3339(entry.updated),
        "author": cleaned.author or None,
        "summary": clean_body(entry.summary or "", limits.HTML) or None,
        "content": clean_body(entry.content or "", limits.HTML) or None,
        "categories": list(cleaned.categories),
        "enclosures": list(cleaned.enclosures),
        "language": cleaned.language or None,
    }


def _distinct_ids(entries: Sequence[CleanEntry]) -> list[str]:
    """Return the id of each entry: as claimed, marked with a hash when several claim the same."""
    uses = Counter(normalize_guid(entry.guid) for entry in entries)
    return [
        entry.guid
        if entry.guid and uses[normalize_guid(entry.guid)] == 1
        else f"{entry.guid}#{key[:MARK_LENGTH]}".lstrip("#")
        for entry, key in zip(entries, assign_keys(entries), strict=True)
    ]


def _language_of(document: FeedDocument, entries: list[Json]) -> str | None:
    """Return the language of the feed: what most entries are in, else what it declares."""
    title = f"{document.title or ''}\n{document.subtitle or ''}"
    votes = Counter(str(one["language"]) for one in entries if one["language"])
    if votes:
        return votes.most_common(1)[0][0]
    return detect_language(title, document.language) or None


def _rfc3339(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
