"""Pages and endpoints of accounts; importing the package registers them."""

from app.accounts.views import (
    administration,
    entry,
    invitations,
    mails,
    people,
    profile,
    settings,
    switches,
)
from app.accounts.views.blueprint import blueprint

__all__ = [
    "administration",
    "blueprint",
    "entry",
    "invitations",
    "mails",
    "people",
    "profile",
    "settings",
    "switches",
]
