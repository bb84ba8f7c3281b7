"""Attach feeds to listings: whose news it is."""

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.models.account import Account
from app.accounts.queries import find_user_of_account
from app.core.db import session
from app.core.errors import InvalidInputError, NotAllowedError
from directory.models.listing import Listing
from directory.models.listing_feed import ListingFeed
from directory.policy import can_edit_listing
from directory.queries.news import list_feed_ids
from feeds.models.feed import Feed
from feeds.queries import find_feed, list_feeds
from feeds.services.feeds import add_feed, name_publisher, stop_feed

MAX_FEEDS = 20


def attach_feed(listing: Listing, url: str, by: Account) -> Feed:
    """Let an editor attach the feed at `url`; see `join_feed` for what can be wrong."""
    _require_editor(by)
    return join_feed(listing, url)


def join_feed(listing: Listing, url: str) -> Feed:
    """Read the feed at `url` as news of `listing`; attaching it twice changes nothing.

    The worker fetches it soon. Raises InvalidInputError (field `url`), and ConflictError when the
    publisher has withdrawn the feed.
    """
    known = list_feed_ids(listing)
    if len(known) >= MAX_FEEDS:
        raise InvalidInputError("url", _("Deze vermelding heeft al genoeg feeds."))
    feed = add_feed(url, listing.name, listing.path)
    if feed.id not in known:
        session().add(ListingFeed(listing_id=listing.id, feed_id=feed.id))
        session().flush()
    return feed


def detach_feed(listing: Listing, feed_id: int, by: Account) -> None:
    """Take a feed off a listing. What it brought stays; no listing left means: read no longer."""
    _require_editor(by)
    row = session().get(ListingFeed, (listing.id, feed_id))
    feed = find_feed(feed_id)
    if row is None or feed is None:
        return
    session().delete(row)
    session().flush()
    other = session().scalar(
        select(Listing)
        .join(ListingFeed, ListingFeed.listing_id == Listing.id)
        .where(ListingFeed.feed_id == feed_id)
        .order_by(Listing.id)
        .limit(1)
    )
    if other is None:
        stop_feed(feed)
    elif feed.publisher_path == listing.path:
        name_publisher(feed, other.name, other.path)


def rename_publisher(listing: Listing, former_path: str) -> None:
    """Let the feeds of a listing carry its present name and page."""
    for feed in list_feeds(list_feed_ids(listing)):
        if feed.publisher_path == former_path:
            name_publisher(feed, listing.name, listing.path)


def _require_editor(by: Account) -> None:
    if not can_edit_listing(find_user_of_account(by)):
        raise NotAllowedError(_("Alleen beheerders kunnen een vermelding aanpassen."))
