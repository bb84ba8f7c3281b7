"""The Digest header: what the signature says about the body (RFC 3230, as peers use it)."""

import base64
import binascii
import hashlib
import hmac

from federation.errors import UnverifiedError
from federation.signatures.faults import Fault

ALGORITHM = "SHA-256"


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
