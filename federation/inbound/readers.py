"""Who asks for a document, where only servers that say who they are may read (authorized fetch).

The same signature, the same keys and the same blocks as at the inbox (federation.md section 5.4).
Nothing is stored: a key fetched for this stays in memory for five minutes.
"""

from app.moderation.queries import is_host_refused
from federation.dereference.documents import is_usable_uri
from federation.errors import RefusedError, UnverifiedError
from federation.inbound.receive import check_open, gate, here, require_welcome
from federation.inbound.signers import verify_signer
from federation.signatures.faults import Fault
from federation.signatures.verify import SignedRequest, open_signature
from federation.vocab.origin import host_of


def require_reader(request: SignedRequest, remote_address: str) -> str:
    """Return the id of the actor that signed a GET.

    Raises UnverifiedError (401), RefusedError (403), TooManyError (429) or UnavailableError (503).
    """
    check_open()
    doorkeeper = gate()
    doorkeeper.failures.check(remote_address)
    try:
        return _identify(request)
    except (UnverifiedError, RefusedError):
        doorkeeper.failures.take(remote_address)
        raise


def _identify(request: SignedRequest) -> str:
    presented = open_signature(request)
    if not is_usable_uri(presented.key_id):
        raise UnverifiedError(Fault.KEY_ID_INVALID)
    if is_host_refused(host_of(presented.key_id)):
        raise RefusedError("host-refused")
    signer = verify_signer(gate().keys, presented.examine(here()))
    require_welcome(signer)
    return signer.uri
