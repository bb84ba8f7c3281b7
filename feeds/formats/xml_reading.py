"""Run feedparser over prepared XML, and once more over repaired XML when something got lost.

feedparser's cleaning and rewriting of HTML are switched off per call (the module-wide switches
are shared by all threads): we resolve links ourselves and the caller sanitises. The text goes in
as a stream, because feedparser takes a plain value for a file name or an address to open.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from xml.sax import SAXParseException

import feedparser

from feeds.formats.item_choice import newest_items
from feeds.formats.parsed_fields import Parsed
from feeds.formats.source import FeedSource
from feeds.formats.xml_repair import keep_items, repair_tags
from feeds.formats.xml_source import XmlSource


@dataclass(frozen=True, slots=True)
class XmlReading:
    """What one run found: the feed's own fields, its entries, and feedparser's complaint."""

    feed: Parsed
    entries: Sequence[Parsed]
    complaint: str | None = None
    is_repaired: bool = False

    @property
    def parser(self) -> str:
        """Which way of reading succeeded, for the fetch history."""
        way = "strict" if self.complaint is None else "loose"
        return f"feedparser {feedparser.__version__} {way}{' repaired' * self.is_repaired}"


def _complaint(error: object, line_offset: int) -> str:
    if isinstance(error, SAXParseException):
        line = (error.getLineNumber() or 1) + line_offset
        return f"malformed XML at line {line}: {error.getMessage()}"
    return f"malformed XML: {error}"


def _run(text: str, url: str, line_offset: int) -> XmlReading:
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        parsed: dict[str, Any] = feedparser.parse(
            io.BytesIO(text.encode("utf-8", "replace")),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # noqa: BLE001  its loose parser raises any kind on hostile input
        return XmlReading({}, (), f"malformed XML: {type(error).__name__}")
    bozo = parsed.get("bozo")
    complaint = _complaint(parsed.get("bozo_exception"), line_offset) if bozo else None
    return XmlReading(parsed["feed"], parsed["entries"], complaint)


def _worth(reading: XmlReading) -> tuple[int, bool]:
    return len(reading.entries), reading.complaint is None


def read_prepared(prepared: XmlSource, source: FeedSource, line_offset: int) -> XmlReading:
    """Give the fullest reading of a document; `line_offset` is what the prolog took, in lines."""
    text, expected = _newest_part(prepared, source.limit)
    first = _run(text, source.url, line_offset)
    if first.complaint is None and len(first.entries) >= expected:
        return first
    repaired = repair_tags(text)
    if repaired == text:
        return first
    second = replace(_run(repaired, source.url, line_offset), is_repaired=True)
    return second if _worth(second) > _worth(first) else first


def _newest_part(prepared: XmlSource, limit: int) -> tuple[str, int]:
    """Give the text with only its newest items, and how many items that leaves."""
    if prepared.expected <= limit or len(prepared.items) != prepared.expected:
        return prepared.text, prepared.expected
    kept = newest_items(prepared.text, prepared.items, limit)
    return keep_items(prepared.text, prepared.items, kept), limit
