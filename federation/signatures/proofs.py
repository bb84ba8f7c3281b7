"""Proofs inside documents (FEP-8b32, eddsa-jcs-2022): who wrote this, whoever brings it.

What is signed is the hash of the proof without its value, then that of the document without its
proof, both of canonical JSON (RFC 8785). We send the proof without a context of its own, as in the
FEP's own example; one that repeats the document's (Data Integrity EdDSA section 3.3.1), or was made
as if it did, is read as well. No address in a context is ever fetched.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import rfc8785

from federation.errors import UnverifiedError
from federation.signatures.keys import is_proof_key, sign_ed25519, verify_message
from federation.signatures.multikey import decode_base58, encode_base58
from federation.vocab.origin import same_origin
from federation.vocab.terms import JsonObject, JsonValue

PROOF_TYPE = "DataIntegrityProof"
CRYPTOSUITE = "eddsa-jcs-2022"
PURPOSE = "assertionMethod"
MAX_PROOFS = 4
SIGNATURE_LENGTH = 64
MAX_AHEAD = timedelta(hours=1)

KeyOf = Callable[[str], str | None]
"""Given a verification method, the key that the author of the document lists under that name."""


def make_proof(
    document: JsonObject, method: str, private_pem: str, now: datetime
) -> JsonObject | None:
    """Return a proof for a document of ours; None when it holds what has no canonical form.

    `method` is the id of the key in its owner's `assertionMethod`. `now` must be aware. A foreign
    activity inside may hold numbers beyond 2^53, which RFC 8785 cannot write.
    """
    proof: JsonObject = {
        "type": PROOF_TYPE,
        "cryptosuite": CRYPTOSUITE,
        "verificationMethod": method,
        "proofPurpose": PURPOSE,
        "created": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    try:
        message = _hash_of(proof) + _hash_of(_without_proof(document))
    except rfc8785.CanonicalizationError:
        return None
    return {**proof, "proofValue": encode_base58(sign_ed25519(private_pem, message))}


def has_proof(document: Mapping[str, JsonValue]) -> bool:
    """Whether there is something that calls itself a proof; it may be worth nothing."""
    return bool(document.get("proof"))


def method_of(document: Mapping[str, JsonValue]) -> str | None:
    """Return the key that the first proof names; None when there is none."""
    proofs = _proofs_of(document)
    method = proofs[0].get("verificationMethod") if proofs else None
    return method if isinstance(method, str) else None


def check_proofs(document: JsonObject, author: str, key_of: KeyOf, *, now: datetime) -> datetime:
    """Require that every proof of a document is its author's; return when the first was made.

    All of them must be good: one that is not makes the document count as unsigned (A027). Raises
    UnverifiedError; coming back is the only success there is.
    """
    proofs = _proofs_of(document)
    if not proofs:
        raise UnverifiedError("proof-missing")
    claims = [_read_proof(proof, author, key_of, now) for proof in proofs]
    context = _context_of(document)
    hashed = _canonical_hash(_without_proof(document))
    for claim in claims:
        if not any(
            verify_message(claim.key, claim.signature, message, None) is True
            for message in _messages(claim.options, context, hashed)
        ):
            raise UnverifiedError("proof-mismatch")
    return min(claim.created for claim in claims)


@dataclass(frozen=True, slots=True)
class _Claim:
    """What one proof says; `options` is all of it but the value."""

    key: str
    signature: bytes
    created: datetime
    options: JsonObject


def _read_proof(proof: JsonObject, author: str, key_of: KeyOf, now: datetime) -> _Claim:
    """Check all that costs nothing about a proof, and return it with its key."""
    method = proof.get("verificationMethod")
    is_ours_to_read = (
        proof.get("type") == PROOF_TYPE
        and proof.get("cryptosuite") == CRYPTOSUITE
        and proof.get("proofPurpose") == PURPOSE
    )
    if not is_ours_to_read or not isinstance(method, str):
        raise UnverifiedError("proof-unsupported")
    if not same_origin(method, author):
        raise UnverifiedError("proof-elsewhere")
    created = _check_times(proof, now)
    key = key_of(method)
    if key is None or not is_proof_key(key):
        raise UnverifiedError("proof-key-unknown")
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    return _Claim(key, _read_value(proof.get("proofValue")), created, options)


def _check_times(proof: JsonObject, now: datetime) -> datetime:
    """Return when it was made: known, not in the future, and not expired by now."""
    created = _read_time(proof.get("created"))
    if created > now + MAX_AHEAD:
        raise UnverifiedError("proof-of-the-future")
    if proof.get("expires") is not None and _read_time(proof["expires"]) < now:
        raise UnverifiedError("proof-expired")
    return created


def _read_time(value: JsonValue) -> datetime:
    try:
        moment = datetime.fromisoformat(value if isinstance(value, str) else "")
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UnverifiedError("proof-time-malformed") from error


def _read_value(value: JsonValue) -> bytes:
    try:
        signature = decode_base58(value if isinstance(value, str) else "")
    except ValueError as error:
        raise UnverifiedError("proof-malformed") from error
    if len(signature) != SIGNATURE_LENGTH:
        raise UnverifiedError("proof-malformed")
    return signature


def _messages(options: JsonObject, context: JsonObject, hashed: bytes) -> Iterator[bytes]:
    """Give what may have been signed: the options as they are, then with the document's context.

    A context in the proof must be that of the document: how a text is read is signed too.
    """
    if "@context" in options and {"@context": options["@context"]} != context:
        raise UnverifiedError("proof-context-differs")
    yield _canonical_hash(options) + hashed
    if context and "@context" not in options:
        yield _canonical_hash({**options, **context}) + hashed


def _canonical_hash(part: JsonObject) -> bytes:
    try:
        return _hash_of(part)
    except rfc8785.CanonicalizationError as error:
        raise UnverifiedError("proof-not-canonical") from error


def _proofs_of(document: Mapping[str, JsonValue]) -> list[JsonObject]:
    """Return the proofs; raises UnverifiedError for what is none, or for too many."""
    value = document.get("proof")
    proofs = value if isinstance(value, list) else [] if value is None else [value]
    if len(proofs) > MAX_PROOFS or not all(isinstance(proof, dict) for proof in proofs):
        raise UnverifiedError("proof-malformed")
    return cast(list[JsonObject], proofs)


def _context_of(document: Mapping[str, JsonValue]) -> JsonObject:
    return {"@context": document["@context"]} if "@context" in document else {}


def _without_proof(document: JsonObject) -> JsonObject:
    return {name: value for name, value in document.items() if name != "proof"}


def _hash_of(part: JsonObject) -> bytes:
    """Return the SHA-256 of the canonical JSON."""
    return hashlib.sha256(rfc8785.dumps(cast(Any, part))).digest()
