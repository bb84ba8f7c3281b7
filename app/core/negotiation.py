"""Which of a resource's forms the caller asks for: a page for people or ActivityStreams JSON."""

from functools import lru_cache

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header
from werkzeug.wrappers import Request

ACTIVITY_JSON = "application/activity+json"
LD_JSON = "application/ld+json"
ACTIVITY_TYPES = (ACTIVITY_JSON, LD_JSON)
MAX_ACCEPT_LENGTH = 1000


def wants_activity(request: Request) -> bool:
    """Whether ActivityStreams is accepted at least as gladly as HTML (ActivityPub section 3.2).

    A wildcard asks for nothing in particular: it gets the page (contract.md, "Addresses").
    """
    return accepts_activity(request.headers.get("Accept", ""))


def accepts_activity(header: str) -> bool:
    """Whether an Accept header asks for ActivityStreams, in its first thousand characters."""
    return _accepts_activity(header[:MAX_ACCEPT_LENGTH])


@lru_cache(maxsize=1024)
def _accepts_activity(header: str) -> bool:
    """Answer for the few headers that are in use from memory; none of them is long."""
    header = header.lower()  # media types have no capitals of meaning (RFC 9110 section 8.3.1)
    if "json" not in header:
        return False
    accepted = parse_accept_header(header, MIMEAccept)
    activity = max(
        (quality for value, quality in accepted if value.split(";")[0].strip() in ACTIVITY_TYPES),
        default=0.0,
    )
    page = max(
        (quality for value, quality in accepted if value.split(";")[0].strip() == "text/html"),
        default=0.0,
    )
    return activity > 0 and activity >= page
