"""What a full JSON-LD reader (Friendica, Fedify) makes of our documents: nothing may be dropped.

The contexts that we name by address are here as the few terms that we use of them, in words of our
own; nothing is fetched. A member that no context defines is reported, as is a type without a name.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pyld import jsonld  # type: ignore[import-untyped]  # it has no types

Json = Mapping[str, Any]
AS: Final = "https://www.w3.org/ns/activitystreams"
SECURITY: Final = "https://w3id.org/security#"
NAMELESS: Final = "https://nameless.invalid/"  # what no context defines becomes an address here
XSD: Final = "http://www.w3.org/2001/XMLSchema#"

_TEXTS = "content formerType height name preferredUsername rel summary totalItems units width"
_PLAIN = "attachment endpoints generator icon image location mediaType tag source object target"
_LINKS = """actor anyOf attributedTo audience bcc bto cc context current describes first followers
following href hreflang inReplyTo inbox instrument items last likes next oneOf origin outbox partOf
prev preview provideClientKey proxyUrl relationship replies result sharedInbox shares subject to
url"""
_TIMES = "deleted endTime published startTime updated"
_TYPES = """Accept Add Announce Application Article Audio Block Collection CollectionPage Create
Delete Document Event Flag Follow Group Image Like Dislike Link Mention Move Note Object Offer
OrderedCollection OrderedCollectionPage Organization Page Person Place Question Reject Remove
Service Tombstone Undo Update Video"""

_ACTIVITY_STREAMS: Final[dict[str, Any]] = {
    "id": "@id",
    "type": "@type",
    "as": f"{AS}#",
    "xsd": XSD,
    "closed": "as:closed",
    "duration": {"@id": "as:duration", "@type": "xsd:duration"},
    "orderedItems": {"@id": "as:items", "@type": "@id", "@container": "@list"},
    "contentMap": {"@id": "as:content", "@container": "@language"},
    "nameMap": {"@id": "as:name", "@container": "@language"},
    "summaryMap": {"@id": "as:summary", "@container": "@language"},
    **{name: f"as:{name}" for name in (_TEXTS + " " + _PLAIN).split()},
    **{name: {"@id": f"as:{name}", "@type": "@id"} for name in _LINKS.split()},
    **{name: {"@id": f"as:{name}", "@type": "xsd:dateTime"} for name in _TIMES.split()},
    **{name: f"as:{name}" for name in _TYPES.split()},
}
_SECURITY: Final[dict[str, Any]] = {
    "id": "@id",
    "type": "@type",
    "sec": SECURITY,
    "owner": {"@id": f"{SECURITY}owner", "@type": "@id"},
    "publicKey": {"@id": f"{SECURITY}publicKey", "@type": "@id"},
    "publicKeyPem": f"{SECURITY}publicKeyPem",
}
_PROTECTED: Final[dict[str, Any]] = {"@version": 1.1, "@protected": True}
_INTEGRITY: Final[dict[str, Any]] = {
    **_PROTECTED,
    "id": "@id",
    "type": "@type",
    "proof": {"@id": f"{SECURITY}proof", "@type": "@id", "@container": "@graph"},
    "DataIntegrityProof": {
        "@id": f"{SECURITY}DataIntegrityProof",
        "@context": {
            **_PROTECTED,
            "id": "@id",
            "type": "@type",
            "created": {"@id": "http://purl.org/dc/terms/created", "@type": f"{XSD}dateTime"},
            "cryptosuite": f"{SECURITY}cryptosuite",
            "proofValue": f"{SECURITY}proofValue",
            "proofPurpose": {"@id": f"{SECURITY}proofPurpose", "@type": "@vocab"},
            "assertionMethod": {"@id": f"{SECURITY}assertionMethod", "@type": "@id"},
            "verificationMethod": {"@id": f"{SECURITY}verificationMethod", "@type": "@id"},
        },
    },
}
CONTEXTS: Final[Mapping[str, dict[str, Any]]] = {
    AS: _ACTIVITY_STREAMS,
    "https://w3id.org/security/v1": _SECURITY,
    "https://w3id.org/security/data-integrity/v1": _INTEGRITY,
}


class DroppedError(Exception):
    """A reader of JSON-LD would not see all that we say."""


def expand(document: Json) -> dict[str, Any]:
    """Return the expansion; raises DroppedError when a member or a type gets lost."""
    dropped: list[str] = []
    options = {"documentLoader": _load, "base": NAMELESS}
    found = jsonld.expand(dict(document), options, on_property_dropped=dropped.append)
    if dropped:
        raise DroppedError(f"without a meaning: {sorted(map(str, dropped))}")
    if len(found) != 1:
        raise DroppedError("not one thing")
    nameless = [name for name in _types(found[0]) if name.startswith(NAMELESS)]
    if nameless:
        raise DroppedError(f"types without a meaning: {nameless}")
    expanded: dict[str, Any] = found[0]
    return expanded


def _load(url: str, _options: object) -> dict[str, Any]:
    """Hand out one of the contexts above; another would have to be fetched."""
    if url not in CONTEXTS:
        raise DroppedError(f"a context that must be fetched: {url}")
    body = {"@context": CONTEXTS[url]}
    return {
        "contextUrl": None,
        "documentUrl": url,
        "contentType": "application/ld+json",
        "document": body,
    }


def _types(node: object) -> Iterator[str]:
    """Yield every type in an expansion, however deep."""
    if isinstance(node, list):
        for one in node:
            yield from _types(one)
    elif isinstance(node, dict):
        given = node.get("@type", [])
        yield from [given] if isinstance(given, str) else given
        for name, value in node.items():
            if name != "@type":
                yield from _types(value)
