"""POST to the shared inbox, or to the inbox of one person or community: all are the same door.

Answers are those of federation.md section 5.2; the body of a refusal is a problem (RFC 9457) whose
`reason` is a code. An inbox is never answered with 404, 410 or 418: peers would give up for ever.
"""

import logging
import re
from http import HTTPStatus
from math import ceil

import orjson
from flask import Response, request
from werkzeug.exceptions import HTTPException

from app.core.metrics import REFUSALS
from federation.errors import FederationError, MalformedError, RefusedError
from federation.inbound.receive import check_open, receive
from federation.signatures.verify import SignedRequest
from federation.views.blueprint import blueprint
from federation.vocab.json_text import MAX_BYTES

log = logging.getLogger(__name__)
CONTENT_TYPES = frozenset({"application/activity+json", "application/ld+json"})
PROBLEM_JSON = "application/problem+json"
_NAME = re.compile(r"[a-z0-9_]{1,30}")


class TooLongError(RefusedError):
    """The body is longer than 1,048,576 bytes."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


@blueprint.post("/inbox", merge_slashes=False)
def post_to_shared_inbox() -> Response:
    """Take an activity for anybody here."""
    return _take()


@blueprint.post("/c/<name>/inbox", merge_slashes=False)
@blueprint.post("/u/<name>/inbox", merge_slashes=False)
@blueprint.post("/o/<name>/inbox", merge_slashes=False)
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
        return _refuse(error)
    return Response(status=HTTPStatus.ACCEPTED, mimetype="text/plain")


def _signed_request() -> SignedRequest:
    """Return the request as it came over the wire; raises TooLongError or MalformedError."""
    if request.mimetype not in CONTENT_TYPES:
        raise MalformedError("content-type", "not ActivityPub")
    if (request.content_length or 0) > MAX_BYTES:
        raise TooLongError("body-too-long")
    raw_uri = str(request.environ.get("REQUEST_URI") or request.environ.get("RAW_URI") or "")
    path = raw_uri.partition("?")[0] if raw_uri.startswith("/") else request.path
    return SignedRequest(
        method=request.method,
        path=path,
        query=request.query_string.decode("latin-1"),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=_body(),
    )


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


def _refuse(error: FederationError) -> Response:
    """Answer a refusal, count it, and write one line about it."""
    code = f"malformed-{error.field}" if isinstance(error, MalformedError) else error.reason
    REFUSALS.labels(code).inc()
    log.info("refused an activity", extra={"reason": error.reason})
    problem = {
        "type": "about:blank",
        "title": error.status.phrase,
        "status": error.status.value,
        "detail": error.reason,
        "reason": code,
    }
    answer = Response(orjson.dumps(problem), error.status, content_type=PROBLEM_JSON)
    retry_after = getattr(error, "retry_after", None)
    if retry_after is not None:
        answer.headers["Retry-After"] = str(ceil(retry_after))
    return answer
