"""The Signature header of draft-cavage-http-signatures-12: reading it and what it is made over.

Peers differ in blanks, quotes and the order of parameters; all of that is read. What could be read
two ways (a parameter or a header named twice) is not.
"""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from federation.errors import UnverifiedError
from federation.signatures.faults import Fault
from federation.signatures.keys import Algorithm

REQUEST_TARGET = "(request-target)"
CREATED = "(created)"
EXPIRES = "(expires)"
SEND_ALGORITHM = "rsa-sha256"
ALGORITHMS: Mapping[str, Algorithm | None] = {
    "rsa-sha256": Algorithm.RSA_V15,
    "ed25519": Algorithm.ED25519,
    "hs2019": None,
}
"""hs2019 says nothing, the key does; with an RSA key every server means SHA-256."""

MAX_HEADER_LENGTH = 8192
MAX_SIGNED_HEADERS = 32
MAX_SIGNATURE_LENGTH = 2048

_PARAMETER = re.compile(r"[ \t]*([A-Za-z]+)[ \t]*=[ \t]*(?:\"([^\"]*)\"|([^\s,\"]+))[ \t]*(?:,|\Z)")
_HEADER_NAME = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]+|\((?:request-target|created|expires)\)")
_UNIX_TIME = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class SignatureParameters:
    """What a Signature header says; times are seconds since 1970, as sent (they are signed so)."""

    key_id: str
    headers: tuple[str, ...]
    signature: bytes
    created: str | None = None
    expires: str | None = None
    algorithm: Algorithm | None = None


def parse_header(header: str) -> SignatureParameters:
    """Read a Signature header; raises UnverifiedError when it is unreadable or ambiguous."""
    parameters = _read_parameters(header)
    key_id, signature = parameters.get("keyid"), parameters.get("signature")
    if not key_id or not signature:
        raise UnverifiedError(Fault.SIGNATURE_MALFORMED)
    named = parameters.get("algorithm", "hs2019").lower()
    if named not in ALGORITHMS:
        raise UnverifiedError(Fault.ALGORITHM_UNSUPPORTED)
    times = {name: parameters.get(name) for name in ("created", "expires")}
    if any(time is not None and not _UNIX_TIME.fullmatch(time) for time in times.values()):
        raise UnverifiedError(Fault.SIGNATURE_MALFORMED)
    return SignatureParameters(
        key_id=key_id,
        headers=_read_names(parameters.get("headers", "")),
        signature=_read_base64(signature),
        created=times["created"],
        expires=times["expires"],
        algorithm=ALGORITHMS[named],
    )


def write_header(key_id: str, headers: Sequence[str], signature: bytes) -> str:
    """Write a Signature header: four parameters, no blanks after commas (PieFed, Mbin, NodeBB)."""
    encoded = base64.b64encode(signature).decode()
    return (
        f'keyId="{key_id}",algorithm="{SEND_ALGORITHM}",headers="{" ".join(headers)}",'
        f'signature="{encoded}"'
    )


def signing_string(names: Sequence[str], values: Mapping[str, str]) -> bytes:
    """Return the bytes a signature is made over; raises UnverifiedError when a value is missing.

    `values` maps lower-case names, `(request-target)` and `(created)` included, to what was sent.
    """
    lines = []
    for name in names:
        value = values.get(name)
        if value is None:
            raise UnverifiedError(Fault.HEADER_MISSING)
        lines.append(f"{name}: {value.strip()}")
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def request_target(method: str, path: str, query: str = "") -> str:
    """Return the value of `(request-target)`: lower-case method, path, query if there is one."""
    return f"{method.lower()} {path}?{query}" if query else f"{method.lower()} {path}"


def _read_parameters(header: str) -> dict[str, str]:
    """Split a header into parameters with lower-case names; each may stand there once."""
    if len(header) > MAX_HEADER_LENGTH:
        raise UnverifiedError(Fault.SIGNATURE_MALFORMED)
    found: dict[str, str] = {}
    position = 0
    while position < len(header):
        match = _PARAMETER.match(header, position)
        if match is None or match[1].lower() in found:
            raise UnverifiedError(Fault.SIGNATURE_MALFORMED)
        found[match[1].lower()] = match[2] if match[2] is not None else match[3]
        position = match.end()
    return found


def _read_names(listed: str) -> tuple[str, ...]:
    """Return the names of the signed headers, lower case; none twice."""
    names = tuple(listed.lower().split())
    if len(names) > MAX_SIGNED_HEADERS or len(set(names)) != len(names):
        raise UnverifiedError(Fault.SIGNATURE_MALFORMED)
    if not all(_HEADER_NAME.fullmatch(name) for name in names):
        raise UnverifiedError(Fault.SIGNATURE_MALFORMED)
    return names


def _read_base64(text: str) -> bytes:
    """Decode the signature itself."""
    try:
        signature = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnverifiedError(Fault.SIGNATURE_MALFORMED) from error
    if not 0 < len(signature) <= MAX_SIGNATURE_LENGTH:
        raise UnverifiedError(Fault.SIGNATURE_MALFORMED)
    return signature
