"""Whether who asks may read our documents (VERBINDPLAATS_AUTHORIZED_FETCH).

Off, as it is by default, everybody may. On, a GET must be signed by somebody of a server we do not
refuse; the server itself, WebFinger, NodeInfo and host-meta stay open, and of every actor the stub
with its key, or two such servers could never recognise each other (federation.md section 5.4).
"""

from flask import Flask, Response, request
from werkzeug.wrappers import Response as BaseResponse

from app.core.settings import current_settings
from federation.errors import FederationError
from federation.inbound.readers import require_reader
from federation.views.exchange import refuse, signed_request

PRIVATE = "private, max-age=0"
VARY = ("Accept", "Signature")
READER = "verbindplaats.reader"  # where the request at hand keeps who made it


class UnreadableError(Exception):
    """A document is not for who asks; `cause` is the refusal that the peer reads."""

    def __init__(self, cause: FederationError) -> None:
        super().__init__(cause.reason)
        self.cause = cause


def is_guarded() -> bool:
    """Whether documents are for those alone who say who they are."""
    return current_settings().authorized_fetch


def may_read() -> bool:
    """Whether who asks may read everything public; an unsigned request may not while guarded.

    Raises UnreadableError for a signature that is wrong, or somebody who is not welcome.
    """
    if not is_guarded():
        return True
    if "signature" not in request.headers:
        return False
    require_authority()
    return True


def require_authority() -> None:
    """Raise UnreadableError unless who asks may read everything public; asked once a request."""
    if not is_guarded() or request.environ.get(READER) is not None:
        return
    try:
        request.environ[READER] = require_reader(signed_request(), request.remote_addr or "")
    except FederationError as error:
        raise UnreadableError(error) from error


def mark_guarded(response: Response) -> None:
    """Keep an answer that depends on the signature from being given to somebody else."""
    if is_guarded():
        response.headers["Cache-Control"] = PRIVATE
        response.vary.update(VARY)


def _answer_unreadable(error: UnreadableError) -> BaseResponse:
    response = refuse(error.cause)
    response.headers["Cache-Control"] = "no-store"
    response.vary.update(VARY)
    return response


def install_authority(app: Flask) -> None:
    """Answer refusals of documents in the form that other servers read."""
    app.register_error_handler(UnreadableError, _answer_unreadable)
