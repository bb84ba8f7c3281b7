"""What a name may be, and who may do what to whom. Pure."""

import re
from typing import Final

from app.accounts.models.account import Account, AccountState

MAX_HANDLE_LENGTH: Final = 30
_HANDLE: Final = re.compile(r"[a-z0-9_]{1,30}")

# Names that would pass for the server itself, or that its own actors carry (contract.md).
# fmt: off
RESERVED_HANDLES: Final = frozenset((
    "abuse", "account", "accounts", "actor", "actors", "admin", "administratie",
    "administrator", "anoniem", "anonymous", "api", "beheer", "beheerder",
    "beheerders", "deleted", "directory", "everyone", "federation", "here",
    "hostmaster", "iedereen", "inbox", "instance", "mailer_daemon", "mod", "moderatie",
    "moderation", "moderator", "moderators", "mods", "no_reply", "nobody", "none",
    "noreply", "null", "officieel", "official", "outbox", "owner", "postmaster", "relay",
    "root", "security", "self", "server", "shared_inbox", "site", "staff", "support",
    "sysadmin", "systeem", "system", "undefined", "verbindplaats", "verwijderd",
    "webfinger", "webmaster",
))
# fmt: on


def normalize_handle(text: str) -> str:
    """Return `text` as a handle is compared and stored: lower case, without a leading @."""
    return text.strip().removeprefix("@").lower()


def is_handle(name: str) -> bool:
    """Whether `name` has the shape of a handle: [a-z0-9_]{1,30}."""
    return _HANDLE.fullmatch(name) is not None


def is_reserved_handle(name: str) -> bool:
    """Whether `name` is kept for the server itself, also with digits or underscores around it."""
    return name in RESERVED_HANDLES or name.strip("_0123456789") in RESERVED_HANDLES


def can_follow(follower: Account, followed: Account) -> bool:
    """Whether one person may follow the other: two people, both there."""
    both_active = follower.state == followed.state == AccountState.ACTIVE
    return both_active and follower.id != followed.id


def can_be_seen(account: Account) -> bool:
    """Whether the page of this person shows anything."""
    return account.state == AccountState.ACTIVE
