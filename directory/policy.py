"""Who may see and change a listing."""

from sqlalchemy import ColumnElement, or_

from app.accounts.models.account import Account
from app.accounts.models.credential import User
from app.core.visibility import Visibility
from directory.models.listing import Listing


def can_see_listing(viewer: Account | None, listing: Listing) -> bool:
    """Whether `viewer` (None: anonymous, or a peer) may know of the listing."""
    if listing.visibility == Visibility.PUBLIC:
        return True
    return viewer is not None and viewer.is_local and listing.visibility == Visibility.LOCAL


def visible_listings(viewer: Account | None) -> ColumnElement[bool]:
    """Return the same rule as a condition for a query."""
    public = Listing.visibility == Visibility.PUBLIC.value
    if viewer is None or not viewer.is_local:
        return public
    return or_(public, Listing.visibility == Visibility.LOCAL.value)


def can_edit_listing(user: User | None) -> bool:
    """Whether who signs in with `user` may change listings: admins, for now nobody else."""
    return user is not None and user.is_admin
