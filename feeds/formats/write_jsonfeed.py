"""A feed document as JSON Feed 1.1 (jsonfeed.org/version/1.1).

Where an entry comes from stands in the extension `_source` (title, url, feed_url), since the
format has no field for it; extensions start with an underscore.
"""

import json
from collections.abc import Mapping

from feeds.formats.document import EnclosureDocument, EntryDocument, FeedDocument, SourceDocument
from feeds.formats.entry_choices import absolute_html, entry_id, feed_id
from feeds.formats.plain_text import text_of_html
from feeds.formats.xml_writing import rfc3339

MEDIA_TYPE = "application/feed+json"
_VERSION = "https://jsonfeed.org/version/1.1"
_Json = dict[str, object]


def write_jsonfeed(document: FeedDocument) -> bytes:
    """Write the feed; entries need an id or a url (ValueError otherwise)."""
    feed = _present(
        {
            "version": _VERSION,
            "title": document.title or feed_id(document),
            "home_page_url": document.home_url,
            "feed_url": document.self_url,
            "description": document.subtitle,
            "icon": document.image_url,
            "authors": _authors(document.author),
            "language": document.language,
            "hubs": [{"type": "WebSub", "url": hub} for hub in document.hub_urls],
        }
    )
    feed["items"] = [_item(entry, document) for entry in document.entries]
    text = json.dumps(feed, ensure_ascii=False, indent=1)
    return text.encode("utf-8", "replace") + b"\n"


def _present(fields: Mapping[str, object]) -> _Json:
    return {name: value for name, value in fields.items() if value not in (None, "", [])}


def _authors(name: str | None) -> list[_Json]:
    return [{"name": name}] if name else []


def _item(entry: EntryDocument, document: FeedDocument) -> _Json:
    summary = text_of_html(entry.summary) if entry.summary else None
    content = absolute_html(entry.content or entry.summary, entry, document)
    item = _present(
        {
            "id": entry_id(entry),
            "url": entry.url,
            "title": entry.title,
            "content_html": content,
            "content_text": None if content else entry.title or entry.url or entry_id(entry),
            "summary": summary if entry.content else None,
            "image": entry.image_url,
            "date_published": rfc3339(entry.published) if entry.published else None,
            "date_modified": rfc3339(entry.updated) if entry.updated else None,
            "authors": _authors(entry.author),
            "tags": list(entry.categories),
            "language": entry.language,
            "attachments": [_attachment(one) for one in entry.enclosures],
        }
    )
    if entry.source:
        item["_source"] = _source(entry.source)
    return item


def _attachment(enclosure: EnclosureDocument) -> _Json:
    return _present(
        {
            "url": enclosure.url,
            "mime_type": enclosure.media_type or "application/octet-stream",
            "title": enclosure.title,
            "size_in_bytes": enclosure.length,
            "duration_in_seconds": enclosure.duration_seconds,
        }
    )


def _source(source: SourceDocument) -> _Json:
    return _present({"title": source.title, "url": source.home_url, "feed_url": source.self_url})
