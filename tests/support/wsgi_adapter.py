"""A requests adapter that hands each request to a WSGI application in this process (PEP 3333).

Two whole servers can so talk to each other in one test: mount one adapter per host. Headers and
body arrive as they would on the wire: names and values as sent, the path undecoded in RAW_URI, a
Content-Length and a Host header; what the application answers comes back byte for byte.
"""

import io
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit
from wsgiref.types import WSGIApplication

from requests import PreparedRequest, Response  # noqa: TID251  # the client's own interface
from requests.adapters import BaseAdapter  # noqa: TID251  # the client's own interface
from requests.structures import CaseInsensitiveDict  # noqa: TID251  # the client's own interface
from urllib3 import HTTPHeaderDict, HTTPResponse

PORTS = {"http": "80", "https": "443"}
UNPREFIXED = frozenset({"content-type", "content-length"})


class WsgiAdapter(BaseAdapter):
    """Answers every request with `application`; the peer appears to come from `remote_addr`."""

    def __init__(self, application: WSGIApplication, *, remote_addr: str = "192.0.2.1") -> None:
        super().__init__()
        self.application = application
        self.remote_addr = remote_addr

    def send(self, request: PreparedRequest, **_options: object) -> Response:  # type: ignore[override]
        """Call the application and return its answer with the body unread in `raw`."""
        started: list[Any] = []
        written: list[bytes] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], _info: object = None
        ) -> Any:
            started[:] = [status, headers]
            return written.append

        chunks = self.application(self._environ(request), start_response)
        try:
            written.extend(chunks)
        finally:
            if (close := getattr(chunks, "close", None)) is not None:
                close()
        status, headers = started
        return _make_response(request, status, headers, written)

    def close(self) -> None:
        """Nothing is held open."""

    def _environ(self, request: PreparedRequest) -> dict[str, Any]:
        url = urlsplit(str(request.url))
        body = request.body if isinstance(request.body, bytes) else b""
        path = unquote_to_bytes(url.path or "/").decode("latin-1")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": request.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": url.query,
            "RAW_URI": request.path_url,
            "REQUEST_URI": request.path_url,
            "SERVER_NAME": url.hostname,
            "SERVER_PORT": str(url.port or PORTS[url.scheme]),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": self.remote_addr,
            "HTTP_HOST": url.netloc,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": url.scheme,
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        if request.method not in {"GET", "HEAD"}:
            environ["CONTENT_LENGTH"] = str(len(body))
        for name, value in request.headers.items():
            key = name.upper().replace("-", "_")
            environ[key if name.lower() in UNPREFIXED else f"HTTP_{key}"] = value
        return environ


def _make_response(
    request: PreparedRequest, status: str, headers: list[tuple[str, str]], body: Iterable[bytes]
) -> Response:
    collected = HTTPHeaderDict()
    for name, value in headers:
        collected.add(name, value)
    code = HTTPStatus(int(status.split(" ", 1)[0]))
    response = Response()
    response.status_code = code
    response.headers = CaseInsensitiveDict(collected)
    response.raw = HTTPResponse(
        body=io.BytesIO(b"".join(body)), headers=collected, status=code, preload_content=False
    )
    response.url = str(request.url)
    response.request = request
    return response
