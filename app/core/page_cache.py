"""Anonymous answers are kept for a second, so a crowd of readers costs one rendering.

Only GET without cookies, only answers that set none; never longer than `TTL_SECONDS`, so a stored
change is on the page within two seconds (contract.md, "Promises").
"""

import time
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Final

from flask import Flask, Response, g, request

from app.core.negotiation import wants_activity

TTL_SECONDS: Final = 1.0
MAX_ENTRIES: Final = 256
MAX_BODY_BYTES: Final = 768 * 1024
NEVER = ("/health", "/metrics", "/static/", "/inbox", "/beheer", "/instellingen")


@dataclass(frozen=True)
class _Kept:
    body: bytes
    status: int
    headers: tuple[tuple[str, str], ...]
    until: float


class PageCache:
    """Holds whole answers for a moment; the least recently used go first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = Lock()

    def find(self, key: str) -> _Kept | None:
        """Return the answer kept under `key` while it is fresh."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                return None
            if kept.until < time.monotonic():
                del self._kept[key]
                return None
            self._kept.move_to_end(key)
            return kept

    def keep(self, key: str, kept: _Kept) -> None:
        """Keep an answer until its time is up."""
        with self._lock:
            self._kept[key] = kept
            self._kept.move_to_end(key)
            while len(self._kept) > MAX_ENTRIES:
                self._kept.popitem(last=False)


def _key() -> str | None:
    if request.method != "GET" or request.cookies or "Authorization" in request.headers:
        return None
    if request.path.startswith(NEVER) or "Signature" in request.headers:
        return None
    form = "a" if wants_activity(request) else "h"
    language = request.headers.get("Accept-Language", "")[:40]
    etag = request.headers.get("If-None-Match", "")
    return "\n".join((request.host, request.full_path, form, language, etag))


def install_page_cache(app: Flask) -> None:
    """Answer anonymous GETs from memory for a second."""
    cache = PageCache()

    def answer_from_cache() -> Response | None:
        key = _key()
        if key is None:
            return None
        kept = cache.find(key)
        if kept is None:
            g.page_cache_key = key
            return None
        return Response(kept.body, kept.status, list(kept.headers))

    def keep_answer(response: Response) -> Response:
        key = g.pop("page_cache_key", None)
        if key is None or response.status_code not in {200, 304} or response.direct_passthrough:
            return response
        if "Set-Cookie" in response.headers or response.headers.get("Cache-Control") == "no-store":
            return response
        body = response.get_data()
        if len(body) <= MAX_BODY_BYTES:
            headers = tuple((k, v) for k, v in response.headers.items() if k != "Content-Length")
            until = time.monotonic() + TTL_SECONDS
            cache.keep(key, _Kept(body, response.status_code, headers, until))
        return response

    app.before_request(answer_from_cache)
    app.after_request(keep_answer)
    app.extensions["page_cache"] = cache
