"""A feed document as Atom 1.0 (RFC 4287), with hub links for WebSub."""

from xml.etree.ElementTree import Element

from feeds.formats.document import EnclosureDocument, EntryDocument, FeedDocument, SourceDocument
from feeds.formats.entry_choices import (
    absolute_html,
    entry_id,
    entry_label,
    entry_updated,
    feed_id,
    feed_updated,
    own_language,
)
from feeds.formats.plain_text import html_of_text
from feeds.formats.xml_writing import (
    EPOCH,
    add_element,
    add_text,
    new_root,
    rfc3339,
    to_bytes,
)

MEDIA_TYPE = "application/atom+xml"
_NAMESPACE = "http://www.w3.org/2005/Atom"


def write_atom(document: FeedDocument) -> bytes:
    """Write the feed; entries need an id or a url (ValueError otherwise)."""
    root = new_root("feed", {"xmlns": _NAMESPACE, "xml:lang": document.language})
    add_element(root, "id", feed_id(document))
    add_element(root, "title", document.title or feed_id(document))
    add_text(root, "subtitle", document.subtitle)
    add_element(root, "updated", rfc3339(feed_updated(document)))
    _add_links(root, document)
    # RFC 4287 section 4.1.1: a feed names an author unless every entry does.
    _add_author(root, document.author or document.title or feed_id(document))
    add_text(root, "icon", document.image_url)
    for entry in document.entries:
        _add_entry(root, entry, document)
    return to_bytes(root)


def _add_links(root: Element, document: FeedDocument) -> None:
    if document.self_url:
        add_element(root, "link", rel="self", type=MEDIA_TYPE, href=document.self_url)
    if document.home_url:
        add_element(root, "link", rel="alternate", type="text/html", href=document.home_url)
    for hub in document.hub_urls:
        add_element(root, "link", rel="hub", href=hub)


def _add_author(parent: Element, name: str | None) -> None:
    if name:
        add_element(add_element(parent, "author"), "name", name)


def _add_entry(root: Element, entry: EntryDocument, document: FeedDocument) -> None:
    element = add_element(root, "entry", xml_lang=own_language(entry, document))
    add_element(element, "id", entry_id(entry))
    add_element(element, "title", entry_label(entry))
    if entry.published:
        add_element(element, "published", rfc3339(entry.published))
    add_element(element, "updated", rfc3339(entry_updated(entry)))
    if entry.url:
        add_element(element, "link", rel="alternate", type="text/html", href=entry.url)
    _add_author(element, entry.author)
    for name in entry.categories:
        add_element(element, "category", term=name)
    for enclosure in entry.enclosures:
        _add_enclosure(element, enclosure)
    _add_bodies(element, entry, document)
    if entry.source:
        _add_source(element, entry.source)


def _add_bodies(element: Element, entry: EntryDocument, document: FeedDocument) -> None:
    summary = absolute_html(entry.summary, entry, document)
    content = absolute_html(entry.content, entry, document)
    if not content and not entry.url:  # RFC 4287 section 4.1.2: then there must be content
        summary, content = None, summary or html_of_text(entry_label(entry))
    if summary:
        add_element(element, "summary", summary, type="html")
    if content:
        add_element(element, "content", content, type="html")


def _add_enclosure(element: Element, enclosure: EnclosureDocument) -> None:
    add_element(
        element,
        "link",
        rel="enclosure",
        type=enclosure.media_type,
        length=None if enclosure.length is None else str(enclosure.length),
        title=enclosure.title,
        href=enclosure.url,
    )


def _add_source(element: Element, source: SourceDocument) -> None:
    copied = add_element(element, "source")
    add_element(copied, "id", source.id or source.self_url or source.home_url or source.title)
    add_element(copied, "title", source.title)
    add_element(copied, "updated", rfc3339(source.updated or EPOCH))
    if source.self_url:
        add_element(copied, "link", rel="self", href=source.self_url)
    if source.home_url:
        add_element(copied, "link", rel="alternate", type="text/html", href=source.home_url)
