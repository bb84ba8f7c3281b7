"""POST to the shared inbox, or to the inbox of one person or community: all are the same door.

Answers are those of federation.md section 5.2. An inbox is never answered with 404, 410 or 418:
peers would give up for ever.
"""

import re
from http import HTTPStatus

from flask import Response, request
from werkzeug.exceptions import HTTPException

from app.core.web import for_programs
from federation.errors import FederationError, MalformedError, RefusedError
from federation.inbound.receive import check_open, receive
from federation.signatures.verify import SignedRequest
from federation.views.blueprint import blueprint
from federation.views.exchange import refuse, signed_request
from federation.vocab.json_text import MAX_BYTES

CONTENT_TYPES = frozenset({"application/activity+json", "application/ld+json"})
_NAME = re.compile(r"[a-z0-9_]{1,30}")


class TooLongError(RefusedError):
    """The body is longer than 1,048,576 bytes."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


@blueprint.post("/inbox", merge_slashes=False)
@for_programs
def post_to_shared_inbox() -> Response:
    """Take an activity for anybody here."""
    return _take()


@blueprint.post("/c/<name>/inbox", merge_slashes=False)
@blueprint.post("/u/<name>/inbox", merge_slashes=False)
@blueprint.post("/o/<name>/inbox", merge_slashes=False)
@for_programs
def post_to_inbox(name: str) -> Response:
    """Take an activity for one actor; who is meant, the activity itself says."""
    if not _NAME.fullmatch(name):
        return Response(status=HTTPStatus.NOT_FOUND)
    return _take()


def _take() -> Response:
    try:
        check_open()
        receive(_signed_request(), request.remote_addr or "")
    except FederationError as error:
        return refuse(error)
    return Response(status=HTTPStatus.ACCEPTED, mimetype="text/plain")


def _signed_request() -> SignedRequest:
    """Return the request as it came over the wire; raises TooLongError or MalformedError."""
    if request.mimetype not in CONTENT_TYPES:
        raise MalformedError("content-type", "not ActivityPub")
    if (request.content_length or 0) > MAX_BYTES:
        raise TooLongError("body-too-long")
    return signed_request(_body())


def _body() -> bytes:
    """Read no more than is allowed, however the body is sent (security.md A114)."""
    try:
        body = request.stream.read(MAX_BYTES + 1)
    except HTTPException as error:
        if error.code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            raise TooLongError("body-too-long") from error
        raise MalformedError("body", "cut off") from error
    if len(body) > MAX_BYTES:
        raise TooLongError("body-too-long")
    return body
