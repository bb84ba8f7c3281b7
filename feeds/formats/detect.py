"""What kind of feed some bytes are, judged by the bytes alone, and the one way to read them.

The Content-Type header is believed about the charset only: feeds are served as text/html,
text/plain and application/octet-stream, and web pages as application/rss+xml.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from feeds.formats import limits
from feeds.formats.charset import decode_text
from feeds.formats.document import FeedDocument
from feeds.formats.errors import NotAFeedError, NotAFeedReason
from feeds.formats.read_jsonfeed import read_jsonfeed
from feeds.formats.read_xml import is_feed_root, read_xml
from feeds.formats.source import FeedSource
from feeds.formats.xml_source import find_feed_start, find_root

Family = Literal["xml", "json"]
_HTML_MARK = re.compile(r"<!doctype\s+html|<html[\s>]|<body[\s>]", re.IGNORECASE)
_WINDOW = 4_096
_CLOCK_SLACK = timedelta(days=1)


class Detected(NamedTuple):
    """Which reader fits, and where its document starts in the text."""

    family: Family
    start: int


READERS: Mapping[Family, Callable[[FeedSource, int], FeedDocument]] = {
    "xml": read_xml,
    "json": read_jsonfeed,
}


def detect(text: str) -> Detected:
    """Choose the reader by the first thing in the text; `NotAFeedError` when none fits."""
    start = len(text) - len(text.lstrip("\ufeff \t\r\n\x00"))
    if start == len(text):
        raise NotAFeedError(NotAFeedReason.EMPTY, "The document is empty")
    if text[start] in "{[":
        return Detected("json", start)
    root = find_root(text)
    if root and is_feed_root(root[0]):
        return Detected("xml", root[1])
    is_html = _HTML_MARK.search(text, 0, _WINDOW) is not None
    late = None if is_html else find_feed_start(text)
    if late is not None:
        return Detected("xml", late)
    raise _not_a_feed(root, is_html=is_html)


def _not_a_feed(root: tuple[str, int] | None, *, is_html: bool) -> NotAFeedError:
    if is_html:
        return NotAFeedError(NotAFeedReason.HTML, "This is a web page (HTML), not a feed")
    if root:
        message = f"This is XML, but not a feed: it starts with <{root[0][:40]}>"
        return NotAFeedError(NotAFeedReason.XML, message)
    return NotAFeedError(NotAFeedReason.TEXT, "This is neither XML nor JSON")


def _future_warning(document: FeedDocument, now: datetime) -> tuple[str, ...]:
    latest = now + _CLOCK_SLACK
    ahead = sum(1 for one in document.entries if one.published and one.published > latest)
    return (f"entries dated in the future: {ahead}",) if ahead else ()


def _cut_warning(document: FeedDocument) -> tuple[str, ...]:
    kept = len(document.entries)
    if document.total <= kept:
        return ()
    return (f"only {kept} of {document.total} items were kept",)


def read_feed(
    body: bytes, *, url: str, content_type: str = "", now: datetime, limit: int = limits.ENTRIES
) -> FeedDocument:
    """Read any feed we know: RSS, RDF, Atom, CDF or JSON Feed.

    `url` is the final address the bytes came from, after redirects, and the base of relative
    links; "" for a file. `now` (aware) serves to tell the owner about future dates. `limit`
    caps the entries, newest first. Raises `NotAFeedError` and nothing else.
    """
    if len(body) > limits.BODY_BYTES:
        raise NotAFeedError(NotAFeedReason.TOO_LARGE, "The document is larger than 8 MB")
    decoded = decode_text(body, content_type)
    text = decoded.text
    family, start = detect(text)
    document = READERS[family](FeedSource(text, url, limit), start)
    warnings = (
        *decoded.warnings,
        *document.warnings,
        *_cut_warning(document),
        *_future_warning(document, now),
    )
    return replace(document, warnings=tuple(dict.fromkeys(warnings))[: limits.WARNINGS])
