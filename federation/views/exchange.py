"""Requests of other servers as they came over the wire, and refusals as they read them.

The body of a refusal is a problem (RFC 9457) whose `reason` is a code. Who is not recognised is
told which signature would do (Accept-Signature, RFC 9421 section 5).
"""

import logging
from http import HTTPStatus
from math import ceil

import orjson
from flask import Response, request

from app.core.metrics import REFUSALS
from federation.errors import FederationError, MalformedError
from federation.signatures.rfc9421 import write_demand
from federation.signatures.verify import SignedRequest

log = logging.getLogger(__name__)
PROBLEM_JSON = "application/problem+json"


def signed_request(body: bytes = b"") -> SignedRequest:
    """Return the request as it came over the wire: the path still percent-encoded."""
    raw_uri = str(request.environ.get("REQUEST_URI") or request.environ.get("RAW_URI") or "")
    path = raw_uri.partition("?")[0] if raw_uri.startswith("/") else request.path
    return SignedRequest(
        method=request.method,
        path=path,
        query=request.query_string.decode("latin-1"),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=body,
    )


def refuse(error: FederationError) -> Response:
    """Answer a refusal, count it, and write one line about it."""
    code = f"malformed-{error.field}" if isinstance(error, MalformedError) else error.reason
    REFUSALS.labels(code).inc()
    log.info("refused a request of another server", extra={"reason": error.reason})
    problem = {
        "type": "about:blank",
        "title": error.status.phrase,
        "status": error.status.value,
        "detail": error.reason,
        "reason": code,
    }
    answer = Response(orjson.dumps(problem), error.status, content_type=PROBLEM_JSON)
    if error.status == HTTPStatus.UNAUTHORIZED:
        answer.headers["Accept-Signature"] = write_demand(has_body=request.method == "POST")
    retry_after = getattr(error, "retry_after", None)
    if retry_after is not None:
        answer.headers["Retry-After"] = str(ceil(retry_after))
    return answer
