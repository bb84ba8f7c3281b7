"""A feed document as RSS 2.0 (rssboard.org) in the RSS Advisory Board's best-practice profile."""

from xml.etree.ElementTree import Element

from feeds.formats.document import EnclosureDocument, EntryDocument, FeedDocument
from feeds.formats.entry_choices import (
    absolute_html,
    entry_id,
    entry_label,
    feed_id,
    feed_updated,
    own_language,
)
from feeds.formats.xml_writing import add_element, add_text, new_root, rfc822, rfc3339, to_bytes

MEDIA_TYPE = "application/rss+xml"
_NAMESPACES: dict[str, str | None] = {
    "version": "2.0",
    "xmlns:atom": "http://www.w3.org/2005/Atom",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:dcterms": "http://purl.org/dc/terms/",
}


def write_rss(document: FeedDocument) -> bytes:
    """Write the feed; entries need an id or a url (ValueError otherwise)."""
    root = new_root("rss", {**_NAMESPACES, "xml:lang": document.language})
    channel = add_element(root, "channel")
    title = document.title or feed_id(document)
    add_element(channel, "title", title)
    add_element(channel, "link", document.home_url or document.self_url or feed_id(document))
    add_element(channel, "description", document.subtitle or title)
    add_text(channel, "language", document.language)
    add_element(channel, "lastBuildDate", rfc822(feed_updated(document)))
    if document.hints.ttl_minutes:
        add_element(channel, "ttl", str(document.hints.ttl_minutes))
    if document.self_url:
        add_element(channel, "atom:link", rel="self", type=MEDIA_TYPE, href=document.self_url)
    for hub in document.hub_urls:
        add_element(channel, "atom:link", rel="hub", href=hub)
    for entry in document.entries:
        _add_item(channel, entry, document)
    return to_bytes(root)


def _add_item(channel: Element, entry: EntryDocument, document: FeedDocument) -> None:
    item = add_element(channel, "item", xml_lang=own_language(entry, document))
    identity = entry_id(entry)
    add_element(item, "title", entry_label(entry))
    add_text(item, "link", entry.url)
    add_element(item, "guid", identity, isPermaLink="true" if identity == entry.url else "false")
    if entry.published:
        add_element(item, "pubDate", rfc822(entry.published))
    if entry.updated and entry.updated != entry.published:
        add_element(item, "dcterms:modified", rfc3339(entry.updated))
    add_text(item, "dc:creator", entry.author)  # RSS's own `author` wants an e-mail address
    for name in entry.categories:
        add_element(item, "category", name)
    _add_bodies(item, entry, document)
    _add_enclosures(item, entry.enclosures)
    if entry.source and (entry.source.self_url or entry.source.home_url):
        url = entry.source.self_url or entry.source.home_url
        add_element(item, "source", entry.source.title, url=url)


def _add_bodies(item: Element, entry: EntryDocument, document: FeedDocument) -> None:
    summary = absolute_html(entry.summary, entry, document)
    content = absolute_html(entry.content, entry, document)
    add_text(item, "description", summary or content)
    if summary and content:
        add_element(item, "content:encoded", content)


def _add_enclosures(item: Element, enclosures: tuple[EnclosureDocument, ...]) -> None:
    """RSS allows one enclosure an item; the others become Atom links."""
    for position, enclosure in enumerate(enclosures):
        length = str(enclosure.length or 0)
        media_type = enclosure.media_type or "application/octet-stream"
        if position == 0:
            add_element(item, "enclosure", url=enclosure.url, length=length, type=media_type)
        else:
            add_element(item, "atom:link", rel="enclosure", type=media_type, href=enclosure.url)
