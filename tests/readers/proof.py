"""FEP-8b32 as a stranger checks it: eddsa-jcs-2022 over the JSON as it came.

Own canonical form (RFC 8785), own base58, keys of FEP-521a: nothing of our signatures room.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Json = Mapping[str, Any]
ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519_PREFIX: Final = b"\xed\x01"
KEY_LENGTH: Final = 32
SIGNATURE_LENGTH: Final = 64


class ForgedError(Exception):
    """The proof does not hold."""


def canonical(value: object) -> str:
    """Write JSON in its one canonical form; numbers with a fraction have no place here."""
    if isinstance(value, Mapping):
        names = sorted(value, key=lambda name: str(name).encode("utf-16-be"))
        return "{" + ",".join(f"{_text(one)}:{canonical(value[one])}" for one in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(one) for one in value) + "]"
    if isinstance(value, float):
        raise ForgedError("a number with a fraction")
    return _text(value)


def check(document: Json, fetch: Callable[[str], Json]) -> None:
    """Check the proof of a document; `fetch` returns the actor that the key belongs to."""
    proof = document.get("proof")
    if not isinstance(proof, Mapping):
        raise ForgedError("no proof")
    if (proof.get("type"), proof.get("cryptosuite")) != ("DataIntegrityProof", "eddsa-jcs-2022"):
        raise ForgedError("another kind of proof")
    if proof.get("proofPurpose") != "assertionMethod":
        raise ForgedError("another purpose")
    method = str(proof["verificationMethod"])
    owner = fetch(method.partition("#")[0])
    if owner["id"] != document["actor"]:
        raise ForgedError("the key of another")
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    signed = _digest(options) + _digest(unsecured)
    try:
        _key_of(owner, method).verify(_base58(proof["proofValue"], SIGNATURE_LENGTH), signed)
    except InvalidSignature as error:
        raise ForgedError("not made over this document") from error


def _key_of(owner: Json, method: str) -> Ed25519PublicKey:
    for key in owner.get("assertionMethod", ()):
        if key["id"] == method and key["type"] == "Multikey" and key["controller"] == owner["id"]:
            length = len(ED25519_PREFIX) + KEY_LENGTH
            raw = _base58(key["publicKeyMultibase"], length)
            if raw.startswith(ED25519_PREFIX):
                return Ed25519PublicKey.from_public_bytes(raw.removeprefix(ED25519_PREFIX))
    raise ForgedError("no such key")


def _digest(value: object) -> bytes:
    return hashlib.sha256(canonical(value).encode()).digest()


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _base58(text: str, length: int) -> bytes:
    """Read a multibase text in base58btc."""
    if not text.startswith("z"):
        raise ForgedError("not base58btc")
    number = 0
    for letter in text[1:]:
        number = number * len(ALPHABET) + ALPHABET.index(letter)
    return number.to_bytes(length, "big")
