"""WebFinger as a client (RFC 7033): from `name@host` to the id of an actor.

At most two questions per handle, whatever the answers say: subjects that point to each other, and
templates that point back, end there (security.md A105). What a peer claims about the handle is
only a pointer: who somebody is, is told by the document fetched from the id (A039).
"""

from dataclasses import dataclass
from urllib.parse import quote

import defusedxml.ElementTree as SafeXml
from defusedxml.common import DefusedXmlException

from app.core.addresses import is_local_host
from app.core.settings import current_settings
from federation.discovery.descriptor import Descriptor, read_descriptor
from federation.discovery.handles import Handle
from federation.discovery.memory import memory
from federation.errors import RefusedError
from federation.transport.client import ActivityClient, VanishedError
from federation.vocab.json_text import parse_json
from federation.vocab.origin import host_of
from federation.vocab.parse_fields import is_address
from federation.vocab.terms import JRD_JSON, Kind

ACCEPT_JRD = f"{JRD_JSON}, application/json"
ACCEPT_XRD = "application/xrd+xml, application/xml;q=0.9"
MAX_QUESTIONS = 2

_XRD_LINK = "{http://docs.oasis-open.org/ns/xri/xrd-1.0}Link"


def describe_handle(client: ActivityClient, handle: Handle) -> Descriptor:
    """Return what the server of a handle says about it, now or in the last hour.

    Raises VanishedError when nobody is called so, RefusedError when the answer leads nowhere,
    UnavailableError when the server does not answer.
    """
    return memory().describe(handle, lambda wanted: _Errand(client).describe(wanted))


def resolve_handle(client: ActivityClient, handle: Handle) -> str:
    """Return the id that a handle most probably stands for; raises as `list_candidates`."""
    return list_candidates(client, handle)[0]


def list_candidates(client: ActivityClient, handle: Handle) -> tuple[str, ...]:
    """Return the ids that a handle may stand for, the best first.

    With a `!` those that are called a group come first, then those of which nothing is said; what
    is called something else is left out. Raises RefusedError when there is none, and as
    `describe_handle`.
    """
    actors = describe_handle(client, handle).actors
    if handle.wanted is Kind.GROUP:
        groups = [one for one in actors if one.kind is Kind.GROUP]
        actors = (*groups, *(one for one in actors if one.kind is None))
    if not actors:
        raise RefusedError("webfinger-without-actor")
    return tuple(dict.fromkeys(one.uri for one in actors))


@dataclass
class _Errand:
    """The questions that may still be asked about one handle."""

    client: ActivityClient
    left: int = MAX_QUESTIONS

    def describe(self, handle: Handle) -> Descriptor:
        """Ask, and once more when the answer is about another name."""
        found = self._ask(handle)
        subject = found.subject
        if subject is None or _same(subject, handle) or self.left == 0:
            return found
        second = self._ask(Handle(subject.name, subject.host))
        if second.subject is not None and not _same(second.subject, subject):
            raise RefusedError("webfinger-in-circles")
        return second

    def _ask(self, handle: Handle) -> Descriptor:
        """Ask the well-known address; on 404 the one that host-meta names (Mastodon does so)."""
        template = f"{own_scheme()}://{handle.host}/.well-known/webfinger?resource={{uri}}"
        try:
            return self._get(template, handle)
        except VanishedError:
            if self.left == 0:
                raise
            named = _template_of_host(self.client, handle.host)
            if named == template:
                raise
            return self._get(named, handle)

    def _get(self, template: str, handle: Handle) -> Descriptor:
        """Fetch one answer; PieFed answers an unknown name with 200 and an empty body."""
        self.left -= 1
        address = template.replace("{uri}", quote(handle.acct, safe=""))
        if is_local_host(host_of(address)):
            raise RefusedError("webfinger-points-here")
        body = self.client.get_json(address, ACCEPT_JRD)
        if not body.strip():
            raise VanishedError("webfinger-empty")
        return read_descriptor(parse_json(body))


def own_scheme() -> str:
    """Return https; in a laboratory on http, whatever this server itself uses."""
    settings = current_settings()
    return "http" if settings.allow_private_addresses and not settings.is_https else "https"


def _template_of_host(client: ActivityClient, host: str) -> str:
    """Return the template in a host-meta document (RFC 6415)."""
    body = client.get_json(f"{own_scheme()}://{host}/.well-known/host-meta", ACCEPT_XRD)
    try:
        root = SafeXml.fromstring(body)
    except (SafeXml.ParseError, DefusedXmlException, ValueError) as error:
        raise RefusedError("host-meta-unreadable") from error
    for link in root.iter(_XRD_LINK):
        template = link.get("template") or ""
        if (
            link.get("rel") == "lrdd"
            and "{uri}" in template
            and is_address(template.replace("{uri}", "x"))
        ):
            return template
    raise RefusedError("host-meta-without-template")


def _same(first: Handle, second: Handle) -> bool:
    return (first.name.lower(), first.host) == (second.name.lower(), second.host)
