"""The directory as a value for exports: what the public may see, without unconfirmed people."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.core.addresses import local_uri
from app.core.db import session
from app.core.visibility import Visibility
from directory.formats.document import (
    DirectoryDocument,
    EntryDocument,
    OrganisationDocument,
    RelationDocument,
    TopicDocument,
    TopicRef,
)
from directory.models.link import Link, LinkKind
from directory.models.listing import Listing
from directory.models.relation import Relation
from directory.models.source import DirectorySource, Organisation
from directory.models.topic import Topic
from directory.queries.listings import list_whole_listings
from directory.queries.news import list_public_feeds
from directory.queries.topics import list_topics


def describe_directory() -> DirectoryDocument:
    """Return everything public that this server keeps, in the order of its source."""
    listings = [row for row in list_whole_listings() if row.visibility == Visibility.PUBLIC]
    topics, feeds = list_topics(), _list_feed_urls()
    sources = session().scalars(select(DirectorySource).order_by(DirectorySource.id)).all()
    return DirectoryDocument(
        meta=_meta(sources[0].meta if sources else {}),
        topics=tuple(describe_topic(topic, topics) for topic in topics),
        entries=tuple(
            replace(describe_listing(listing), feeds=tuple(feeds.get(listing.id, ())))
            for listing in listings
        ),
        relations=_describe_relations({listing.id for listing in listings}),
        organisations=_describe_organisations(),
        events=_describe_events(sources),
    )


def describe_topic(topic: Topic, topics: list[Topic]) -> TopicDocument:
    """Return one topic; `topics` are all of them, to name the broader one."""
    slugs = {other.id: other.slug for other in topics}
    return TopicDocument(
        slug=topic.slug,
        labels=topic.labels,
        label_printed=topic.label_printed,
        alt_labels=tuple(topic.alt_labels),
        broader=slugs.get(topic.broader_id) if topic.broader_id is not None else None,
        source_sections=tuple(topic.source_sections),
        note=topic.note,
        uri=topic.uri,
    )


def describe_listing(listing: Listing) -> EntryDocument:
    """Return what may be told of a listing: no withheld text, no unconfirmed person."""
    links = {link.kind: link for link in reversed(listing.links)}
    website = links.get(LinkKind.WEBSITE) or Link()
    linkedin = links.get(LinkKind.LINKEDIN) or Link()
    shows_links = listing.shows("links")
    return EntryDocument(
        slug=listing.slug,
        names=listing.names,
        category=listing.category,
        kind=listing.kind,
        topics=tuple(
            TopicRef(row.topic.slug, row.term) for row in listing.topics if not row.is_candidate
        ),
        topic_candidates=tuple(row.topic.slug for row in listing.topics if row.is_candidate),
        terms_in_text=tuple(listing.terms_in_text) if listing.shows("terms") else (),
        url=website.url,
        url_candidate=_url(links.get(LinkKind.CANDIDATE)),
        link_text=(website.printed_text or "") if shows_links else "",
        printed_host=website.printed_host or "",
        linkedin=(linkedin.printed_text or "") if shows_links else "",
        linkedin_url=linkedin.url,
        join_url=_url(links.get(LinkKind.JOIN)),
        newsletter_url=_url(links.get(LinkKind.NEWSLETTER)),
        institution=listing.institution if listing.shows("institution") else "",
        people=tuple(contact.name for contact in listing.contacts if contact.is_confirmed),
        descriptions=listing.descriptions if listing.shows("description") else {},
        joining=listing.joining if listing.shows("joining") else {},
        source_section=listing.source_section,
        also_in=tuple(listing.also_in),
        note=listing.note if listing.shows("note") else "",
        uri=listing.uri,
        page=listing.url,
        confirmed=listing.confirmed_at.date().isoformat() if listing.confirmed_at else "",
    )


def _list_feed_urls() -> dict[int, list[str]]:
    urls: dict[int, list[str]] = {}
    for listing, feed in list_public_feeds():
        urls.setdefault(listing.id, []).append(feed.url)
    return urls


def _describe_events(sources: Iterable[DirectorySource]) -> tuple[dict[str, Any], ...]:
    """Return the meetings that the sources mention, each once."""
    found: list[dict[str, Any]] = []
    for source in sources:
        found += [event for event in source.events if event not in found]
    return tuple(found)


def _url(link: Link | None) -> str | None:
    return None if link is None else link.url


def _meta(meta: dict[str, Any]) -> dict[str, Any]:
    """Return what the source says of itself, or who made this export when there is no source."""
    return meta or {"title": "Gids", "source": local_uri("/")}


def _describe_relations(shown: set[int]) -> tuple[RelationDocument, ...]:
    rows = session().scalars(
        select(Relation)
        .options(joinedload(Relation.subject), joinedload(Relation.object))
        .order_by(Relation.id)
    )
    return tuple(describe_relation(row) for row in rows if {row.subject_id, row.object_id} <= shown)


def describe_relation(row: Relation) -> RelationDocument:
    """Return one relation, by the slugs of its two listings."""
    return RelationDocument(
        type=row.type,
        subject=row.subject.slug,
        object=row.object.slug,
        basis=row.basis,
        date=row.on_date,
    )


def _describe_organisations() -> tuple[OrganisationDocument, ...]:
    rows = session().scalars(select(Organisation).order_by(Organisation.position, Organisation.id))
    return tuple(OrganisationDocument(r.name, r.role, r.source_section, r.host) for r in rows)
