"""From an entry as its publisher wrote it to the plain texts we keep.

Everything goes through `app.core.html`: bodies become text without markup, and titles, names and
labels become one line in which markup is only text. So no page or feed of ours can carry anybody's
script, image or hidden link.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from html import escape, unescape
from typing import Final

from app.core.html import clean_html, clean_plain_text, html_to_text, safe_url
from feeds.formats.document import EnclosureDocument, EntryDocument
from feeds.ingest.addresses import strip_tracking
from feeds.ingest.language import detect_language

MAX_TITLE: Final = 500
MAX_AUTHOR: Final = 200
MAX_TEXT: Final = 20_000
MAX_HTML: Final = 100_000
MAX_EXCERPT: Final = 400
MAX_GUID: Final = 2_048
MAX_CATEGORY: Final = 100
MAX_CATEGORIES: Final = 20
MAX_ENCLOSURES: Final = 5
# What WordPress puts below each item of a feed, in its Dutch and English wording.
_FOOTER: Final = re.compile(
    r"(?:^|\n)[^\n]{0,20}?\b(?:"
    r"(?:het|dit) (?:bericht|artikel)\b[^\n]{0,600}?\b(?:verscheen (?:eerst|als eerste) op"
    r"|is (?:eerst )?(?:verschenen|gepubliceerd) op|werd (?:eerst )?gepubliceerd op)"
    r"|the post\b[^\n]{0,600}?\b(?:appeared first on|first appeared on)"
    r")[^\n]{0,300}\s*$",
    re.IGNORECASE,
)
_READ_ON: Final = re.compile(
    r"\s*(?:\[(?:…|\.\.\.)\]"
    r"|(?:\n|(?<=…)|(?<=\.\.\.))\s*"
    r"(?:lees (?:meer|verder)|continue reading|read more)\b[^\n.]{0,120})"
    r"\s*$",
    re.IGNORECASE,
)
# The last line of a newsletter: how to get rid of it, with links that know the reader.
_UNSUBSCRIBE: Final = re.compile(
    r"(?:^|\n)[^\n]{0,120}\b(?:uitschrijven|afmelden|unsubscribe|voorkeuren wijzigen)\b"
    r"[^\n]{0,120}$",
    re.IGNORECASE,
)
_PERSONAL_LINK: Final = re.compile(
    r"/(?:unsubscribe|unsub|uitschrijven|afmelden|profile|vcard|track/(?:open|click))\b[^\s]*[?/]",
    re.IGNORECASE,
)
_PIXEL: Final = re.compile(
    r"(?:width|height)\s*=\s*[\"']?[01][\"'\s/>]|/track/open|/open\.php|/wf/open|/pixel[./]",
    re.IGNORECASE,
)
_IMAGE: Final = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_LINK: Final = re.compile(r"<a href=\"([^\"]*)\"([^>]*)>(.*?)</a>", re.DOTALL)
_FOOTER_PARAGRAPH: Final = re.compile(r"<p>((?:[^<]|<(?!/?p>))*)</p>\s*$")
_MERGE_TAG: Final = re.compile(r"\*\|[A-Z0-9_:]{1,40}\|\*")
_NO_CATEGORY: Final = frozenset(
    {
        "uncategorized",
        "uncategorised",
        "geen categorie",
        "niet gecategoriseerd",
        "ongecategoriseerd",
    }
    | {"zonder categorie", "geen onderdeel van een categorie"}
)


@dataclass(frozen=True)
class CleanEntry:
    """An entry as it will be kept; see `feeds.models.entry.Entry` for the words."""

    guid: str
    url: str | None
    title: str
    author: str
    excerpt: str
    text: str
    categories: tuple[str, ...]
    enclosures: tuple[dict[str, str | int | None], ...]
    language: str
    published: datetime | None
    published_text: str
    updated: datetime | None


def clean_entry(entry: EntryDocument) -> CleanEntry:
    """Return the texts of `entry` without markup, trackers and boilerplate."""
    body = body_text(entry.content or entry.summary or "")
    summary = body_text(entry.summary or "") if entry.content else body
    title = clean_title(entry.title or "")
    return CleanEntry(
        guid=(entry.id or "")[:MAX_GUID].replace("\x00", ""),
        url=clean_link(entry),
        title=title,
        author=clean_plain_text(entry.author or "", max_length=MAX_AUTHOR),
        excerpt=clean_plain_text(summary or body, max_length=MAX_EXCERPT),
        text=body[:MAX_TEXT],
        categories=clean_categories(entry.categories),
        enclosures=tuple(_clean_enclosures(entry.enclosures)),
        language=detect_language(f"{title}\n{body}", entry.language),
        published=entry.published,
        published_text=entry.published_text or "",
        updated=entry.updated,
    )


def clean_title(title: str) -> str:
    """Return a title on one line, without the place where a mail program put a name."""
    bare = _MERGE_TAG.sub("", title)
    line = clean_plain_text(bare, max_length=MAX_TITLE)
    return line if bare == title else line.strip(" ,:\u2013-")


def clean_body(html: str, max_length: int) -> str:
    """Return safe HTML without trackers, links that know the reader, and boilerplate."""
    without_pixels = _IMAGE.sub(lambda tag: "" if _PIXEL.search(tag[0]) else tag[0], html)
    safe = clean_html(_MERGE_TAG.sub("", without_pixels), max_length=max_length)
    safe = _LINK.sub(_plain_link, safe)
    last = _FOOTER_PARAGRAPH.search(safe)
    if last is not None and _FOOTER.fullmatch(html_to_text(last[1])):
        safe = safe[: last.start()].rstrip()
    return safe


def clean_link(entry: EntryDocument) -> str | None:
    """Return the page of the entry without trackers; a file that stands in for it as it is."""
    if entry.url is None:
        return None
    is_file = any(one.url == entry.url for one in entry.enclosures)
    return safe_url(entry.url if is_file else strip_tracking(entry.url))


def clean_categories(names: Iterable[str]) -> tuple[str, ...]:
    """Return labels of one line, each once; what says "no category" is none."""
    found: dict[str, str] = {}
    for name in names:
        label = clean_plain_text(name, max_length=MAX_CATEGORY)
        if label and label.casefold() not in _NO_CATEGORY:
            found.setdefault(label.casefold(), label)
    return tuple(found.values())[:MAX_CATEGORIES]


def body_text(html: str) -> str:
    """Return the text of a body without the lines that content systems and mail programs add."""
    text = _FOOTER.sub("", _MERGE_TAG.sub("", html_to_text(html[:MAX_HTML])).rstrip()).rstrip()
    if _PERSONAL_LINK.search(html):
        text = _UNSUBSCRIBE.sub("", text).rstrip()
    return _READ_ON.sub("", text).rstrip()


def _plain_link(match: re.Match[str]) -> str:
    """Take the trackers off a link in cleaned HTML; one that is personal becomes its text."""
    url = unescape(match[1])
    if _PERSONAL_LINK.search(url):
        return match[3]
    return f'<a href="{escape(strip_tracking(url))}"{match[2]}>{match[3]}</a>'


def _clean_enclosures(
    enclosures: Iterable[EnclosureDocument],
) -> Iterable[dict[str, str | int | None]]:
    for enclosure in list(enclosures)[:MAX_ENCLOSURES]:
        url = safe_url(enclosure.url)
        if url is not None:
            yield {
                "url": url,
                "media_type": enclosure.media_type,
                "length": enclosure.length,
                "title": clean_plain_text(enclosure.title or "", max_length=MAX_TITLE) or None,
                "duration_seconds": enclosure.duration_seconds,
            }
