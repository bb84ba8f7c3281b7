"""Whose address is this? The one normaliser of hosts and origins.

Two readings of one address are how servers get impersonated (CVE-2023-42451: slashes stripped from
domains). So an address is matched whole against a narrow grammar; what does not fit has no host.
Sources: RFC 3986 section 3.2, FEP-fe34 (origin-based security model).
"""

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple

from federation.errors import MalformedError

MAX_URI_LENGTH = 2048
MAX_HOST_LENGTH = 253
MAX_PORT = 65_535
COUNTRY_CODE = 2
KINDS_OF_DOMAIN = frozenset(
    {
        "ac",
        "asn",
        "co",
        "com",
        "edu",
        "gob",
        "gov",
        "gv",
        "id",
        "mil",
        "ne",
        "net",
        "or",
        "org",
        "sch",
    }
)
DEFAULT_PORTS = {"http": 80, "https": 443}
PRIVATE_SUFFIXES = (
    ".localhost",
    ".local",
    ".internal",
    ".intranet",
    ".lan",
    ".home.arpa",
    ".onion",
)

_URI = re.compile(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<rest>[/?#].*)?",
    re.IGNORECASE | re.DOTALL,
)
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\x9f\\<>\"^`{|}\u2028\u2029\ud800-\udfff]")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMERIC_LABEL = re.compile(r"[0-9]+|0x[0-9a-f]*")


class Origin(NamedTuple):
    """Scheme and host of an address; the host carries the port when it is not the default one."""

    scheme: str
    host: str


def host_of(uri: str) -> str:
    """Return the host of an http(s) address: lower case, with its port unless that is the default.

    Raises MalformedError for anything that two readers could read differently: userinfo,
    backslashes, blanks, escapes in the host, trailing dots, non-ASCII names (write punycode).
    """
    return origin_of(uri).host


@lru_cache(maxsize=2048)
def origin_of(uri: str) -> Origin:
    """Return scheme and host of an http(s) address; raises MalformedError like `host_of`."""
    match = _URI.fullmatch(uri) if len(uri) <= MAX_URI_LENGTH else None
    if match is None or _FORBIDDEN.search(uri):
        raise MalformedError("uri", "not a plain http(s) address")
    scheme = match["scheme"].lower()
    host = match["host"].lower()
    if not (_is_ip_literal(host) or _is_host_name(host)):
        raise MalformedError("uri", "not a host name")
    port = int(match["port"]) if match["port"] else DEFAULT_PORTS[scheme]
    if not 0 < port <= MAX_PORT:
        raise MalformedError("uri", "not a port")
    if port == DEFAULT_PORTS[scheme]:
        return Origin(scheme, host)
    return Origin(scheme, f"{host}:{port}")


def registered_domain(host: str) -> str:
    """Return the domain under which somebody registered a host, for counting what they do.

    Two labels, three where a country has kinds of its own (`co.uk`, `ac.be`). An IP literal, and a
    name with a port, stands for itself (laboratory). Taking two owners for one does no harm here.
    """
    if ":" in host or _is_ip_literal(host):
        return host
    labels = host.split(".")
    is_kind = len(labels[-1]) == COUNTRY_CODE and labels[-2:-1] and labels[-2] in KINDS_OF_DOMAIN
    return ".".join(labels[-3:] if is_kind else labels[-2:])


def same_origin(first: str, second: str) -> bool:
    """Whether both addresses have one scheme, host and port; False when either is not an address.

    Sub-domains are different origins.
    """
    try:
        return origin_of(first) == origin_of(second)
    except MalformedError:
        return False


def is_acceptable_uri(uri: str, *, allow_private: bool) -> bool:
    """Whether this may be an id, a key or an inbox.

    The host must already be written as we write it (lower case, no default port). In public use
    that means https, no port and a public domain name. With `allow_private` (laboratory) also
    http, ports, IP literals and names without a dot.
    """
    try:
        origin = origin_of(uri)
    except MalformedError:
        return False
    written = uri.split("://", 1)[1]
    if not uri.startswith(f"{origin.scheme}://{origin.host}"):
        return False
    if written[len(origin.host) :][:1] not in ("", "/", "?", "#"):
        return False
    return allow_private or (origin.scheme == "https" and _is_public_name(origin.host))


def _is_public_name(host: str) -> bool:
    """Whether a host is a domain name of the public tree, without a port."""
    if ":" in host or "." not in host or _is_ip_literal(host):
        return False
    return not host.endswith(PRIVATE_SUFFIXES)


def _is_ip_literal(host: str) -> bool:
    """Whether a host is an IP address in its one normal spelling."""
    try:
        if host.startswith("["):
            return f"[{IPv6Address(host[1:-1])}]" == host
        return str(IPv4Address(host)) == host
    except ValueError:
        return False


def _is_host_name(host: str) -> bool:
    """Whether a host is a DNS name; a numeric last label would be read as an address by some."""
    labels = host.split(".")
    if len(host) > MAX_HOST_LENGTH or _NUMERIC_LABEL.fullmatch(labels[-1]):
        return False
    return all(_LABEL.fullmatch(label) for label in labels)
