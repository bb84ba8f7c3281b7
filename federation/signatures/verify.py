"""Is this request from the holder of that key? Cheap questions first, arithmetic last.

`open_signature` reads the header and asks whether it covers enough; `examine` of what it returns
asks about times, the digest of the raw bytes and the host. Only then is the key worth having, and
`check_signature` tells. All raise UnverifiedError; coming back without an exception is the only
success there is. A request with a Signature-Input header is read by RFC 9421, all others by
draft-cavage (federation.md section 5.3).
"""

from datetime import datetime

from federation.errors import UnverifiedError
from federation.signatures import keys
from federation.signatures.cavage_requests import open_cavage
from federation.signatures.faults import Fault
from federation.signatures.requests import Here, ParsedSignature, Presented, SignedRequest
from federation.signatures.rfc9421 import INPUT_HEADER
from federation.signatures.rfc9421_requests import open_rfc9421

__all__ = [
    "Here",
    "ParsedSignature",
    "Presented",
    "SignedRequest",
    "check_signature",
    "open_signature",
    "read_signature",
]


def open_signature(request: SignedRequest) -> Presented:
    """Read the signature of a request, of either kind; costs neither clock nor key nor hash."""
    if INPUT_HEADER in request.headers:
        return open_rfc9421(request)
    return open_cavage(request)


def read_signature(
    request: SignedRequest, *, now: datetime, own_host: str, own_scheme: str = "https"
) -> ParsedSignature:
    """Check everything about a signature that needs no key.

    `own_host` is our host as written in our ids, with its port when that is not the default one.
    Raises UnverifiedError with a Fault as its reason.
    """
    return open_signature(request).examine(Here(own_scheme, own_host, now))


def check_signature(parsed: ParsedSignature, public_key: str) -> None:
    """Raise UnverifiedError unless this key (PEM or Multikey) made this signature.

    Anything but an explicit True from the arithmetic is a no (GHSA-x9g5-vwhc-pxm7).
    """
    for message in parsed.messages:
        made = keys.verify_message(public_key, parsed.signature, message, parsed.algorithm)
        if made is True:
            return
    raise UnverifiedError(Fault.SIGNATURE_MISMATCH)
