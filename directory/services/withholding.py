"""Keep texts back that name a person who has not confirmed; decided when something is written."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from app.core.db import session
from directory.models.contact import Contact
from directory.models.listing import Listing
from directory.names import names_anybody


def withhold_texts(listings: Iterable[Listing]) -> list[Listing]:
    """Mark the texts of `listings` that must not be shown; returns those in which that changed."""
    hidden = _list_hidden_names()
    everybody = [name for names in hidden.values() for name in names]
    changed = []
    for listing in listings:
        own = hidden.get(listing.id, [])
        withheld = sorted(
            field
            for field, text in texts_of(listing).items()
            if text and names_anybody(text, own, everybody)
        )
        if withheld != listing.withheld:
            listing.withheld = withheld
            changed.append(listing)
    return changed


def find_hidden_name(texts: Iterable[str], listing_id: int | None = None) -> bool:
    """Whether one of `texts`, about that listing, names a person who has not confirmed."""
    hidden = _list_hidden_names()
    own = hidden.get(listing_id, []) if listing_id is not None else []
    everybody = [name for names in hidden.values() for name in names]
    return any(names_anybody(text, own, everybody) for text in texts)


def list_hidden_names_of(listing_id: int) -> list[str]:
    """Return the names with a listing that are kept back."""
    hidden = (Contact.listing_id == listing_id, Contact.confirmed_at.is_(None))
    return list(session().scalars(select(Contact.name).where(*hidden)))


def texts_of(listing: Listing) -> Mapping[str, str]:
    """Return every text of a listing that may hold a name, by field; languages joined."""
    return {
        "description": "\n".join(listing.descriptions.values()),
        "joining": "\n".join(listing.joining.values()),
        "note": listing.note,
        "institution": listing.institution,
        "links": "\n".join(link.printed_text for link in listing.links),
        "terms": "\n".join(listing.terms_in_text),
    }


def _list_hidden_names() -> dict[int, list[str]]:
    rows = session().execute(
        select(Contact.listing_id, Contact.name).where(Contact.confirmed_at.is_(None))
    )
    names: dict[int, list[str]] = {}
    for listing_id, name in rows:
        names.setdefault(listing_id, []).append(name)
    return names
