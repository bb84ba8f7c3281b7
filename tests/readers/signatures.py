"""The request that a peer's signature parser sees, and the one check that all of them make."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key


class UnsignedError(Exception):
    """The peer answers 401 (or 403), or its parser fails."""


@dataclass(frozen=True)
class Delivered:
    """One POST as it arrived; header names in lower case."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    method: str = "POST"

    def header(self, name: str) -> str:
        """Return a header that must be there."""
        if name not in self.headers:
            raise UnsignedError(f"no {name}")
        return self.headers[name]


@dataclass(frozen=True)
class Parsed:
    """What a peer's parser took out of the Signature header."""

    key_id: str
    names: tuple[str, ...]
    signature: bytes
    algorithm: str | None = None


def split_plainly(header: str) -> dict[str, str]:
    """Split at every comma and at the first `=`, without trimming: so do PieFed and Mbin.

    A blank after a comma becomes part of the name, which then is not found.
    """
    found = {}
    for part in header.split(","):
        name, mark, value = part.partition("=")
        if not mark:
            raise UnsignedError("a part without =")
        found[name] = value.strip('"')
    return found


def parsed_from(parts: Mapping[str, str], required: Sequence[str]) -> Parsed:
    """Return the parameters; one that is missing is a KeyError there, and the request is lost."""
    for name in required:
        if name not in parts:
            raise UnsignedError(f"no {name} in the Signature header")
    names = tuple(parts["headers"].split(" "))
    signature = base64.b64decode(parts["signature"], validate=True)
    return Parsed(parts["keyId"], names, signature, parts.get("algorithm"))


def require_signed(parsed: Parsed, *names: str) -> None:
    """Require that these headers are covered."""
    for name in names:
        if name not in parsed.names:
            raise UnsignedError(f"{name} is not signed")


def check_digest(delivered: Delivered) -> None:
    """Compare the Digest header as text: `SHA-256=` in capitals and nothing else."""
    expected = "SHA-256=" + base64.b64encode(hashlib.sha256(delivered.body).digest()).decode()
    if delivered.header("digest") != expected:
        raise UnsignedError("the digest differs")


def check_signature(delivered: Delivered, parsed: Parsed, pem: str) -> None:
    """Verify RSA with SHA-256 over the lines that the names ask for; the path without a query."""
    target = f"{delivered.method.lower()} {delivered.path}"
    lines = [
        f"{name}: {target if name == '(request-target)' else delivered.header(name)}"
        for name in parsed.names
    ]
    key = load_pem_public_key(pem.encode())
    if not isinstance(key, RSAPublicKey):
        raise UnsignedError("not an RSA key")
    try:
        key.verify(parsed.signature, "\n".join(lines).encode(), PKCS1v15(), SHA256())
    except InvalidSignature as error:
        raise UnsignedError("made over something else") from error
