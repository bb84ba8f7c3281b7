"""Who and what a text names: `@name`, `@name@host`, `!name`, `!name@host`."""

from app.accounts.models.account import Account, AccountState
from app.accounts.queries import find_account_by_handle
from app.core.visibility import State, Visibility
from app.forum.models.community import Community
from app.forum.queries.communities import find_community


def link_mention(handle: str) -> str | None:
    """Return the page of the person or community a handle names, or None when unknown here."""
    named = _find_named(handle)
    return None if named is None else named.url


def find_mentioned_ids(handles: tuple[str, ...]) -> tuple[int, ...]:
    """Return the ids of the people among `handles`, in the order of the text."""
    named = (_find_named(handle) for handle in handles)
    return tuple(dict.fromkeys(found.id for found in named if isinstance(found, Account)))


def _find_named(handle: str) -> Account | Community | None:
    sigil, (name, _at_sign, host) = handle[:1], handle[1:].partition("@")
    if sigil == "@":
        account = find_account_by_handle(name, host or None)
        if account is not None:
            return account if account.state == AccountState.ACTIVE else None
    community = find_community(name, host or None)
    if community is None or community.state != State.PUBLISHED:
        return None
    return community if community.visibility == Visibility.PUBLIC else None
