"""Anonymous answers are kept for a second, so a crowd of readers costs one rendering.

It stands before the application, so a kept answer costs neither routing nor a database session.
Only GET without cookies, only answers that set none. While one thread makes an answer anew, others
get the former one, and an answer is never given that was begun more than `STALE_SECONDS` ago: a
stored change is on the page within two seconds (contract.md, "Promises").
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Event, Lock, get_ident
from typing import TYPE_CHECKING, Any, Final

from flask import Flask

from app.core.metrics import REQUESTS
from app.core.negotiation import accepts_activity

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FRESH_SECONDS: Final = 1.0
STALE_SECONDS: Final = 1.8
WAIT_SECONDS: Final = 5.0
MAX_ENTRIES: Final = 256
MAX_BODY_BYTES: Final = 2 * 1024 * 1024
MAX_TOTAL_BYTES: Final = 8 * 1024 * 1024
MAX_KEY_LENGTH: Final = 2000
NEVER: Final = ("/health", "/metrics", "/static/", "/inbox", "/beheer", "/instellingen")
PERSONAL: Final = (
    "HTTP_COOKIE",
    "HTTP_AUTHORIZATION",
    "HTTP_SIGNATURE",
    "HTTP_SIGNATURE_INPUT",
    "HTTP_RANGE",
)
KEPT_STATUSES: Final = ("200", "304")

Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class _Kept:
    body: bytes
    status: str
    headers: Headers
    begun: float


@dataclass
class _Answer:
    """What the application said before its body."""

    status: str = ""
    headers: Headers = field(default_factory=list)

    def start(self, status: str, headers: Headers, _error: object = None) -> Callable[..., None]:
        """Take status and headers, as `start_response` does."""
        self.status, self.headers = status, headers
        return _refuse_to_write

    @property
    def may_be_kept(self) -> bool:
        """Whether this is the same for all readers, and not a stream of unknown length."""
        named = {name.lower(): value for name, value in self.headers}
        return (
            self.status[:3] in KEPT_STATUSES
            and "set-cookie" not in named
            and "no-store" not in named.get("cache-control", "")
            and (self.status[:3] == "304" or 0 <= _length(named) <= MAX_BODY_BYTES)
        )


def _length(headers: dict[str, str]) -> int:
    return int(headers.get("content-length", "-1"))


def _refuse_to_write(_data: bytes) -> None:
    raise NotImplementedError("no view of ours writes imperatively")


class PageCache:
    """Holds whole answers for a moment; the least recently used go first."""

    def __init__(
        self, application: "WSGIApplication", seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._application = application
        self._seconds = seconds
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._bytes = 0
        self._making: dict[str, tuple[int, Event]] = {}
        self._lock = Lock()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer from memory, or let the application answer and keep that."""
        key = _key(environ)
        if key is None:
            return self._application(environ, start_response)
        kept = self._find(key)
        if kept is not None:
            REQUESTS.labels("cache", kept.status[:3]).inc()
            start_response(kept.status, list(kept.headers))
            return [kept.body]
        try:
            return self._make(key, environ, start_response)
        finally:
            self._release(key)

    def _find(self, key: str) -> _Kept | None:
        """Return an answer; None when the caller should make one, and `_release` it afterwards."""
        with self._lock:
            kept, making = self._young(key, FRESH_SECONDS), self._making.get(key)
            if kept is not None:
                return kept
            if making is None:
                self._making[key] = (get_ident(), Event())
                return None
            kept = self._young(key, STALE_SECONDS)
            if kept is not None:
                return kept
        making[1].wait(WAIT_SECONDS)
        with self._lock:
            return self._young(key, STALE_SECONDS)

    def _young(self, key: str, seconds: float) -> _Kept | None:
        kept = self._kept.get(key)
        if kept is None or self._seconds() - kept.begun > seconds:
            return None
        self._kept.move_to_end(key)
        return kept

    def _release(self, key: str) -> None:
        """Let those go on who wait for this thread; who had waited in vain releases nobody."""
        with self._lock:
            owner, made = self._making.get(key, (0, None))
            if owner != get_ident() or made is None:
                return
            del self._making[key]
        made.set()

    def _make(
        self, key: str, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        begun, answer = self._seconds(), _Answer()
        content = self._application(environ, answer.start)
        if not answer.may_be_kept:
            start_response(answer.status, answer.headers)
            return content
        body = _read(content)
        self._keep(key, _Kept(body, answer.status, answer.headers, begun))
        start_response(answer.status, answer.headers)
        return [body]

    def _keep(self, key: str, kept: _Kept) -> None:
        with self._lock:
            former = self._kept.pop(key, None)
            self._bytes += len(kept.body) - (len(former.body) if former else 0)
            self._kept[key] = kept
            while len(self._kept) > MAX_ENTRIES or self._bytes > MAX_TOTAL_BYTES:
                _, dropped = self._kept.popitem(last=False)
                self._bytes -= len(dropped.body)


def _read(content: Iterable[bytes]) -> bytes:
    """Return the whole of an answer, and close it (PEP 3333)."""
    try:
        return b"".join(content)
    finally:
        close: Callable[[], Any] | None = getattr(content, "close", None)
        if close is not None:
            close()


def _key(environ: "WSGIEnvironment") -> str | None:
    """Return what makes a request the same as another; None when its answer is for one reader."""
    if environ["REQUEST_METHOD"] != "GET" or any(name in environ for name in PERSONAL):
        return None
    path: str = environ["PATH_INFO"]
    if path.startswith(NEVER):
        return None
    key = "\n".join(
        (
            environ["wsgi.url_scheme"],
            environ.get("HTTP_HOST", ""),
            path,
            environ.get("QUERY_STRING", ""),
            "a" if accepts_activity(environ.get("HTTP_ACCEPT", "")) else "h",
            environ.get("HTTP_ACCEPT_LANGUAGE", ""),
            environ.get("HTTP_IF_NONE_MATCH", ""),
            environ.get("HTTP_IF_MODIFIED_SINCE", ""),
        )
    )
    return key if len(key) <= MAX_KEY_LENGTH else None


def install_page_cache(app: Flask) -> None:
    """Answer anonymous GETs from memory for a second."""
    app.wsgi_app = PageCache(app.wsgi_app)  # type: ignore[method-assign]  # Flask's own advice
