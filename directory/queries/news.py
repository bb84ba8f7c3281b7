"""The news of listings: which feeds they have and what those brought."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.core.db import session
from directory.models.listing import Listing
from directory.models.listing_feed import ListingFeed
from directory.queries.listings import list_feed_ids


@dataclass(frozen=True)
class NewsRow:
    """One entry of a feed, as a row on a listing's page."""

    title: str
    url: str
    source: str
    when: datetime | None
    excerpt: str
    language: str


def list_news_of_listing(listing: Listing) -> list[NewsRow]:
    return []


def list_feeds_of_listing(listing: Listing) -> list:
    return []


def write_opml() -> str:
    return ""
