"""Listings: one, those behind a door, those under a topic, how many."""

from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _
from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models.account import Account
from app.core.db import session
from app.core.errors import NotFoundError
from directory.models.listing import Category, Listing, RetiredSlug
from directory.models.listing_feed import ListingFeed
from directory.models.listing_topic import ListingTopic
from directory.models.relation import Relation
from directory.models.source import DirectorySource
from directory.models.topic import Topic
from directory.policy import can_see_listing, visible_listings

PAGE_SIZE: Final = 200
MAX_PAGE: Final = 50


@dataclass(frozen=True)
class ListingPage:
    """A page of listings in alphabetical order; `total` counts all pages."""

    items: list[Listing]
    total: int
    page: int
    has_more: bool


def whole(statement: Select[Listing]) -> Select[Listing]:
    """Load links, contacts and topics along, in one statement each."""
    return statement.options(
        selectinload(Listing.links),
        selectinload(Listing.contacts),
        selectinload(Listing.topics).joinedload(ListingTopic.topic),
    )


def find_listing(slug: str, viewer: Account | None) -> Listing | None:
    """Return the listing at `/gids/<slug>`, when `viewer` may see it."""
    listing = session().scalar(whole(select(Listing).where(Listing.slug == slug)))
    return listing if listing is not None and can_see_listing(viewer, listing) else None


def get_listing(slug: str, viewer: Account | None) -> Listing:
    """Return the listing at `/gids/<slug>`; raises NotFoundError."""
    listing = find_listing(slug, viewer)
    if listing is None:
        raise NotFoundError(_("Deze vermelding bestaat niet."))
    return listing


def find_listing_of_retired_slug(slug: str, viewer: Account | None) -> Listing | None:
    """Return the listing that had the address `/gids/<slug>` before."""
    listing = session().scalar(
        select(Listing)
        .join(RetiredSlug, RetiredSlug.listing_id == Listing.id)
        .where(RetiredSlug.slug == slug)
    )
    return listing if listing is not None and can_see_listing(viewer, listing) else None


def find_listing_by_handle(handle: str) -> Listing | None:
    """Return the public listing whose Organization actor is `/o/<handle>`."""
    listing = session().scalar(whole(select(Listing).where(Listing.handle == handle)))
    return listing if listing is not None and can_see_listing(None, listing) else None


def find_listing_by_id(listing_id: int) -> Listing | None:
    """Return the listing with this row id, whoever may see it."""
    return session().scalar(whole(select(Listing).where(Listing.id == listing_id)))


def list_whole_listings() -> list[Listing]:
    """Return every listing kept here with all that belongs to it, in the order of the source."""
    statement = whole(select(Listing).where(Listing.home_host.is_(None)))
    return list(session().scalars(statement.order_by(Listing.position, Listing.id)))


def list_listings(
    category: Category, viewer: Account | None, *, topic: Topic | None = None, page: int = 1
) -> ListingPage:
    """Return page `page` (from 1) of the listings behind a door, of one topic when it is given."""
    page = max(1, min(page, MAX_PAGE))
    wanted = select(Listing).where(Listing.category == category.value, visible_listings(viewer))
    if topic is not None:
        wanted = wanted.join(ListingTopic, ListingTopic.listing_id == Listing.id).where(
            ListingTopic.topic_id == topic.id
        )
    total = session().scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = session().scalars(
        whole(wanted)
        .order_by(Listing.sort_key, Listing.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return ListingPage(list(rows), total, page, has_more=total > page * PAGE_SIZE)


def list_listings_of_topic(topic: Topic, viewer: Account | None) -> list[Listing]:
    """Return at most 200 listings under a topic, our reading too, in alphabetical order."""
    statement = (
        select(Listing)
        .join(ListingTopic, ListingTopic.listing_id == Listing.id)
        .where(ListingTopic.topic_id == topic.id, visible_listings(viewer))
        .order_by(Listing.sort_key, Listing.id)
        .limit(PAGE_SIZE)
    )
    return list(session().scalars(whole(statement)))


def count_categories(viewer: Account | None) -> dict[Category, int]:
    """Return how many listings stand behind each door."""
    rows = session().execute(
        select(Listing.category, func.count())
        .where(visible_listings(viewer))
        .group_by(Listing.category)
    )
    found = dict(rows.all())
    return {category: found.get(category.value, 0) for category in Category}


def list_newest(viewer: Account | None) -> dict[Category, Listing]:
    """Return the listing that was added last behind each door."""
    newest = select(func.max(Listing.id)).where(visible_listings(viewer)).group_by(Listing.category)
    rows = session().scalars(select(Listing).where(Listing.id.in_(newest)))
    return {Category(row.category): row for row in rows}


def find_source_title(listing: Listing) -> str:
    """Return what the source of a listing calls itself, with its years; "" when it has none."""
    statement = select(DirectorySource.meta).where(DirectorySource.name == listing.source_name)
    meta = session().scalar(statement) or {}
    title, period = meta.get("source_title") or meta.get("title", ""), meta.get("source_period")
    return f"{title} ({period})" if title and period else str(title)


def list_relations(listing: Listing) -> list[Relation]:
    """Return what this listing is to others and others to it, with those others."""
    statement = (
        select(Relation)
        .where((Relation.subject_id == listing.id) | (Relation.object_id == listing.id))
        .options(joinedload(Relation.subject), joinedload(Relation.object))
        .order_by(Relation.id)
    )
    return list(session().scalars(statement))


def list_listings_of_feeds(feed_ids: list[int]) -> dict[int, list[Listing]]:
    """Return the public listings that carry each of these feeds, for the news river."""
    rows = session().execute(
        select(ListingFeed.feed_id, Listing)
        .join(Listing, Listing.id == ListingFeed.listing_id)
        .where(ListingFeed.feed_id.in_(feed_ids), visible_listings(None))
        .order_by(Listing.sort_key)
    )
    found: dict[int, list[Listing]] = {}
    for feed_id, listing in rows:
        found.setdefault(feed_id, []).append(listing)
    return found
