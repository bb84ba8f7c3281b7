"""What a signature says about the body: Digest (RFC 3230, as peers use it) and Content-Digest.

The first goes with draft-cavage, the second (RFC 9530) with RFC 9421.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Mapping

from federation.errors import UnverifiedError
from federation.signatures.faults import Fault
from federation.signatures.structured import parse_dictionary

ALGORITHM = "SHA-256"
CONTENT_ALGORITHMS: Mapping[str, Callable[[bytes], bytes]] = {
    "sha-256": lambda body: hashlib.sha256(body).digest(),
    "sha-512": lambda body: hashlib.sha512(body).digest(),
}
MAX_CONTENT_DIGEST = 1024


def digest_of(body: bytes) -> str:
    """Return the header value for a body: `SHA-256=` and base64, in exactly this case."""
    return f"{ALGORITHM}={base64.b64encode(hashlib.sha256(body).digest()).decode()}"


def check_digest(header: str, body: bytes) -> None:
    """Raise UnverifiedError unless the header holds one SHA-256 digest, that of these bytes.

    Other algorithms beside it are ignored; their name may be in any case.
    """
    claimed = []
    for part in header.split(","):
        name, equals, value = part.strip().partition("=")
        if equals and name.upper() == ALGORITHM:
            claimed.append(value)
    if len(claimed) != 1:
        raise UnverifiedError(Fault.DIGEST_MALFORMED)
    try:
        expected = base64.b64decode(claimed[0], validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnverifiedError(Fault.DIGEST_MALFORMED) from error
    if not hmac.compare_digest(expected, hashlib.sha256(body).digest()):
        raise UnverifiedError(Fault.DIGEST_MISMATCH)


def content_digest_of(body: bytes) -> str:
    """Return the Content-Digest of a body: one SHA-256 (RFC 9530 section 2)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def check_content_digest(header: str, body: bytes) -> None:
    """Raise UnverifiedError unless the header holds SHA-256 or SHA-512, and both are right.

    Algorithms we do not know beside them are ignored.
    """
    claimed = parse_dictionary(header, max_length=MAX_CONTENT_DIGEST, fault=Fault.DIGEST_MALFORMED)
    known = {name: claimed[name] for name in CONTENT_ALGORITHMS if name in claimed}
    if not known:
        raise UnverifiedError(Fault.DIGEST_MALFORMED)
    for name, (value, _) in known.items():
        if not isinstance(value, bytes):
            raise UnverifiedError(Fault.DIGEST_MALFORMED)
        if not hmac.compare_digest(value, CONTENT_ALGORITHMS[name](body)):
            raise UnverifiedError(Fault.DIGEST_MISMATCH)
