"""Find the feeds of a website from its home page: what it names, else where they usually stand.

Every candidate is fetched and parsed before it is offered: soft 404 pages and feeds of comments
are common.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from html import unescape
from http import HTTPStatus
from typing import Final
from urllib.parse import urljoin

from app.core.clock import utcnow
from app.core.html import safe_url
from app.core.http_client import FetchedResponse, HttpClient
from app.core.http_errors import HttpClientError
from feeds.formats.charset import decode_text
from feeds.formats.errors import NotAFeedError
from feeds.ingest.fetch import ACCEPT, LIMITS
from feeds.ingest.reading import Answered, read_answer

MAX_CANDIDATES: Final = 8
SECONDS: Final = 10.0
PAGE_LENGTH: Final = 400_000
WELL_KNOWN: Final = ("/feed/", "/rss.xml", "/atom.xml", "/feed.xml", "/feed.json", "/index.xml")
_FEED_TYPES: Final = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
    | {"application/json", "application/xml", "text/xml"}
)
_LINK: Final = re.compile(r"<link\b((?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*)>", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(r"([a-zA-Z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_COMMENTS: Final = re.compile(r"/comments/feed|comments?[-_]?(?:rss|atom|feed)", re.IGNORECASE)
# A WordPress page names its own JSON interface too; that is no feed.
_NOT_FEEDS: Final = re.compile(r"/wp-json\b|/oembed\b", re.IGNORECASE)


@dataclass(frozen=True)
class FoundFeed:
    """A feed that can be read: how many entries it holds and when the last one appeared."""

    url: str
    title: str
    kind: str
    count: int
    newest: datetime | None


def discover_feeds(client: HttpClient, page_url: str) -> list[FoundFeed]:
    """Return the feeds of the site at `page_url`, the most useful first; empty when none is found.

    An address that is a feed itself is the only result. Raises HttpClientError when the page does
    not answer.
    """
    page = _get(client, page_url)
    if page.status != HTTPStatus.OK:
        return []
    own = _examine(page)
    if own is not None:
        return [own]
    named = list(list_named_feeds(decode_text(page.body).text, page.url))
    usual = [urljoin(page.url, path) for path in WELL_KNOWN]
    found = _read_all(client, named) or _read_all(client, usual)
    return sorted(found, key=_usefulness, reverse=True)


def list_named_feeds(html: str, base: str) -> Iterator[str]:
    """Yield the addresses that a page names as its feeds (`link rel=alternate`), each once."""
    seen: set[str] = set()
    for match in _LINK.finditer(html[:PAGE_LENGTH]):
        attributes = {
            name.lower(): unescape(double or single or bare)
            for name, double, single, bare in _ATTRIBUTE.findall(match[1])
        }
        is_alternate = "alternate" in attributes.get("rel", "").lower().split()
        is_feed = attributes.get("type", "").split(";")[0].strip().lower() in _FEED_TYPES
        url = safe_url(urljoin(base, attributes.get("href", "").strip())) or ""
        is_wanted = url not in seen and not _NOT_FEEDS.search(url)
        if url and is_alternate and is_feed and is_wanted:
            seen.add(url)
            yield url


def _read_all(client: HttpClient, urls: list[str]) -> list[FoundFeed]:
    found = []
    for url in urls[:MAX_CANDIDATES]:
        try:
            response = _get(client, url)
        except HttpClientError:
            continue
        feed = _examine(response) if response.status == HTTPStatus.OK else None
        if feed is not None:
            found.append(replace(feed, url=url))
    return found


def _get(client: HttpClient, url: str) -> FetchedResponse:
    limits = replace(LIMITS, total_seconds=SECONDS)
    return client.get(url, headers={"accept": f"{ACCEPT}, text/html;q=0.6"}, limits=limits)


def _examine(response: FetchedResponse) -> FoundFeed | None:
    content_type = response.headers.get("content-type", "")
    try:
        reading = read_answer(Answered(response.body, response.url, content_type), utcnow())
    except NotAFeedError:
        return None
    dates = [one.entry.published for one in reading.entries if one.entry.published]
    return FoundFeed(
        url=response.url,
        title=reading.title,
        kind=reading.document.kind,
        count=len(reading.entries),
        newest=max(dates, default=None),
    )


def _usefulness(feed: FoundFeed) -> tuple[bool, bool, bool, int]:
    """Order: posts before comments, filled before empty, Atom before the others, many entries."""
    return (not _COMMENTS.search(feed.url), feed.count > 0, feed.kind == "atom", feed.count)
