"""Run feedparser over prepared XML, and again when something got lost: repaired, then by item.

feedparser's cleaning and rewriting of HTML are switched off per call (the module-wide switches
are shared by all threads): we resolve links ourselves and the caller sanitises. The text goes in
as a stream, because feedparser takes a plain value for a file name or an address to open.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from xml.sax import SAXException, SAXParseException

import feedparser

from feeds.formats.item_choice import newest_items
from feeds.formats.parsed_fields import Parsed
from feeds.formats.source import FeedSource
from feeds.formats.xml_repair import keep_items, repair_tags
from feeds.formats.xml_source import XmlSource

_FRAME_LENGTH = 64 * 1024


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
    line = error.getLineNumber() if isinstance(error, SAXParseException) else None
    place = "" if line is None else f" at line {line + line_offset}"
    said = error.getMessage() if isinstance(error, SAXException) else error
    return f"malformed XML{place}: {said}"


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
    kept = _kept_items(prepared, source.limit)
    expected = min(prepared.expected, source.limit) if kept else prepared.expected
    text = keep_items(prepared.text, prepared.items, kept) if kept else prepared.text
    best = _run(text, source.url, line_offset)
    if best.complaint is None and len(best.entries) >= expected:
        return best
    repaired = repair_tags(text)
    if repaired != text:
        second = replace(_run(repaired, source.url, line_offset), is_repaired=True)
        best = max(best, second, key=_worth)
    if kept and len(best.entries) < expected:
        best = max(best, _read_one_by_one(prepared, source.url, kept), key=_worth)
    return best


def _kept_items(prepared: XmlSource, limit: int) -> set[int]:
    """Which items to read: the newest; none when their places in the text are not certain."""
    if not prepared.items or len(prepared.items) != prepared.expected:
        return set()
    if prepared.expected <= limit:
        return set(range(prepared.expected))
    return newest_items(prepared.text, prepared.items, limit)


def _read_one_by_one(prepared: XmlSource, url: str, kept: set[int]) -> XmlReading:
    """Read every item as a feed of its own, so that one that breaks feedparser harms no other."""
    text, items = prepared.text, prepared.items
    head, tail = text[: items[0].start], text[items[-1].end :]
    if len(head) + len(tail) > _FRAME_LENGTH:
        return XmlReading({}, (), "malformed XML")
    entries: list[Parsed] = []
    for index in sorted(kept):
        item = text[items[index].start : items[index].end]
        entries += _run(f"{head}{item}{tail}", url, 0).entries[:1]
    feed = _run(head + tail, url, 0).feed
    return XmlReading(feed, entries, "malformed XML: the items had to be read one by one")
