"""Links as feeds write them, to absolute http(s) addresses or nothing.

The base is xml:base where the document has one, else the address the bytes came from, and never
the channel's own link (which is often relative itself). What is not http or https is refused,
however it is disguised: case, tabs, NUL, character references. So are links with a password in
them and links into a private network, unless the base itself lies there (a laboratory).
Sources: RFC 3986 section 5, WHATWG URL section 4.4 (tabs and line ends vanish), XML Base.
"""

import html
import ipaddress
import re
from urllib.parse import quote, urljoin, urlsplit

from feeds.formats import limits

_EDGES = "".join(map(chr, range(33)))
_VANISHING = re.compile(r"[\t\n\r]")
_CONTROLS_AND_SPACE = re.compile(r"[\x00-\x20\x7f-\xa0]")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_NO_HOST = re.compile(r"https?:(?!//[^/])", re.IGNORECASE)
_PRIVATE_NAMES = (".local", ".localhost", ".internal", ".lan", ".home.arpa")
_KEPT_IN_URL = "!#$%&'()*+,/:;=?@[]~-._"
_TAG = re.compile(
    r"(?P<head><[A-Za-z][A-Za-z0-9:-]*+)(?P<rest>(?:[^<>\"']++|\"[^\"]*\"|'[^']*')*+>)"
)
_ATTRIBUTE = re.compile(
    r"(?P<name>[^\s\"'<>/=]++)(?:\s*+=\s*+(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'"
    r"|(?P<bare>[^\s\"'<>]+)))?"
)
_ADDRESSES = frozenset(
    {"href", "src", "srcset", "poster", "cite", "data"}
    | {"action", "formaction", "longdesc", "background", "xlink:href"}
)


def is_private(url: str) -> bool:
    """Whether an absolute address points at this machine or a private network, by its looks."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return True
    try:
        return not ipaddress.ip_address(host.split("%")[0]).is_global
    except ValueError:
        return host == "localhost" or host.endswith(_PRIVATE_NAMES) or "." not in host


def _hides_a_scheme(link: str) -> bool:
    """Whether the link carries another scheme than http(s) once its disguises are taken off."""
    bare = _CONTROLS_AND_SPACE.sub("", html.unescape(html.unescape(link)))
    scheme = _SCHEME.match(bare)
    return scheme is not None and scheme[1].lower() not in ("http", "https")


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        has_port = parts.port != 0
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and has_port
        and ("@" not in parts.netloc)
    )


def _join(link: str, base: str) -> str:
    """Join as RFC 3986 section 5.2 says; "" for what cannot be joined."""
    try:
        return urljoin(base, link) if link else ""
    except ValueError:
        return ""


def resolve(link: str | None, base: str) -> str | None:
    """Give the absolute http(s) address of a link, or None when there is none we would show."""
    if not link or len(link) > limits.URL:
        return None
    cleaned = _VANISHING.sub("", link.strip(_EDGES)).replace("&amp;", "&")
    joined = _join(cleaned, base)
    if not joined or _NO_HOST.match(cleaned) or _hides_a_scheme(cleaned):
        return None
    url = _CONTROLS_AND_SPACE.sub(lambda match: quote(match[0]), joined)
    url = re.sub(r"[\"<>\\^`{|}]", lambda match: quote(match[0]), url)
    if not _is_web_address(url) or len(url) > limits.URL:
        return None
    if is_private(url) and not (base and is_private(base)):
        return None
    return urlsplit(url).geturl()


def _resolve_srcset(value: str, base: str) -> str | None:
    """Every candidate of a srcset attribute (HTML section 4.8.4.2.1) that resolves."""
    kept = []
    for candidate in re.split(r",\s+|,(?=https?:)", value):
        address, _, descriptor = candidate.strip().partition(" ")
        url = resolve(address.rstrip(","), base)
        if url:
            kept.append(f"{url} {descriptor.strip()}".strip())
    return ", ".join(kept) or None


class _LinkRewriter:
    """Makes the addresses in one tag absolute; an attribute whose link is refused goes."""

    def __init__(self, base: str, page: str | None) -> None:
        self.base = base
        self.page = page or base

    def tag(self, match: re.Match[str]) -> str:
        return match["head"] + _ATTRIBUTE.sub(self.attribute, match["rest"])

    def attribute(self, match: re.Match[str]) -> str:
        name = match["name"].lower()
        if name not in _ADDRESSES:
            return match[0]
        value = html.unescape(match["double"] or match["single"] or match["bare"] or "")
        if name == "srcset":
            url = _resolve_srcset(value, self.base)
        else:
            url = resolve(value, self.page if value.startswith("#") else self.base)
        return f'{name}="{html.escape(url)}"' if url else ""


def resolve_html(value: str, base: str, page: str | None = None) -> str:
    """HTML with every link absolute or gone; `page` is where `#fragment` links lead."""
    if "=" not in value:
        return value
    return _TAG.sub(_LinkRewriter(base, page).tag, value)
