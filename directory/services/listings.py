"""Change a listing. What is changed here is ours: loading a directory file leaves it alone."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.models.account import Account
from app.accounts.queries import find_user_of_account
from app.core.clock import utcnow
from app.core.db import session
from app.core.errors import InvalidInputError, NotAllowedError, NotFoundError
from app.core.events import emit
from directory.events import ListingEdited
from directory.models.contact import Contact
from directory.models.link import Link, LinkKind, LinkState
from directory.models.listing import Listing, RetiredSlug
from directory.models.listing_topic import ListingTopic, TopicRole
from directory.models.topic import Topic
from directory.policy import can_edit_listing
from directory.queries.listings import list_whole_listings
from directory.services.entries import sort_key_of
from directory.services.feeds import rename_publisher
from directory.services.findable import put_listings
from directory.services.slugs import holds_surname
from directory.services.withholding import (
    find_hidden_name,
    list_hidden_names_of,
    withhold_texts,
)

MAX_SLUG_LENGTH: Final = 120
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LINK_KINDS: Final = (LinkKind.WEBSITE, LinkKind.LINKEDIN, LinkKind.JOIN, LinkKind.NEWSLETTER)


@dataclass(frozen=True)
class ListingDraft:
    """What an editor wants a listing to say; texts by language, addresses by kind."""

    slug: str
    names: Mapping[str, str]
    descriptions: Mapping[str, str]
    joining: Mapping[str, str]
    institution: str
    links: Mapping[LinkKind, str]
    topic_slugs: Sequence[str]
    is_confirmed: bool


def edit_listing(listing: Listing, draft: ListingDraft, by: Account) -> None:
    """Take over `draft`; an earlier slug keeps leading here.

    Raises NotAllowedError, or InvalidInputError naming the field of the form that is wrong.
    """
    _require_editor(by)
    if find_hidden_name(draft.names.values(), listing.id):
        raise InvalidInputError(
            "name_nl", _("In de naam staat iemand die nog niet heeft bevestigd.")
        )
    former_path = listing.path
    _move_to_slug(listing, draft.slug)
    listing.names, listing.sort_key = dict(draft.names), sort_key_of(draft.names)
    listing.descriptions, listing.joining = dict(draft.descriptions), dict(draft.joining)
    listing.institution = draft.institution
    _set_links(listing, draft.links)
    _set_topics(listing, draft.topic_slugs)
    _set_confirmation(listing, is_confirmed=draft.is_confirmed)
    listing.edited_at = listing.changed_at = utcnow()
    session().flush()
    rename_publisher(listing, former_path)
    withhold_texts([listing])
    put_listings([listing])
    emit(ListingEdited(listing_id=listing.id))


def confirm_contact(listing: Listing, contact_id: int, by: Account) -> None:
    """Note that a person agreed to be named; texts that named only this person come back."""
    _require_editor(by)
    contact = session().get(Contact, contact_id)
    if contact is None or contact.listing_id != listing.id:
        raise NotFoundError(_("Deze contactpersoon bestaat niet."))
    if contact.confirmed_at is not None:
        return
    contact.confirmed_at = utcnow()
    session().flush()
    everything = list_whole_listings()
    withhold_texts(everything)
    put_listings([listing])
    emit(ListingEdited(listing_id=listing.id))


def _require_editor(by: Account) -> None:
    if not can_edit_listing(find_user_of_account(by)):
        raise NotAllowedError(_("Alleen beheerders kunnen een vermelding aanpassen."))


def _move_to_slug(listing: Listing, slug: str) -> None:
    if slug == listing.slug:
        return
    if not _SLUG.fullmatch(slug) or len(slug) > MAX_SLUG_LENGTH:
        raise InvalidInputError(
            "slug", _("Gebruik alleen kleine letters, cijfers en losse koppeltekens.")
        )
    if holds_surname(slug, list_hidden_names_of(listing.id)):
        raise InvalidInputError("slug", _("Dit adres noemt iemand die dat nog niet goedvond."))
    retired = session().get(RetiredSlug, slug)
    is_taken = session().scalar(select(Listing.id).where(Listing.slug == slug)) is not None
    if is_taken or (retired is not None and retired.listing_id != listing.id):
        raise InvalidInputError("slug", _("Dit adres is al van een andere vermelding."))
    if retired is not None:
        session().delete(retired)
    session().add(RetiredSlug(slug=listing.slug, listing_id=listing.id))
    listing.slug = slug


def _set_links(listing: Listing, wanted: Mapping[LinkKind, str]) -> None:
    """Set the address of each kind; words that were printed stay where an address was lost."""
    present = {link.kind: link for link in listing.links}
    for kind in LINK_KINDS:
        url, link = wanted.get(kind, "") or None, present.get(kind.value)
        if link is None and url is not None:
            listing.links.append(_checked_link(kind, url, position=len(listing.links)))
        elif link is not None and link.url != url:
            link.url = url
            link.state = (LinkState.CHECKED if url else LinkState.PRINTED).value
    website = present.get(LinkKind.WEBSITE)
    if website is not None and website.state == LinkState.CHECKED:
        listing.links = [link for link in listing.links if link.kind != LinkKind.CANDIDATE]


def _checked_link(kind: LinkKind, url: str, position: int) -> Link:
    return Link(
        kind=kind.value,
        url=url,
        printed_text="",
        printed_host="",
        state=LinkState.CHECKED.value,
        position=position,
    )


def _set_topics(listing: Listing, slugs: Iterable[str]) -> None:
    """Make exactly these the topics; our readings that were not chosen stay readings."""
    topics = {topic.slug: topic for topic in session().scalars(select(Topic))}
    chosen = [topics[slug] for slug in dict.fromkeys(slugs) if slug in topics]
    present = {row.topic_id: row for row in listing.topics}
    rows = [present.get(t.id) or ListingTopic(topic_id=t.id, topic=t, term="") for t in chosen]
    for row in rows:
        row.role = TopicRole.MAIN.value
    rows += [row for row in listing.topics if row.is_candidate and row not in rows]
    for position, row in enumerate(rows):
        row.position = position
    listing.topics = rows


def _set_confirmation(listing: Listing, *, is_confirmed: bool) -> None:
    if not is_confirmed:
        listing.confirmed_at = None
    elif listing.confirmed_at is None:
        listing.confirmed_at = utcnow()
