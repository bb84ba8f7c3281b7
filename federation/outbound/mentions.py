"""Whom a text names: the links that our Markdown made of `@name@host`."""

import re
from html import unescape

from sqlalchemy import or_, select

from app.accounts.models.account import Account, AccountState
from app.core.addresses import local_path
from app.core.db import session

_HREF = re.compile(r'href="([^"]+)"')
MAX_MENTIONS = 50


def list_mentioned(html: str, author: Account) -> list[Account]:
    """Return the people a text links to, the author left out, at most 50."""
    links = [unescape(link) for link in _HREF.findall(html)][:MAX_MENTIONS]
    if not links:
        return []
    names = [
        p.removeprefix("/u/") for link in links if (p := local_path(link) or "").startswith("/u/")
    ]
    local = [name for name in names if "@" not in name and "/" not in name]
    statement = select(Account).where(
        or_(
            Account.remote_uri.in_(links),
            Account.remote_url.in_(links),
            (Account.host.is_(None)) & Account.name.in_(local),
        ),
        Account.state == AccountState.ACTIVE,
        Account.id != author.id,
    )
    return list(session().scalars(statement.order_by(Account.id)))
