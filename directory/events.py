"""What happens in the directory. Ids of rows, never rows."""

from dataclasses import dataclass

from app.core.events import Event


@dataclass(frozen=True)
class ListingAdded(Event):
    """A listing was made here."""

    listing_id: int


@dataclass(frozen=True)
class ListingEdited(Event):
    """Something that readers see of a listing changed."""

    listing_id: int
