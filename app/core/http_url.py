"""Which addresses the outgoing client fetches at all, before any name is looked up.

What is checked here is what is dialled: parsing is urllib3's own, and forms on which parsers
disagree (user info, backslashes, white space, numbers as hosts) are refused (security.md A060,
A061, A064). Pure.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from app.core.address_guard import is_literal
from app.core.http_errors import BadUrlError

MAX_URL_LENGTH = 8192
PORTS = {"https": 443, "http": 80}
_CONFUSING = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029]")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9._-]{0,251}[a-z0-9_])?|\[[0-9a-f:.]+\]")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
# Everything that may stand in a URL, and the per cent sign of what is encoded already.
_KEPT_IN_LOCATION = ":/?#[]@!$&'()*+,;=%-._~"


@dataclass(frozen=True)
class UrlRules:
    """What is permitted besides https on its own port."""

    allow_http: bool = False
    laboratory: bool = False


@dataclass(frozen=True)
class Target:
    """A checked address: the form that goes on the wire, and its origin (RFC 6454)."""

    url: str
    origin: tuple[str, str, int]

    @property
    def is_secure(self) -> bool:
        """Whether the connection is encrypted."""
        return self.origin[0] == "https"


def check_url(url: str, rules: UrlRules) -> Target:
    """Return the target of an absolute URL, without fragment; BadUrlError if it is not for us."""
    if len(url) > MAX_URL_LENGTH or _CONFUSING.search(url):
        raise BadUrlError(f"malformed: {url[:200]!r}")
    try:
        parsed = parse_url(url)
    except LocationParseError as error:
        raise BadUrlError(str(error)) from error
    scheme = (parsed.scheme or "").lower()
    if scheme not in PORTS or (scheme == "http" and not (rules.allow_http or rules.laboratory)):
        raise BadUrlError(f"scheme of {url[:200]!r}", code="bad_scheme")
    host = _check_host(parsed, url)
    port = PORTS[scheme] if parsed.port is None else parsed.port
    if port != PORTS[scheme] and not rules.laboratory:
        raise BadUrlError(f"port of {url[:200]!r}", code="bad_port")
    return Target(url=parsed._replace(fragment=None).url, origin=(scheme, host, port))


def _check_host(parsed: Url, url: str) -> str:
    host = (parsed.host or "").lower()
    if parsed.auth is not None or not _HOST.fullmatch(host) or ".." in host:
        raise BadUrlError(f"host of {url[:200]!r}", code="bad_host")
    # "127.1", "2130706433" and "0x7f.1" are addresses to the resolver and names to a reader.
    if _NUMBER.fullmatch(host.rpartition(".")[2]) and not is_literal(host):
        raise BadUrlError(f"host of {url[:200]!r}", code="bad_host")
    return host


def resolve_location(base: str, location: str) -> str:
    """Return the absolute URL a Location header points to (RFC 9110, section 10.2.2).

    Header bytes arrive as Latin-1; servers that put UTF-8 or spaces there are understood.
    """
    try:
        location = location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        location = location.strip()
    return urljoin(base, quote(location.strip(" \t"), safe=_KEPT_IN_LOCATION))
