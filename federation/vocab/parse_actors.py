"""A raw actor document into an ActorDocument."""

from dataclasses import replace

from federation.errors import MalformedError
from federation.vocab.actors import ActorDocument
from federation.vocab.origin import same_origin
from federation.vocab.parse_fields import (
    Raw,
    as_list,
    is_address,
    read_endpoint,
    read_flag,
    read_language,
    read_line,
    read_recipients,
    read_text,
    read_time,
    read_uri,
)
from federation.vocab.parse_media import read_page_url, read_picture
from federation.vocab.parse_source import read_markdown
from federation.vocab.terms import ACTOR_KINDS, JsonValue, kind_of

MAX_ALIASES = 256
MAX_KEY_LENGTH = 8192
MAX_PROOF_KEYS = 10
MAX_MULTIKEY_LENGTH = 2048


def parse_actor(raw: Raw) -> ActorDocument:
    """Read an actor; raises MalformedError naming the member that is wrong or missing."""
    uri, actor_type = read_uri(raw, "id"), raw.get("type")
    if not isinstance(actor_type, str) or kind_of(actor_type) not in ACTOR_KINDS:
        raise MalformedError("type", "not an actor")
    key_id, key_owner, key_pem = _public_key(raw.get("publicKey"))
    endpoints = raw.get("endpoints")
    document = ActorDocument(
        uri=uri,
        type=actor_type,
        kind=kind_of(actor_type),
        inbox=read_uri(raw, "inbox"),
        outbox=read_endpoint(raw, "outbox"),
        shared_inbox=(
            read_endpoint(endpoints, "sharedInbox") if isinstance(endpoints, dict) else None
        ),
        followers=read_endpoint(raw, "followers"),
        following=read_endpoint(raw, "following"),
        featured=read_endpoint(raw, "featured"),
        moderators=_moderators(raw),
        attributed_to=read_recipients(raw, "attributedTo"),
        public_key_id=key_id,
        public_key_owner=key_owner,
        public_key_pem=key_pem,
        also_known_as=read_recipients(raw, "alsoKnownAs")[:MAX_ALIASES],
        moved_to=read_endpoint(raw, "movedTo"),
        proof_keys=_proof_keys(raw.get("assertionMethod"), uri),
        raw=raw,
    )
    return _with_profile(document, raw)


def _with_profile(document: ActorDocument, raw: Raw) -> ActorDocument:
    """Add what people see of an actor, and what it wants."""
    return replace(
        document,
        preferred_username=read_line(raw, "preferredUsername"),
        name=read_line(raw, "name"),
        summary=read_text(raw, "summary"),
        source_markdown=read_markdown(raw),
        url=read_page_url(raw, document.uri),
        icon_url=read_picture(raw, "icon"),
        image_url=read_picture(raw, "image"),
        published=read_time(raw, "published"),
        updated=read_time(raw, "updated"),
        manually_approves=bool(read_flag(raw, "manuallyApprovesFollowers")),
        posting_restricted=bool(read_flag(raw, "postingRestrictedToMods")),
        discoverable=read_flag(raw, "discoverable"),
        indexable=read_flag(raw, "indexable"),
        sensitive=bool(read_flag(raw, "sensitive")),
        memorial=bool(read_flag(raw, "memorial")),
        suspended=bool(read_flag(raw, "suspended")),
        language=read_language(raw),
        webfinger=read_line(raw, "webfinger"),
    )


def _moderators(raw: Raw) -> str | None:
    """Return the address of the list of moderators: `moderators`, or `attributedTo` of a Group."""
    owner = raw.get("attributedTo")
    named = read_endpoint(raw, "moderators")
    if named is None and raw.get("type") == "Group" and isinstance(owner, str):
        return owner if is_address(owner) else None
    return named


def _public_key(value: JsonValue) -> tuple[str | None, str | None, str | None]:
    """Return id, owner and PEM of the first key; all None when there is none that is complete.

    Whether the owner is the actor is for whoever fetched the document to check (`owns_key`).
    """
    key = next(iter(as_list(value)), None)
    if key is None or isinstance(key, str):
        return None, None, None
    if not isinstance(key, dict):
        raise MalformedError("publicKey", "not an object")
    key_id, owner, pem = key.get("id"), key.get("owner"), key.get("publicKeyPem")
    if not (isinstance(key_id, str) and isinstance(owner, str) and isinstance(pem, str)):
        raise MalformedError("publicKey", "id, owner and publicKeyPem are not all texts")
    is_text = len(pem) <= MAX_KEY_LENGTH and pem.isascii() and "\x00" not in pem
    if not (is_address(key_id) and is_address(owner) and is_text):
        raise MalformedError("publicKey", "not a usable key")
    return key_id, owner, pem


def _proof_keys(value: JsonValue, owner: str) -> dict[str, str]:
    """Return the Multikeys that an actor lists as its own, by id; others are passed over."""
    found: dict[str, str] = {}
    for method in as_list(value)[:MAX_PROOF_KEYS]:
        if not isinstance(method, dict) or method.get("type") != "Multikey":
            continue
        uri, key = method.get("id"), method.get("publicKeyMultibase")
        if not isinstance(uri, str) or not isinstance(key, str) or len(key) > MAX_MULTIKEY_LENGTH:
            continue
        if method.get("controller") == owner and same_origin(uri, owner):
            found[uri] = key
    return found
