"""The news of listings: which feeds they have, what those brought, and by which topic."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.core.db import session
from directory.models.listing import Listing
from directory.models.listing_feed import ListingFeed
from directory.models.listing_topic import ListingTopic
from directory.policy import visible_listings
from directory.queries.topics import find_topic
from feeds.formats.opml import OpmlDocument, OpmlFeed
from feeds.health import Health, describe_health
from feeds.models.entry import Entry
from feeds.models.feed import Feed
from feeds.policy import shown_feeds
from feeds.queries import list_feeds, list_newest

NEWS_ROWS = 10


@dataclass(frozen=True)
class ListingNews:
    """The newest entries of a listing, and how each of its feeds is doing."""

    entries: list[Entry]
    feeds: list[tuple[Feed, Health]]


def list_feed_ids(listing: Listing) -> list[int]:
    """Return the ids of the feeds of a listing."""
    statement = select(ListingFeed.feed_id).where(ListingFeed.listing_id == listing.id)
    return list(session().scalars(statement.order_by(ListingFeed.feed_id)))


def find_news_of_listing(listing: Listing) -> ListingNews:
    """Return what the feeds of a listing brought; three statements, one when it has none."""
    feed_ids = list_feed_ids(listing)
    if not feed_ids:
        return ListingNews([], [])
    feeds = [(feed, describe_health(feed)) for feed in list_feeds(feed_ids)]
    return ListingNews(list_newest(NEWS_ROWS, feed_ids), feeds)


def list_feed_ids_of_topic(slug: str) -> list[int] | None:
    """Return the feeds of the public listings under a topic, our reading too; None: no topic."""
    topic = find_topic(slug)
    if topic is None:
        return None
    statement = (
        select(ListingFeed.feed_id)
        .join(Listing, Listing.id == ListingFeed.listing_id)
        .join(ListingTopic, ListingTopic.listing_id == Listing.id)
        .where(ListingTopic.topic_id == topic.id, visible_listings(None))
        .distinct()
    )
    return list(session().scalars(statement))


def list_public_feeds() -> Sequence[tuple[Listing, Feed]]:
    """Return every feed that may be shown with its public listing, by the listing's name."""
    rows = session().execute(
        select(Listing, Feed)
        .join(ListingFeed, ListingFeed.listing_id == Listing.id)
        .join(Feed, Feed.id == ListingFeed.feed_id)
        .where(visible_listings(None), shown_feeds())
        .order_by(Listing.category, Listing.sort_key, Feed.id)
    )
    return [(listing, feed) for listing, feed in rows]


def describe_opml(title: str) -> OpmlDocument:
    """Return the feeds of all public listings as a list, one folder per category."""
    return OpmlDocument(
        title=title,
        feeds=tuple(
            OpmlFeed(
                title=listing.name,
                feed_url=feed.url,
                home_url=listing.url,
                language=feed.language or None,
                path=(listing.category,),
            )
            for listing, feed in list_public_feeds()
        ),
    )
