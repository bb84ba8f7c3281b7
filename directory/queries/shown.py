"""A listing as a page shows it: one language, nothing that is withheld.

This and `document` are the only two ways from a row to a reader; both leave out unconfirmed people.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from app.core.addresses import local_uri
from directory.models.link import Link, LinkKind
from directory.models.listing import Category, Listing
from directory.models.topic import Topic


@dataclass(frozen=True)
class Text:
    """A text and the language it is in, which may differ from the page's."""

    body: str = ""
    language: str = ""

    def __bool__(self) -> bool:
        return bool(self.body)


@dataclass(frozen=True)
class ShownTopic:
    """A topic of a listing; a candidate is our reading, not the source's."""

    label: str
    slug: str
    is_candidate: bool = False


@dataclass(frozen=True)
class Website:
    """What is known of where a listing is on the web.

    `url` is set only when it may be right; a damaged address stands in `damaged` as text, and our
    correction of it in `candidate`. `printed` are the words that stood where an address was lost.
    """

    url: str = ""
    host: str = ""
    state: str = ""
    damaged: str = ""
    candidate: str = ""
    printed: str = ""
    printed_host: str = ""
    linkedin_url: str = ""
    linkedin_text: str = ""
    join_url: str = ""
    newsletter_url: str = ""

    @property
    def is_lost(self) -> bool:
        """Whether the source names a website whose address we do not have."""
        return not self.url and not self.damaged


@dataclass(frozen=True)
class ShownListing:
    """A listing in one language."""

    slug: str
    category: Category
    kind: str
    title: Text
    description: Text
    joining: Text
    institution: str
    note: str
    source_section: str
    also_in: tuple[str, ...]
    topics: tuple[ShownTopic, ...]
    website: Website
    contacts: tuple[str, ...]
    hidden_contacts: int
    has_withheld_text: bool
    confirmed_at: datetime | None
    changed_at: datetime

    @property
    def path(self) -> str:
        """Our page about it."""
        return f"/gids/{self.slug}"

    @property
    def url(self) -> str:
        """The address of that page."""
        return local_uri(self.path)


def show_text(texts: Mapping[str, str], language: str) -> Text:
    """Return the text in `language`, else in Dutch, else in any."""
    for code in (language, "nl", *texts):
        if texts.get(code):
            return Text(texts[code], code)
    return Text()


def describe_topic(topic: Topic, language: str, *, is_candidate: bool = False) -> ShownTopic:
    """Return the topic with its label in `language`."""
    return ShownTopic(show_text(topic.labels, language).body, topic.slug, is_candidate)


def present_listing(listing: Listing, language: str) -> ShownListing:
    """Return what a reader of `language` may see of `listing`."""
    return ShownListing(
        slug=listing.slug,
        category=Category(listing.category),
        kind=listing.kind,
        title=show_text(listing.names, language),
        description=_unless_withheld(listing, "description", listing.descriptions, language),
        joining=_unless_withheld(listing, "joining", listing.joining, language),
        institution=listing.institution if listing.shows("institution") else "",
        note=listing.note if listing.shows("note") else "",
        source_section=listing.source_section,
        also_in=tuple(listing.also_in),
        topics=tuple(
            describe_topic(row.topic, language, is_candidate=row.is_candidate)
            for row in listing.topics
        ),
        website=_show_website(listing),
        contacts=tuple(contact.name for contact in listing.contacts if contact.is_confirmed),
        hidden_contacts=sum(not contact.is_confirmed for contact in listing.contacts),
        has_withheld_text=bool(listing.withheld),
        confirmed_at=listing.confirmed_at,
        changed_at=listing.changed_at,
    )


def _unless_withheld(listing: Listing, field: str, texts: Mapping[str, str], language: str) -> Text:
    return show_text(texts, language) if listing.shows(field) else Text()


def _show_website(listing: Listing) -> Website:
    links = {link.kind: link for link in reversed(listing.links)}
    none = Link(kind="", url=None, printed_text="", printed_host="", state="")
    website = links.get(LinkKind.WEBSITE, none)
    linkedin = links.get(LinkKind.LINKEDIN, none)
    shows_words = listing.shows("links")
    url = website.url or ""
    return Website(
        url=url if website.works else "",
        host=urlsplit(url).netloc.removeprefix("www.") if website.works else "",
        state=website.state,
        damaged="" if website.works else url,
        candidate=links.get(LinkKind.CANDIDATE, none).url or "",
        printed=website.printed_text if shows_words else "",
        printed_host=website.printed_host,
        linkedin_url=linkedin.url or "",
        linkedin_text=linkedin.printed_text if shows_words else "",
        join_url=links.get(LinkKind.JOIN, none).url or "",
        newsletter_url=links.get(LinkKind.NEWSLETTER, none).url or "",
    )
