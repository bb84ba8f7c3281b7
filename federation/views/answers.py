"""The forms in which protocol answers leave: exact media types, ETag, no cookies."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from flask import Response, request

from app.core.clock import utcnow
from federation.views.authority import mark_guarded, require_authority
from federation.vocab.outgoing import Outgoing
from federation.vocab.render import render_bytes
from federation.vocab.terms import ACTIVITY_JSON, JRD_JSON

GONE_AFTER: Final = timedelta(days=30)
FRESH: Final = "public, max-age=2"  # what changed shows within two seconds (contract.md)


def answer_bytes(body: bytes, media_type: str, status: int = 200) -> Response:
    """Return a body with its media type; with 200 an ETag, and 304 when the caller has it."""
    response = Response(body, status)
    response.headers["Content-Type"] = media_type
    response.headers["Cache-Control"] = FRESH
    response.vary.add("Accept")
    if status == HTTPStatus.OK:
        response.set_etag(hashlib.sha256(body).hexdigest()[:32])
        response.make_conditional(request)
    return response


def answer_document(document: Outgoing, status: int = 200) -> Response:
    """Return one of our documents as ActivityStreams JSON (federation.md section 1.6).

    Raises UnreadableError when documents are guarded and who asks may not read them.
    """
    return answer_activity_json(render_bytes(document), status)


def answer_activity_json(body: bytes, status: int = 200) -> Response:
    """Return bytes that are a document; raises UnreadableError as `answer_document` does."""
    require_authority()
    return _guarded(answer_bytes(body, ACTIVITY_JSON, status))


def answer_openly(document: Outgoing, status: int = 200) -> Response:
    """Return a document that everybody may read, also while all others are guarded."""
    return _guarded(answer_bytes(render_bytes(document), ACTIVITY_JSON, status))


def _guarded(response: Response) -> Response:
    mark_guarded(response)
    return response


def answer_json(content: Mapping[str, object], media_type: str = "application/json") -> Response:
    """Return a plain JSON object that any web page may read (CORS)."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    response = answer_bytes(body, media_type)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def answer_jrd(content: Mapping[str, object]) -> Response:
    """Return a JSON Resource Descriptor (RFC 7033 section 4.4)."""
    return answer_json(content, JRD_JSON)


def status_of_tombstone(gone_since: datetime | None) -> int:
    """200 while it could come back, 410 after 30 days (federation.md section 3.6)."""
    is_old = gone_since is not None and utcnow() - gone_since > GONE_AFTER
    return HTTPStatus.GONE if is_old else HTTPStatus.OK
