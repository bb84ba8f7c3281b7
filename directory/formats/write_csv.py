"""Write the listings as a table (RFC 4180), safe to open in a spreadsheet. Pure."""

import csv
import io
from typing import Final

from directory.formats.document import DirectoryDocument, EntryDocument

COLUMNS: Final = (
    "slug",
    "name",
    "name_en",
    "category",
    "kind",
    "topics",
    "topic_candidates",
    "institution",
    "url",
    "url_candidate",
    "link_text",
    "printed_host",
    "description",
    "description_en",
    "people",
    "confirmed",
    "page",
)
SEPARATOR: Final = "; "
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def write_csv(document: DirectoryDocument) -> str:
    """Return one line per listing under a line of column names; lists are joined with "; "."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for entry in document.entries:
        writer.writerow({name: _cell(value) for name, value in _row(entry).items()})
    return stream.getvalue()


def _row(entry: EntryDocument) -> dict[str, str]:
    return {
        "slug": entry.slug,
        "name": entry.names.get("nl", ""),
        "name_en": entry.names.get("en", ""),
        "category": entry.category,
        "kind": entry.kind,
        "topics": SEPARATOR.join(ref.slug for ref in entry.topics),
        "topic_candidates": SEPARATOR.join(entry.topic_candidates),
        "institution": entry.institution,
        "url": entry.url or "",
        "url_candidate": entry.url_candidate or "",
        "link_text": entry.link_text,
        "printed_host": entry.printed_host,
        "description": entry.descriptions.get("nl", ""),
        "description_en": entry.descriptions.get("en", ""),
        "people": SEPARATOR.join(entry.people),
        "confirmed": entry.confirmed,
        "page": entry.page,
    }


def _cell(text: str) -> str:
    """Return `text` so that no spreadsheet takes it for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
