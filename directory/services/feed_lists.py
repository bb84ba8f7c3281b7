"""Bring in a list of feeds (OPML): what is ours is attached, the rest waits for an admin."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from flask_babel import gettext as _

from app.core.errors import ConflictError, InvalidInputError
from directory.models.listing import Listing
from directory.queries.listings import list_whole_listings
from directory.services.feeds import join_feed
from feeds.formats.errors import InvalidOpmlError
from feeds.formats.opml import OpmlDocument, OpmlFeed, read_opml
from feeds.models.feed import Feed, FeedState
from feeds.services.feeds import offer_feed

MAX_IN_LIST: Final = 500


@dataclass(frozen=True)
class ListedFeed:
    """What became of one feed of the list; `text` is the name of its listing, or a reason."""

    url: str
    text: str = ""


@dataclass(frozen=True)
class FeedListReport:
    """What a list brought. `skipped` outlines had no usable address."""

    attached: list[ListedFeed] = field(default_factory=list)
    waiting: list[ListedFeed] = field(default_factory=list)
    known: list[ListedFeed] = field(default_factory=list)
    refused: list[ListedFeed] = field(default_factory=list)
    skipped: int = 0


def import_feed_list(content: bytes) -> FeedListReport:
    """Take in an OPML file. A feed called as a listing, or of its website, is attached to it.

    The others are kept and read by nobody until they are attached. Loading the same file again
    changes nothing. Raises InvalidInputError (field `file`); then nothing has changed.
    """
    document = _read(content)
    matcher = ListingMatcher(list_whole_listings())
    report = FeedListReport(skipped=document.skipped)
    for one in document.feeds:
        try:
            _take_in(one, matcher, report)
        except (InvalidInputError, ConflictError) as error:
            report.refused.append(ListedFeed(one.feed_url, error.text))
    return report


def _read(content: bytes) -> OpmlDocument:
    try:
        document = read_opml(content)
    except InvalidOpmlError as error:
        raise InvalidInputError(
            "file",
            _("Dit bestand is te groot: hooguit 256 kB.")
            if error.is_too_large
            else _("Dit is geen OPML-bestand, of het is beschadigd."),
        ) from error
    if not document.feeds:
        raise InvalidInputError("file", _("In dit bestand staan geen feeds."))
    if len(document.feeds) > MAX_IN_LIST:
        raise InvalidInputError(
            "file", _("In dit bestand staan meer dan %(max)d feeds.", max=MAX_IN_LIST)
        )
    return document


def _take_in(one: OpmlFeed, matcher: "ListingMatcher", report: FeedListReport) -> None:
    feed = offer_feed(one.feed_url, one.title, one.home_url)
    if feed.state != FeedState.WAITING:
        report.known.append(ListedFeed(feed.url, feed.name))
        return
    listing = matcher.find_certain(one)
    if listing is None:
        report.waiting.append(ListedFeed(feed.url, one.title))
        return
    join_feed(listing, feed.url)
    report.attached.append(ListedFeed(feed.url, listing.name))


class ListingMatcher:
    """Tells whose a feed is. What fits two listings fits none."""

    def __init__(self, listings: Iterable[Listing]) -> None:
        names: list[tuple[str, Listing]] = []
        pages: list[tuple[str, Listing]] = []
        hosts: list[tuple[str, Listing]] = []
        for listing in listings:
            names += [(key, listing) for key in {_folded(one) for one in listing.names.values()}]
            sites = {link.url for link in listing.links if link.url}
            pages += [(page, listing) for page in {_page(site) for site in sites}]
            hosts += [(host, listing) for host in {_host(site) for site in sites}]
        self._names, self._pages, self._hosts = _unique(names), _unique(pages), _unique(hosts)

    def find_certain(self, feed: OpmlFeed) -> Listing | None:
        """Return the listing with just this name, or with just this website."""
        by_page = self._pages.get(_page(feed.home_url)) if feed.home_url else None
        return self._names.get(_folded(feed.title)) or by_page

    def suggest(self, feed: Feed) -> Listing | None:
        """Return the only listing with a website on the host of the feed or of its page."""
        urls = [url for url in (feed.home_url, feed.url) if url]
        return next((found for url in urls if (found := self._hosts.get(_host(url)))), None)


def _unique(pairs: list[tuple[str, Listing]]) -> dict[str, Listing]:
    counts = Counter(key for key, _listing in pairs)
    return {key: listing for key, listing in pairs if key and counts[key] == 1}


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _page(url: str) -> str:
    return _host(url) + urlsplit(url).path.rstrip("/")
