"""A document is believed because of where it was fetched (FEP-fe34): id, address and author agree.

Network and checks only; nothing is stored here.
"""

from urllib.parse import urldefrag

from app.core.addresses import is_local_host
from app.core.http_client import FetchLimits
from app.core.settings import current_settings
from federation.errors import MalformedError, RefusedError
from federation.transport.client import DOCUMENT_LIMITS, ActivityClient, FetchedDocument
from federation.vocab.activities import ActivityDocument, Document
from federation.vocab.objects import ObjectDocument
from federation.vocab.origin import host_of, is_acceptable_uri, same_origin
from federation.vocab.parse import parse_any
from federation.vocab.terms import JsonObject, Kind

VOUCHED_KINDS = frozenset({Kind.CREATE, Kind.UPDATE, Kind.ANNOUNCE})


def is_usable_uri(uri: str) -> bool:
    """Whether an address may be an id here: https in public use, and not at our own host.

    However it goes on: `https://us.example?x` is no id of ours, and yet nothing to ask elsewhere.
    """
    allow_private = current_settings().allow_private_addresses
    is_acceptable = is_acceptable_uri(uri, allow_private=allow_private)
    return is_acceptable and not is_local_host(host_of(uri))


def fetch_raw(
    client: ActivityClient, uri: str, limits: FetchLimits = DOCUMENT_LIMITS
) -> FetchedDocument:
    """Fetch a foreign document; RefusedError for an address that cannot be a foreign id."""
    if not is_usable_uri(uri):
        raise RefusedError("not-a-foreign-address")
    return client.get_document(urldefrag(uri).url, limits)


def fetch_document(
    client: ActivityClient, uri: str, limits: FetchLimits = DOCUMENT_LIMITS
) -> Document:
    """Fetch what is at `uri`, from the server whose name its id bears.

    A document found elsewhere (a redirect, a copy) is fetched once more from its own id. Raises
    RefusedError when it has none, when its author lives elsewhere, or when the second copy
    names yet another id; and what `ActivityClient.get_document` raises.
    """
    fetched = fetch_raw(client, uri, limits)
    own_id = _id_of(fetched.raw)
    if not same_origin(fetched.url, own_id):
        fetched = fetch_raw(client, own_id, limits)
        if _id_of(fetched.raw) != own_id or not same_origin(fetched.url, own_id):
            raise RefusedError("id-elsewhere")
    document = parse_any(fetched.raw)
    _check_author(document)
    return document


def unwrap(document: Document) -> Document | str:
    """Return the object inside an activity that was fetched in its place, or the document itself.

    The object of a foreign origin comes back as its id only: the activity does not vouch for it.
    """
    if not isinstance(document, ActivityDocument) or document.kind not in VOUCHED_KINDS:
        return document
    inner = document.object
    if inner is None:
        raise RefusedError("activity-without-object")
    if isinstance(inner, ObjectDocument) and same_origin(inner.uri, document.uri):
        _check_author(inner)
        return inner
    if isinstance(inner, str):
        return inner
    if not inner.uri:
        raise RefusedError("activity-without-object")
    return inner.uri


def _id_of(raw: JsonObject) -> str:
    own_id = raw.get("id")
    if not isinstance(own_id, str):
        raise MalformedError("id", "not one address")
    if not is_usable_uri(own_id):
        raise RefusedError("id-unusable")
    return own_id


def _check_author(document: Document) -> None:
    """Require that an object's author has the origin of the object."""
    if isinstance(document, ObjectDocument) and not (
        document.attributed_to and same_origin(document.attributed_to, document.uri)
    ):
        raise RefusedError("author-elsewhere")
    if isinstance(document, ActivityDocument) and not same_origin(document.actor, document.uri):
        raise RefusedError("author-elsewhere")
