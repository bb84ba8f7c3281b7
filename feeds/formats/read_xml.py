"""RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, and CDF, to one document.

Items are counted in the text before parsing; when fewer come out the owner is told.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from feeds.formats import limits, links
from feeds.formats.dates import parse_date
from feeds.formats.document import EntryDocument, FeedDocument, FeedKind
from feeds.formats.entry_fields import EntryContext, claimed_id, primary_language
from feeds.formats.errors import NotAFeedError, NotAFeedReason
from feeds.formats.item_choice import newest_indices
from feeds.formats.parsed_fields import Parsed, dict_field, list_field, text_field
from feeds.formats.plain_text import title_text
from feeds.formats.schedule_hints import read_hints
from feeds.formats.source import FeedSource
from feeds.formats.xml_entries import (
    authors_of,
    entry_document,
    image_of,
    is_refused,
)
from feeds.formats.xml_reading import XmlReading, read_prepared
from feeds.formats.xml_source import XmlSource, prepare_xml

_ROOT_KINDS: Mapping[str, FeedKind] = {
    "rss": "rss", "item": "rss", "feed": "atom", "entry": "atom", "rdf": "rdf", "channel": "cdf",
}  # fmt: skip
_ROOT = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)")
_MANGLED_AMPERSAND = re.compile(r"&amp;?(?=\w+=)")
_CDF_LINK = re.compile(
    r"<(?:item|channel)\b[^<>]*\b(?:href|lastmod)\s*=|<abstract\b", re.IGNORECASE
)


def is_feed_root(name: str) -> bool:
    """Whether an element of this local name, lower case, at the root makes an XML feed."""
    return name in _ROOT_KINDS


def read_xml(source: FeedSource, start: int) -> FeedDocument:
    """Read the feed whose root element stands at `start` in the text of `source`."""
    prepared = prepare_xml(source.text, start)
    # feedparser puts a declaration of one line before the text.
    reading = read_prepared(prepared, source, source.text.count("\n", 0, start) - 1)
    if not reading.feed and not reading.entries and reading.complaint:
        raise NotAFeedError(NotAFeedReason.UNREADABLE, reading.complaint)
    kind = _kind_of(prepared.text)
    context = EntryContext(
        url=source.url or _own_address(reading.feed),
        kind=kind,
        language=primary_language(text_field(reading.feed, "language")),
        author=authors_of(reading.feed, kind) if kind == "atom" else None,
    )
    entries = tuple(entry_document(one, context) for one in reading.entries)
    warnings = _warnings(prepared, reading, entries, min(prepared.expected, source.limit))
    kept = newest_indices([one.published or one.updated for one in entries], source.limit)
    head = prepared.text[: prepared.items[0].start] if prepared.items else prepared.text
    return replace(
        _feed_document(reading.feed, context),
        entries=tuple(entry for index, entry in enumerate(entries) if index in kept),
        total=max(prepared.expected, len(entries)),
        hints=read_hints(head),
        warnings=warnings,
        parser=reading.parser,
    )


def _kind_of(text: str) -> FeedKind:
    root = _ROOT.match(text)
    kind = _ROOT_KINDS.get(root[1].lower(), "rss") if root else "rss"
    return "rss" if kind == "cdf" and not _CDF_LINK.search(text) else kind


def _links_of(feed: Parsed, rel: str, base: str) -> list[str]:
    named = [one for one in list_field(feed, "links") if text_field(one, "rel") == rel]
    urls = (links.resolve(text_field(one, "href"), base) for one in named)
    return list(dict.fromkeys(url for url in urls if url))


def _home_url(feed: Parsed, base: str) -> str | None:
    # feedparser's loose parser turns `?a=1&amp;b=2` of a feed into `?a=1&ampb=2`.
    url = links.resolve(_MANGLED_AMPERSAND.sub("&", text_field(feed, "link")), base)
    return url or next(iter(_links_of(feed, "alternate", base)), None)


def _own_address(feed: Parsed) -> str:
    """Find a base for a document that was not fetched: what it says of itself, when absolute."""
    return next(iter(_links_of(feed, "self", "")), "") or _home_url(feed, "") or ""


def _title(feed: Parsed, name: str, kind: FeedKind) -> str | None:
    declared = text_field(dict_field(feed, f"{name}_detail"), "type")
    is_html = declared == "text/html" and (kind == "atom" or name == "subtitle")
    return title_text(text_field(feed, name), limits.TITLE, is_html=is_html)


def _feed_document(feed: Parsed, context: EntryContext) -> FeedDocument:
    base = context.url
    return FeedDocument(
        kind=context.kind,
        title=_title(feed, "title", context.kind),
        subtitle=_title(feed, "subtitle", context.kind),
        id=claimed_id(text_field(feed, "id")),
        home_url=_home_url(feed, base),
        self_url=next(iter(_links_of(feed, "self", base)), None),
        hub_urls=tuple(_links_of(feed, "hub", base)[: limits.HUBS]),
        author=authors_of(feed, context.kind),
        language=context.language,
        updated=parse_date(text_field(feed, "updated") or text_field(feed, "published")),
        image_url=image_of(feed, base),
    )


def _warnings(
    prepared: XmlSource, reading: XmlReading, entries: tuple[EntryDocument, ...], expected: int
) -> tuple[str, ...]:
    found = list(prepared.warnings)
    if reading.complaint:
        found.append(reading.complaint)
    if reading.is_repaired:
        found.append("malformed XML: its tags were repaired before reading")
    if len(entries) < expected:
        found.append(f"{len(entries)} of {expected} items could be read")
    refused = sum(map(is_refused, reading.entries, entries))
    if refused:
        found.append(f"links left out because they are not public http(s) addresses: {refused}")
    return tuple(found)
