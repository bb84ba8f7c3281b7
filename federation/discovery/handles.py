"""What people type when they mean somebody: `name@host[:port]`, `@name@host`, `!name@host`, a URL.

A handle is matched whole; what has two @ signs or a host that is none is no handle
(Mastodon d8f9db547a: `x@us.test@evil.test`).
"""

import re
from dataclasses import dataclass

from federation.errors import MalformedError
from federation.vocab.origin import host_of
from federation.vocab.terms import Kind

MAX_LENGTH = 600

_HANDLE = re.compile(
    r"(?:acct:)?(?P<mark>[@!]?)(?P<name>[\w.\-]{1,255})@(?P<host>[A-Za-z0-9._\-\[\]:]{1,260})"
)


@dataclass(frozen=True)
class Handle:
    """A name at a host (netloc, lower case); `wanted` is GROUP when it was written with a `!`."""

    name: str
    host: str
    wanted: Kind | None = None

    @property
    def acct(self) -> str:
        """The WebFinger resource (RFC 7565)."""
        return f"acct:{self.name}@{self.host}"


def parse_handle(text: str) -> Handle | str:
    """Return the Handle that `text` is, or the http(s) address when it is one.

    Raises MalformedError when it is neither.
    """
    text = text.strip()
    if len(text) > MAX_LENGTH:
        raise MalformedError("handle", "too long")
    if text.lower().startswith(("http://", "https://")):
        host_of(text)
        return text
    match = _HANDLE.fullmatch(text)
    if match is None:
        raise MalformedError("handle", "neither name@host nor an address")
    host = host_of(f"https://{match['host']}/")
    return Handle(match["name"], host, Kind.GROUP if match["mark"] == "!" else None)
