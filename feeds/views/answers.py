"""Answers that feed readers ask for again and again: strong ETag, Last-Modified, 304."""

from datetime import datetime
from hashlib import sha256
from typing import Final

from flask import Response, request

from feeds.formats.document import FeedDocument
from feeds.formats.entry_choices import feed_updated
from feeds.syndication.write import WRITERS

MAX_AGE_SECONDS: Final = 900


def answer_feed(document: FeedDocument, extension: str) -> Response:
    """Return `document` as atom, rss or json; 304 when the reader has it (RFC 9110 section 13)."""
    writer = WRITERS[extension]
    changed_at = feed_updated(document) if document.entries else None
    return answer_bytes(writer.write(document), writer.media_type, changed_at)


def answer_bytes(body: bytes, media_type: str, changed_at: datetime | None) -> Response:
    """Return a document anybody may keep for a quarter of an hour."""
    content_type = media_type if media_type.endswith("+json") else f"{media_type}; charset=utf-8"
    response = Response(body, content_type=content_type)
    response.set_etag(sha256(body).hexdigest()[:32])
    if changed_at is not None:
        response.last_modified = changed_at
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE_SECONDS}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.make_conditional(request)
    return response
