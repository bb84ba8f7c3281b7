"""JSON Feed 1.0 and 1.1 (jsonfeed.org), forgiving: a value of a wrong type counts as absent.

Ids may be numbers; an item that is not an object is skipped; nothing in one item harms another.
"""

import json
import math
from collections.abc import Mapping
from typing import Any

from feeds.formats import limits, links
from feeds.formats.dates import parse_date
from feeds.formats.document import EnclosureDocument, EntryDocument, FeedDocument
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
from feeds.formats.errors import NotAFeedError, NotAFeedReason
from feeds.formats.item_choice import newest_indices
from feeds.formats.plain_text import html_of_text, one_line, title_text
from feeds.formats.source import FeedSource

_VERSION_MARK = "jsonfeed.org/version/"
_Object = Mapping[str, Any]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _objects(value: object) -> list[_Object]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _id(value: object) -> str | None:
    """Give an id as text; numbers are common and become one (JSON Feed 1.1, `id`)."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return claimed_id(str(value))


def _authors(owner: _Object) -> str | None:
    listed = [*_objects(owner.get("authors")), *_objects([owner.get("author")])]
    names = dict.fromkeys(person_name(_text(one.get("name"))) for one in listed)
    return one_line(", ".join(name for name in names if name), limits.AUTHOR)


def _enclosures(item: _Object, base: str) -> tuple[EnclosureDocument, ...]:
    found: dict[str, EnclosureDocument] = {}
    for one in _objects(item.get("attachments")):
        url = links.resolve(_text(one.get("url")), base)
        if url:
            enclosure = EnclosureDocument(
                url=url,
                media_type=media_type(one.get("mime_type")),
                length=_whole(one.get("size_in_bytes")),
                title=title_text(_text(one.get("title")), limits.TITLE),
                duration_seconds=_whole(one.get("duration_in_seconds")),
            )
            found.setdefault(url, enclosure)
    return tuple(found.values())[: limits.ENCLOSURES]


def _whole(value: object) -> int | None:
    if isinstance(value, float):
        return positive_number(round(value)) if math.isfinite(value) else None
    return positive_number(value) if isinstance(value, int | str) else None


def _content(item: _Object) -> str:
    """Give the body as HTML, whichever of the two fields holds it."""
    return _text(item.get("content_html")) or html_of_text(_text(item.get("content_text")))


def _entry(item: _Object, context: EntryContext) -> EntryDocument:
    enclosures = _enclosures(item, context.url)
    url = links.resolve(_text(item.get("url")), context.url)
    url = url or links.resolve(_text(item.get("external_url")), context.url)
    target = url or (enclosures[0].url if enclosures else None)
    written = _text(item.get("date_published"))
    tags = item.get("tags")
    return EntryDocument(
        id=_id(item.get("id")) or target,
        url=target,
        title=title_text(_text(item.get("title")), limits.TITLE),
        author=_authors(item) or context.author,
        published=parse_date(written),
        updated=parse_date(_text(item.get("date_modified"))),
        published_text=one_line(written or _text(item.get("date_modified")), limits.DATE_TEXT),
        categories=category_names(map(_text, tags if isinstance(tags, list) else ())),
        enclosures=enclosures,
        image_url=links.resolve(_text(item.get("image")), context.url)
        or links.resolve(_text(item.get("banner_image")), context.url),
        language=primary_language(item.get("language")) or context.language,
        summary=shown_html(html_of_text(_text(item.get("summary"))), context.url, url),
        content=shown_html(_content(item), context.url, url),
    )


def _load(text: str) -> _Object:
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAFeedError(NotAFeedReason.UNREADABLE, "This is not well-formed JSON") from error
    if not isinstance(raw, dict) or _VERSION_MARK not in _text(raw.get("version")):
        raise NotAFeedError(NotAFeedReason.JSON, "This is JSON, but not a JSON Feed")
    return raw


def _base(raw: _Object, url: str) -> str:
    claims = (links.resolve(_text(raw.get(name)), "") for name in ("feed_url", "home_page_url"))
    return url or next((claim for claim in claims if claim), "")


def _hubs(raw: _Object, base: str) -> tuple[str, ...]:
    found = (links.resolve(_text(one.get("url")), base) for one in _objects(raw.get("hubs")))
    return tuple(dict.fromkeys(url for url in found if url))[: limits.HUBS]


def _entries(raw: _Object, context: EntryContext, limit: int) -> tuple[EntryDocument, ...]:
    items = _objects(raw.get("items"))
    written = (one.get("date_published") or one.get("date_modified") for one in items)
    kept = newest_indices([parse_date(_text(one)) for one in written], limit)
    return tuple(_entry(item, context) for index, item in enumerate(items) if index in kept)


def _warnings(raw: _Object) -> tuple[str, ...]:
    items = raw.get("items")
    if not isinstance(items, list):
        return ("the feed has no list of items",)
    skipped = len(items) - len(_objects(items))
    return (f"items that are not objects were skipped: {skipped}",) if skipped else ()


def read_jsonfeed(source: FeedSource, start: int = 0) -> FeedDocument:
    """Read a JSON Feed; `NotAFeedError` when the JSON is damaged or something else."""
    raw = _load(source.text[start:].rstrip("\x00"))
    base = _base(raw, source.url)
    language = primary_language(raw.get("language"))
    author = _authors(raw)
    context = EntryContext(url=base, kind="json", language=language, author=author)
    return FeedDocument(
        kind="json",
        title=title_text(_text(raw.get("title")), limits.TITLE),
        subtitle=title_text(_text(raw.get("description")), limits.TITLE),
        home_url=links.resolve(_text(raw.get("home_page_url")), base),
        self_url=links.resolve(_text(raw.get("feed_url")), base),
        hub_urls=_hubs(raw, base),
        author=author,
        language=language,
        image_url=links.resolve(_text(raw.get("icon")), base),
        entries=_entries(raw, context, source.limit),
        total=len(_objects(raw.get("items"))),
        warnings=_warnings(raw),
        parser="jsonfeed",
    )
