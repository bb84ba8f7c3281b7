"""From feedparser's dictionaries to our documents."""

import re
from collections.abc import Iterable

from feeds.formats import limits, links
from feeds.formats.dates import parse_date
from feeds.formats.document import EnclosureDocument, EntryDocument, FeedKind, SourceDocument
from feeds.formats.entry_fields import (
    EntryContext,
    category_names,
    claimed_id,
    media_type,
    person_name,
    positive_number,
    primary_language,
    shown_html,
)
from feeds.formats.parsed_fields import Parsed, dict_field, list_field, text_field
from feeds.formats.plain_text import html_of_text, looks_like_html, one_line, title_text
from feeds.formats.xml_source import ID_MARK

_GUID_IS_LINK = re.compile(r"(?:https?:)?//|/", re.IGNORECASE)
_SHOWABLE_TYPES = frozenset({"text/plain", "text/html", "application/xhtml+xml", "text/xhtml"})
_DURATION_PARTS = 3


def authors_of(parsed: Parsed, kind: FeedKind) -> str | None:
    """Join all authors' names; never an e-mail address.

    Where RSS mixes name and address in one text, feedparser cuts addresses at four letters of the
    top-level domain, so there only the text as written is trusted.
    """
    listed = list_field(parsed, "authors")
    if len(listed) <= 1:
        return person_name(text_field(parsed, "author"))
    whole = [one for one in listed if kind == "atom" or not text_field(one, "email")]
    names = dict.fromkeys(person_name(text_field(one, "name")) for one in whole)
    return one_line(", ".join(name for name in names if name), limits.AUTHOR) or person_name(
        text_field(parsed, "author")
    )


def _detail_html(detail: Parsed, context: EntryContext, page: str | None) -> str | None:
    value, kind = text_field(detail, "value"), text_field(detail, "type") or "text/html"
    if kind not in _SHOWABLE_TYPES:
        return None
    if kind == "text/plain" and not looks_like_html(value):
        value = html_of_text(value)
    return shown_html(value, text_field(detail, "base") or context.url, page)


def _bodies(
    entry: Parsed, context: EntryContext, page: str | None
) -> tuple[str | None, str | None]:
    """Summary and content; content only when it says more than the summary."""
    contents = [_detail_html(one, context, page) for one in list_field(entry, "content")]
    summary = _detail_html(dict_field(entry, "summary_detail"), context, page)
    if summary is None and not contents:  # feedparser copies the content when there is no summary
        summary = shown_html(text_field(entry, "summary"), _base_of(entry, context), page)
    content = max((one for one in contents if one), key=len, default=None)
    if content and summary and len(content) < len(summary):
        content = None
    return None if summary == content else summary, content


def _base_of(entry: Parsed, context: EntryContext) -> str:
    for name in ("title_detail", "summary_detail"):
        base = text_field(dict_field(entry, name), "base")
        if base:
            return base
    return context.url


def _link_candidates(entry: Parsed) -> Iterable[str]:
    link = text_field(entry, "link")
    if link.startswith(ID_MARK):  # feedparser took the guid for a permalink
        guid = link.removeprefix(ID_MARK).strip()
        link = guid if _GUID_IS_LINK.match(guid) else ""
    yield link
    for one in list_field(entry, "links"):
        if text_field(one, "rel") in ("", "alternate"):
            yield text_field(one, "href")


def _entry_url(entry: Parsed, context: EntryContext) -> str | None:
    base = _base_of(entry, context)
    found = (links.resolve(one, base) for one in _link_candidates(entry) if one)
    return next((url for url in found if url), None)


def is_refused(entry: Parsed, document: EntryDocument) -> bool:
    """Whether the entry had a link of its own that we do not show."""
    return document.url is None and any(one.strip() for one in _link_candidates(entry))


def _duration(text: str) -> int | None:
    """Seconds of an itunes:duration: `HH:MM:SS`, `MM:SS` or seconds."""
    parts = text.strip().split(":")
    if len(parts) > _DURATION_PARTS or not all(part.isdecimal() for part in parts):
        return None
    seconds = 0
    for part in parts:
        seconds = seconds * 60 + int(part[:6])
    return seconds or None


def _enclosure(raw: Parsed, url: str, duration: int | None) -> EnclosureDocument:
    return EnclosureDocument(
        url=url,
        media_type=media_type(text_field(raw, "type")),
        length=positive_number(text_field(raw, "length") or text_field(raw, "filesize")),
        title=title_text(text_field(raw, "title"), limits.TITLE),
        duration_seconds=duration or _duration(text_field(raw, "duration")),
    )


def _enclosures(entry: Parsed, context: EntryContext) -> tuple[EnclosureDocument, ...]:
    """Every file once, though `enclosure` and `media:content` both name it."""
    linked = [one for one in list_field(entry, "links") if text_field(one, "rel") == "enclosure"]
    found: dict[str, EnclosureDocument] = {}
    duration = _duration(text_field(entry, "itunes_duration"))
    base = _base_of(entry, context)
    for raw in [*linked, *(list_field(entry, "media_content"))]:
        url = links.resolve(text_field(raw, "href") or text_field(raw, "url"), base)
        if url and url not in found:
            found[url] = _enclosure(raw, url, None if found else duration)
    return tuple(found.values())[: limits.ENCLOSURES]


def image_of(parsed: Parsed, base: str) -> str | None:
    """Find the picture the publisher chose for a feed or an entry."""
    thumbnails = [text_field(one, "url") for one in list_field(parsed, "media_thumbnail")]
    image = dict_field(parsed, "image")
    thumbnails.append(text_field(image, "href") or text_field(image, "url"))
    found = (links.resolve(one, base) for one in thumbnails)
    return next((url for url in found if url), None)


def _categories(entry: Parsed) -> tuple[str, ...]:
    tags = list_field(entry, "tags")
    return category_names(text_field(tag, "label") or text_field(tag, "term") for tag in tags)


def _language(entry: Parsed, context: EntryContext) -> str | None:
    details = [*(list_field(entry, "content"))]
    details += [dict_field(entry, name) for name in ("summary_detail", "title_detail")]
    claims = [text_field(one, "language") for one in (entry, *details)]
    found = (primary_language(claim) for claim in claims)
    return next((language for language in found if language), context.language)


def _date_texts(entry: Parsed, kind: FeedKind) -> tuple[str, str]:
    """When it was published and when updated, as written."""
    published_text = text_field(entry, "published") or text_field(entry, "created")
    updated_text = text_field(entry, "updated")
    if not published_text and kind in ("rss", "rdf"):  # dc:date is all that RSS 1.0 has
        published_text, updated_text = updated_text, ""
    return published_text, updated_text


def _source(entry: Parsed, context: EntryContext) -> SourceDocument | None:
    raw = dict_field(entry, "source")
    title = title_text(text_field(raw, "title"), limits.TITLE)
    if not title:
        return None
    named = {text_field(one, "rel"): text_field(one, "href") for one in list_field(raw, "links")}
    return SourceDocument(
        title=title,
        id=claimed_id(text_field(raw, "id")),
        home_url=links.resolve(text_field(raw, "link") or named.get("alternate"), context.url),
        self_url=links.resolve(named.get("self") or text_field(raw, "href"), context.url),
        updated=parse_date(text_field(raw, "updated")),
    )


def entry_document(entry: Parsed, context: EntryContext) -> EntryDocument:
    """One entry; whatever is missing or unusable in it is None or empty, never an error."""
    url = _entry_url(entry, context)
    enclosures = _enclosures(entry, context)
    target = url or (enclosures[0].url if enclosures else None)
    title_type = text_field(dict_field(entry, "title_detail"), "type")
    summary, content = _bodies(entry, context, url)
    published_text, updated_text = _date_texts(entry, context.kind)
    return EntryDocument(
        id=claimed_id(text_field(entry, "id")) or target,
        url=target,
        title=title_text(
            text_field(entry, "title"),
            limits.TITLE,
            is_html=context.kind == "atom" and title_type != "text/plain",
        ),
        author=authors_of(entry, context.kind) or context.author,
        categories=_categories(entry),
        enclosures=enclosures,
        image_url=image_of(entry, _base_of(entry, context)),
        language=_language(entry, context),
        source=_source(entry, context),
        summary=summary,
        content=content,
        published=parse_date(published_text),
        updated=parse_date(updated_text),
        published_text=one_line(published_text or updated_text, limits.DATE_TEXT),
    )
