"""Turn the entries of a directory file into listings: new ones made, unedited ones updated."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.core.clock import utcnow
from app.core.db import session
from app.core.events import emit
from directory.events import ListingAdded, ListingEdited
from directory.fingerprint import digest_of
from directory.formats.document import EntryDocument
from directory.models.contact import Contact
from directory.models.listing import Listing
from directory.models.listing_topic import ListingTopic, TopicRole
from directory.models.topic import Topic
from directory.names import full_name
from directory.services.feeds import rename_publisher
from directory.services.handles import take_listing_handle
from directory.services.links import make_links
from directory.services.slugs import choose_slug

MAX_SORT_KEY_LENGTH = 200


class EntryImport:
    """One run over the entries of a file; keeps what was done to which listing."""

    def __init__(
        self, topics: Mapping[str, Topic], source: str, slugs: Collection[str] = frozenset()
    ) -> None:
        self._topics = topics
        self._source = source
        self._slugs = slugs  # of all entries of the file
        known = session().scalars(
            select(Listing)
            .where(Listing.home_host.is_(None))
            .options(
                selectinload(Listing.links),
                selectinload(Listing.contacts),
                selectinload(Listing.topics),
            )
        )
        self._by_source: dict[str, Listing] = {}
        self._by_slug: dict[str, Listing] = {}
        for listing in known:
            self._by_slug[listing.slug] = listing
            if listing.source_id is not None:
                self._by_source[listing.source_id] = listing
        self.listings: dict[str, Listing] = {}
        self.added: list[Listing] = []
        self.changed: list[Listing] = []
        self.kept = 0
        self.unchanged = 0

    def apply(self, entry: EntryDocument, position: int) -> None:
        """Make or update the listing of `entry`; one that was edited here stays as it is."""
        listing = self._by_source.get(entry.slug) or self._by_slug.get(entry.slug)
        if listing is None:
            listing = self._add(entry, position)
        else:
            self._update(listing, entry)
        self.listings[entry.slug] = listing

    def _update(self, listing: Listing, entry: EntryDocument) -> None:
        is_other = listing.source_digest != digest_of(entry)
        is_ours = listing.edited_at is not None or listing.source_id is None
        if is_other and not is_ours:
            self._fill(listing, entry)
        is_renamed = listing.slug == entry.slug and self._hide_names(listing)
        if is_renamed or (is_other and not is_ours):
            self.changed.append(listing)
            emit(ListingEdited(listing_id=listing.id))
        elif is_other:
            self.kept += 1
        else:
            self.unchanged += 1

    def _hide_names(self, listing: Listing) -> bool:
        """Give the listing another slug when it tells a name; the former leads nowhere."""
        hidden = [one.name for one in listing.contacts if one.confirmed_at is None]
        slug = choose_slug(listing.slug, listing.names.get("nl", ""), hidden, self._slugs)
        if slug == listing.slug:
            return False
        former_path, listing.slug = listing.path, slug
        session().flush()
        rename_publisher(listing, former_path)
        return True

    def _add(self, entry: EntryDocument, position: int) -> Listing:
        listing = Listing(
            slug=choose_slug(entry.slug, entry.names.get("nl", ""), entry.people, self._slugs),
            handle=take_listing_handle(entry.slug, entry.names.get("nl", ""), entry.people),
            source_name=self._source,
            source_id=entry.slug,
            position=position,
        )
        listing.links, listing.contacts, listing.topics = [], [], []
        listing.descriptions, listing.joining, listing.note = {}, {}, ""
        self._fill(listing, entry)
        session().add(listing)
        session().flush()
        self.added.append(listing)
        emit(ListingAdded(listing_id=listing.id))
        return listing

    def _fill(self, listing: Listing, entry: EntryDocument) -> None:
        """Take over what `entry` says; what it is silent about stays (exports leave names out)."""
        listing.category, listing.kind = entry.category, entry.kind
        listing.names = {**entry.names}
        listing.sort_key = sort_key_of(entry.names)
        listing.descriptions = {**listing.descriptions, **entry.descriptions}
        listing.joining = {**listing.joining, **entry.joining}
        listing.institution, listing.note = entry.institution, entry.note or listing.note
        listing.terms_in_text = list(entry.terms_in_text)
        listing.source_section, listing.also_in = entry.source_section, list(entry.also_in)
        listing.source_digest, listing.changed_at = digest_of(entry), utcnow()
        listing.links = make_links(entry)
        _add_people(listing, entry)
        self._fill_topics(listing, entry)

    def _fill_topics(self, listing: Listing, entry: EntryDocument) -> None:
        wanted = dict.fromkeys(entry.topic_candidates, (TopicRole.CANDIDATE, ""))
        wanted |= {ref.slug: (TopicRole.MAIN, ref.term) for ref in entry.topics}
        rows = {row.topic_id: row for row in listing.topics}
        kept = []
        for position, (slug, (role, term)) in enumerate(wanted.items()):
            topic = self._topics[slug]
            row = rows.get(topic.id) or ListingTopic(topic_id=topic.id, topic=topic)
            row.role, row.term, row.position = role.value, term, position
            kept.append(row)
        listing.topics = kept


def sort_key_of(names: Mapping[str, str]) -> str:
    """Return what a list is sorted by: the Dutch name without case and opening signs."""
    name = names.get("nl") or next(iter(names.values()))
    return name.casefold().lstrip("\"'([»« ")[:MAX_SORT_KEY_LENGTH]


def _add_people(listing: Listing, entry: EntryDocument) -> None:
    """Keep the names the source gives, unconfirmed; nobody is taken away by a file."""
    known = {full_name(contact.name).casefold() for contact in listing.contacts}
    for name in entry.people:
        if full_name(name).casefold() not in known:
            listing.contacts.append(Contact(name=name, position=len(listing.contacts)))
