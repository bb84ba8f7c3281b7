"""WebFinger as a client (RFC 7033): from `name@host` to the id of an actor.

At most two questions per handle, whatever the answers say: subjects that point to each other, and
templates that point back, end there (security.md A105). What a peer claims about the handle is
only a pointer: who somebody is, is told by the document fetched from the id (A039).
"""

from collections.abc import Iterator, Mapping
from urllib.parse import quote

import defusedxml.ElementTree as SafeXml
from defusedxml.common import DefusedXmlException

from app.core.settings import current_settings
from federation.discovery.handles import Handle, parse_handle
from federation.errors import MalformedError, RefusedError
from federation.transport.client import ActivityClient, VanishedError
from federation.vocab.json_text import parse_json
from federation.vocab.parse_fields import as_list, is_address
from federation.vocab.terms import ACTIVITY_JSON, JRD_JSON, LD_JSON, JsonObject, JsonValue, Kind

ACCEPT_JRD = f"{JRD_JSON}, application/json"
ACCEPT_XRD = "application/xrd+xml, application/xml;q=0.9"
TYPE_PROPERTY = "https://www.w3.org/ns/activitystreams#type"
MAX_LINKS = 100
MAX_QUESTIONS = 2

_SELF_TYPES = frozenset({ACTIVITY_JSON, LD_JSON})
_XRD_LINK = "{http://docs.oasis-open.org/ns/xri/xrd-1.0}Link"


def resolve_handle(client: ActivityClient, handle: Handle) -> str:
    """Return the id that a handle stands for.

    Raises RefusedError when nobody is called so, UnavailableError when the server does not answer.
    """
    asked: set[Handle] = set()
    links: list[Mapping[str, JsonValue]] = []
    while len(asked) < MAX_QUESTIONS:
        asked.add(handle)
        answer = _ask(client, handle)
        links = list(_self_links(answer)) or links
        subject = _subject(answer)
        if subject is None or _same(subject, handle) or subject in asked:
            break
        handle = Handle(subject.name, subject.host, handle.wanted)
    if not links:
        raise RefusedError("webfinger-without-actor")
    return _best(links, handle.wanted)


def _ask(client: ActivityClient, handle: Handle) -> JsonObject:
    """Ask the well-known address; on 404 the one that host-meta names (Mastodon does so)."""
    template = f"{_scheme()}://{handle.host}/.well-known/webfinger?resource={{uri}}"
    try:
        return _get(client, template, handle)
    except VanishedError:
        return _get(client, _template_of_host(client, handle.host), handle)


def _get(client: ActivityClient, template: str, handle: Handle) -> JsonObject:
    """Fetch one answer; PieFed answers an unknown name with 200 and an empty body."""
    address = template.replace("{uri}", quote(handle.acct, safe=""))
    body = client.get_json(address, ACCEPT_JRD)
    if not body.strip():
        raise VanishedError("webfinger-empty")
    return parse_json(body)


def _template_of_host(client: ActivityClient, host: str) -> str:
    """Return the template in a host-meta document (RFC 6415)."""
    body = client.get_json(f"{_scheme()}://{host}/.well-known/host-meta", ACCEPT_XRD)
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


def _scheme() -> str:
    """Return https; in a laboratory on http, whatever this server itself uses."""
    settings = current_settings()
    return "http" if settings.allow_private_addresses and not settings.is_https else "https"


def _self_links(answer: JsonObject) -> Iterator[Mapping[str, JsonValue]]:
    for link in as_list(answer.get("links"))[:MAX_LINKS]:
        if not isinstance(link, dict) or link.get("rel") != "self":
            continue
        href = link.get("href")
        if link.get("type") in _SELF_TYPES and isinstance(href, str) and is_address(href):
            yield link


def _subject(answer: JsonObject) -> Handle | None:
    subject = answer.get("subject")
    if not isinstance(subject, str):
        return None
    try:
        parsed = parse_handle(subject)
    except MalformedError:
        return None
    return parsed if isinstance(parsed, Handle) else None


def _same(first: Handle, second: Handle) -> bool:
    return (first.name.lower(), first.host) == (second.name.lower(), second.host)


def _best(links: list[Mapping[str, JsonValue]], wanted: Kind | None) -> str:
    """Return the first link; the one to a Group when a group was asked for."""
    groups = [link for link in links if wanted is Kind.GROUP and _is_group(link)]
    return str((groups or links)[0]["href"])


def _is_group(link: Mapping[str, JsonValue]) -> bool:
    properties = link.get("properties")
    return isinstance(properties, dict) and properties.get(TYPE_PROPERTY) == "Group"
