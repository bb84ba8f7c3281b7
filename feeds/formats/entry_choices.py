"""What the three writers decide alike, so that a reader sees one feed in three formats."""

import re
from datetime import datetime
from urllib.parse import quote

from feeds.formats import links
from feeds.formats.document import EntryDocument, FeedDocument
from feeds.formats.plain_text import text_of_html
from feeds.formats.xml_writing import EPOCH

_LABEL_LENGTH = 80
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")


def feed_id(document: FeedDocument) -> str:
    """Give the id of a feed: its own, else its address; it never depends on the content."""
    return document.id or document.self_url or document.home_url or "urn:x-feed:unnamed"


def entry_id(entry: EntryDocument) -> str:
    """Give the id of an entry as an IRI (RFC 4287 section 4.2.6): its own, else its page.

    An id that is no IRI, such as a number, is only used when there is no page, inside a URN.
    Raises ValueError when the entry has neither.
    """
    if entry.id and _IRI.fullmatch(entry.id):
        return entry.id
    if entry.url:
        return entry.url
    if entry.id:
        return "urn:x-entry:" + quote(entry.id, safe="")
    raise ValueError("an entry needs an id or a url to be published")


def entry_label(entry: EntryDocument) -> str:
    """Give a title to show: the entry's own, else the first words of its text, else its page."""
    if entry.title:
        return entry.title
    text = text_of_html(entry.summary or entry.content or "")
    if len(text) > _LABEL_LENGTH:
        text = text[:_LABEL_LENGTH].rsplit(" ", 1)[0] + "…"
    return text or entry.url or entry_id(entry)


def entry_updated(entry: EntryDocument) -> datetime:
    """Give the last change of an entry (RFC 4287 section 4.2.15), the epoch when unknown."""
    return entry.updated or entry.published or EPOCH


def feed_updated(document: FeedDocument) -> datetime:
    """Give the last change of a feed: its own claim, else that of its latest entry."""
    changes = (entry_updated(entry) for entry in document.entries)
    return document.updated or max(changes, default=EPOCH)


def absolute_html(value: str | None, entry: EntryDocument, document: FeedDocument) -> str | None:
    """Make every link in an entry's HTML absolute, against the entry's page or the feed."""
    base = entry.url or document.home_url or document.self_url or ""
    return links.resolve_html(value, base) if value else None


def own_language(entry: EntryDocument, document: FeedDocument) -> str | None:
    """Give the language of an entry where it differs from the feed's, else None."""
    return entry.language if entry.language != document.language else None
