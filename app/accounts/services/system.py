"""The server's own person, in whose name it says again what a moderator elsewhere decided."""

from typing import Final

from app.accounts.models.account import Account
from app.accounts.models.handle import HandleKind
from app.accounts.queries import find_handle, find_local_account
from app.accounts.services.registration import reserve_handle
from app.core.db import session

MODERATION: Final = "moderation"


def get_moderation_account() -> Account:
    """Return the person called `moderation`, made at the first call; nobody can sign in as it.

    Inside a unit of work. Some servers take a removal only from somebody of the group's own server,
    and only from a Person whom the group names as moderator (federation.md sections 3.6 and 8).
    """
    known = find_local_account(MODERATION)
    if known is not None:
        known.is_bot = False  # it was one in earlier releases
        return known
    if find_handle(MODERATION) is None:
        reserve_handle(MODERATION, HandleKind.RESERVED)
    account = Account(name=MODERATION, display_name="Moderatie", is_discoverable=False)
    session().add(account)
    session().flush()
    return account
