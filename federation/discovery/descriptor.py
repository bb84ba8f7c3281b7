"""What a server says about a handle: ids of actors, and where its people act on things (RFC 7033).

Nothing in it is believed: an id is only where to look, a template only where a reader may be led
after seeing its host.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from federation.discovery.handles import Handle, parse_handle
from federation.errors import MalformedError
from federation.vocab.parse_fields import as_list, is_address
from federation.vocab.terms import ACTIVITY_JSON, LD_JSON, JsonObject, JsonValue, Kind, kind_of

TYPE_PROPERTY: Final = "https://www.w3.org/ns/activitystreams#type"
SUBSCRIBE: Final = "http://ostatus.org/schema/1.0/subscribe"
INTENT: Final = "https://w3id.org/fep/3b86/"
MAX_LINKS: Final = 100
MAX_TEMPLATE: Final = 2000

_SELF_TYPES: Final = frozenset({ACTIVITY_JSON, LD_JSON})


@dataclass(frozen=True)
class SelfLink:
    """The id of an actor, and what it is as far as the answer says."""

    uri: str
    kind: Kind | None = None


@dataclass(frozen=True)
class Descriptor:
    """One answer, read tolerantly. `templates` are by relation: subscribe, and intents."""

    subject: Handle | None
    actors: tuple[SelfLink, ...]
    templates: Mapping[str, str]


def read_descriptor(answer: JsonObject) -> Descriptor:
    """Read a JRD; what is not as it should be is passed over."""
    links = [link for link in as_list(answer.get("links"))[:MAX_LINKS] if isinstance(link, dict)]
    templates: dict[str, str] = {}
    for rel, template in _templates(links):
        templates.setdefault(rel, template)
    return Descriptor(_subject(answer), tuple(_actors(links)), templates)


def _subject(answer: JsonObject) -> Handle | None:
    subject = answer.get("subject")
    if not isinstance(subject, str):
        return None
    try:
        parsed = parse_handle(subject)
    except MalformedError:
        return None
    return parsed if isinstance(parsed, Handle) else None


def _actors(links: list[dict[str, JsonValue]]) -> Iterator[SelfLink]:
    for link in links:
        href = link.get("href")
        if link.get("rel") != "self" or link.get("type") not in _SELF_TYPES:
            continue
        if isinstance(href, str) and is_address(href):
            yield SelfLink(href, _kind(link.get("properties")))


def _kind(properties: JsonValue) -> Kind | None:
    as2_type = properties.get(TYPE_PROPERTY) if isinstance(properties, dict) else None
    return kind_of(as2_type) if isinstance(as2_type, str) else None


def _templates(links: list[dict[str, JsonValue]]) -> Iterator[tuple[str, str]]:
    for link in links:
        rel, template = link.get("rel"), link.get("template")
        if not isinstance(rel, str) or not isinstance(template, str):
            continue
        is_known = rel == SUBSCRIBE or rel.startswith(INTENT)
        if is_known and len(template) <= MAX_TEMPLATE:
            yield rel, template
