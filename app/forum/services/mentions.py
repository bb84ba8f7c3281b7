"""Who and what a text names: `@name`, `@name@host`, `!name`, `!name@host`."""

import re
from html import unescape

from app.accounts.models.account import Account, AccountState
from app.accounts.queries import find_account_by_handle
from app.core.addresses import local_path
from app.core.visibility import State, Visibility
from app.forum.models.community import Community
from app.forum.queries.communities import find_community

PERSON = "/u/"
MAX_LINKED = 50
_HREF = re.compile(r'href="([^"]+)"')


def link_mention(handle: str) -> str | None:
    """Return the page of the person or community a handle names, or None when unknown here."""
    named = _find_named(handle)
    return None if named is None else named.url


def find_mentioned_ids(handles: tuple[str, ...]) -> tuple[int, ...]:
    """Return the ids of the people among `handles`, in the order of the text."""
    named = (_find_named(handle) for handle in handles)
    return tuple(dict.fromkeys(found.id for found in named if isinstance(found, Account)))


def find_linked_ids(html: str) -> tuple[int, ...]:
    """Return the ids of our own people to whose pages a text links, in the order of the text."""
    pages = (local_path(unescape(link)) or "" for link in _HREF.findall(html))
    names = dict.fromkeys(page.removeprefix(PERSON) for page in pages if page.startswith(PERSON))
    found = (find_account_by_handle(name, None) for name in list(names)[:MAX_LINKED])
    return tuple(one.id for one in found if one is not None and one.state == AccountState.ACTIVE)


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
