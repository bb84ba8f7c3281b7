"""The only way out to other servers (security.md A4, A6, B1; feeds-and-directory.md 1a, 19-27).

Every request goes through the address guard when it connects, has one time limit for all of it
(look-up, connection, TLS, every redirect, every byte), a size limit after decompression, an
honest User-Agent, no cookies, no proxy and no credentials from the environment.

Requests are requests' own `PreparedRequest`, sent through its adapter interface, so that tests can
mount a whole application in place of a host. Its `Session` is left out: it merges cookies, netrc
and proxies that we must not have, and costs more time per request than all the rest. Behind the
default adapter stands urllib3's pool with guarded connections and one TLS context per process.
"""

import http.client
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field

from certifi import where
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError

from app.core.address_guard import AddressGuard, Resolver, resolve_host
from app.core.http_answer import (
    DEFAULT_LIMITS,
    REDIRECTS,
    Answer,
    FetchedResponse,
    FetchLimits,
    read_answer,
)
from app.core.http_connections import (
    HEADER_BYTES,
    Exchange,
    LimitedSocket,
    current_exchange,
    exchange_within,
    make_pool_manager,
    shared_tls_context,
)
from app.core.http_errors import (
    BadUrlError,
    HttpClientError,
    TooManyRedirectsError,
)
from app.core.http_failures import is_broken_off, translate_failure
from app.core.http_url import Target, UrlRules, check_url, resolve_location

__all__ = ["FetchLimits", "FetchedResponse", "HttpClient", "Sign"]

POOLED_HOSTS = 256
_CHUNK = 64 * 1024
# What may go to another origin than the one it was meant for; all else stays behind.
_CARRIED = frozenset(
    {"accept", "accept-language", "if-none-match", "if-modified-since", "a-im", "range"}
)
# Never ours to send, or set by the connection itself.
_DROPPED = frozenset(
    {"cookie", "host", "content-length", "transfer-encoding", "connection", "proxy-authorization"}
)

Sign = Callable[[str, str], Mapping[str, str]]
"""Given the method and the URL of a hop, the headers that sign it."""


class GuardedAdapter(BaseAdapter):
    """requests' adapter interface over guarded, pooled connections."""

    def __init__(self, guard: AddressGuard, tls: ssl.SSLContext) -> None:
        super().__init__()
        self._pools = make_pool_manager(guard, tls, POOLED_HOSTS)

    def send(self, request: PreparedRequest, **_options: object) -> Response:  # type: ignore[override] # options are ours, not the caller's
        """Send one request and return its answer with the body still unread in `raw`."""
        url, body = str(request.url), request.body
        pool = self._pools.connection_from_url(url)
        raw = pool.urlopen(
            str(request.method),
            request.path_url,
            body=body if isinstance(body, bytes) else None,
            headers=request.headers,
            redirect=False,
            retries=False,
            assert_same_host=False,
            preload_content=False,
            decode_content=False,
            timeout=current_exchange.get().seconds_left(),
        )
        response = Response()
        response.status_code = raw.status
        response.headers = CaseInsensitiveDict(raw.headers)
        response.raw = raw
        response.url = url
        response.request = request
        return response

    def close(self) -> None:
        """Close every idle connection."""
        self._pools.clear()


@dataclass(frozen=True)
class _Fetch:
    """One GET with all its hops."""

    url: str
    headers: Mapping[str, str]
    limits: FetchLimits
    rules: UrlRules
    sign: Sign | None
    hops: list[tuple[int, str]] = field(default_factory=list)


class HttpClient:
    """Fetches and posts; safe to share between threads, and cheap: keep one per process.

    `resolve` and `tls` are for laboratories and tests: another name server, other authorities.
    """

    def __init__(
        self,
        user_agent: str,
        *,
        allow_private: bool = False,
        resolve: Resolver = resolve_host,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        guard = AddressGuard(allow_private, resolve, LimitedSocket)
        self._adapter = GuardedAdapter(guard, tls or shared_tls_context(where()))
        self._mounted: dict[str, BaseAdapter] = {}
        self._laboratory = allow_private
        self._defaults = {"user-agent": user_agent, "accept": "*/*"}

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        limits: FetchLimits = DEFAULT_LIMITS,
        sign: Sign | None = None,
    ) -> FetchedResponse:
        """Fetch `url`, following redirects; each hop is checked like the first.

        `sign` is called for every hop on the origin of `url` and for no other; of `headers` only
        harmless ones go along to another origin. Raises HttpClientError.
        """
        rules = UrlRules(allow_http=limits.allow_http, laboratory=self._laboratory)
        fetch = _Fetch(url.partition("#")[0], headers or {}, limits, rules, sign)
        started = time.monotonic()
        with exchange_within(_spending(limits)):
            final, answer = self._follow(fetch)
        elapsed = time.monotonic() - started
        return FetchedResponse(
            answer.status, final, answer.headers, answer.body, tuple(fetch.hops), elapsed
        )

    def post(
        self,
        url: str,
        body: bytes,
        *,
        headers: Mapping[str, str] | None = None,
        limits: FetchLimits = DEFAULT_LIMITS,
    ) -> FetchedResponse:
        """Post `body` once; a redirect is returned, never followed. Raises HttpClientError."""
        rules = UrlRules(allow_http=limits.allow_http, laboratory=self._laboratory)
        target = check_url(url, rules)
        request = self._prepare("POST", target.url, headers or {})
        request.body = body
        started = time.monotonic()
        with exchange_within(_spending(limits)):
            answer = self._send(request, limits)
        elapsed = time.monotonic() - started
        return FetchedResponse(answer.status, url, answer.headers, answer.body, (), elapsed)

    def mount(self, prefix: str, adapter: BaseAdapter) -> None:
        """Let `adapter` answer every URL that starts with `prefix` (tests only)."""
        self._mounted[prefix.lower()] = adapter

    def close(self) -> None:
        """Close idle connections."""
        self._adapter.close()

    def _follow(self, fetch: _Fetch) -> tuple[str, Answer]:
        """Return the last URL and its answer; the hops are noted on `fetch`."""
        first = target = check_url(fetch.url, fetch.rules)
        url = fetch.url
        seen = {target.url}
        while True:
            request = self._prepare("GET", target.url, _headers_for(fetch, first, target))
            answer = self._send_idempotent(request, fetch.limits)
            location = answer.headers.get("location")
            if answer.status not in REDIRECTS or location is None:
                return url, answer
            url = resolve_location(target.url, location).partition("#")[0]
            fetch.hops.append((answer.status, url))
            target = _next_target(fetch, target, url)
            if target.url in seen or len(fetch.hops) > fetch.limits.max_redirects:
                raise TooManyRedirectsError(f"{fetch.url} after {len(fetch.hops)} hops at {url}")
            seen.add(target.url)

    def _prepare(self, method: str, url: str, headers: Mapping[str, str]) -> PreparedRequest:
        request = PreparedRequest()
        request.method = method
        request.url = url
        request.headers = CaseInsensitiveDict(self._defaults)
        request.headers["accept-encoding"] = "gzip, deflate, br"
        for name, value in headers.items():
            if name.lower() not in _DROPPED:
                request.headers[name] = value
        return request

    def _send_idempotent(self, request: PreparedRequest, limits: FetchLimits) -> Answer:
        """Send, and once more when the server had just hung up on a kept connection."""
        try:
            return self._send(request, limits)
        except HttpClientError as error:
            if not is_broken_off(error):
                raise
            return self._send(request, limits)

    def _send(self, request: PreparedRequest, limits: FetchLimits) -> Answer:
        current_exchange.get().bytes_left = limits.max_bytes + HEADER_BYTES
        try:
            response = self._adapter_for(str(request.url)).send(request, stream=True)
            with closing(response.raw):
                chunks = response.raw.stream(_CHUNK, decode_content=False)
                return read_answer(response.status_code, response.headers, chunks, limits)
        except (HTTPError, OSError, http.client.HTTPException, ValueError) as error:
            raise translate_failure(error, str(request.url)) from error

    def _adapter_for(self, url: str) -> BaseAdapter:
        if not self._mounted:
            return self._adapter
        fitting = [prefix for prefix in self._mounted if url.lower().startswith(prefix)]
        return self._mounted[max(fitting, key=len)] if fitting else self._adapter


def _spending(limits: FetchLimits) -> Exchange:
    return Exchange(
        total_seconds=limits.total_seconds,
        connect_seconds=limits.connect_seconds,
        max_bytes=limits.max_bytes + HEADER_BYTES,
    )


def _headers_for(fetch: _Fetch, first: Target, target: Target) -> dict[str, str]:
    """Return the caller's headers and signature, or on another origin only what is harmless."""
    if target.origin == first.origin:
        signature = fetch.sign("GET", target.url) if fetch.sign is not None else {}
        return {**fetch.headers, **signature}
    return {name: value for name, value in fetch.headers.items() if name.lower() in _CARRIED}


def _next_target(fetch: _Fetch, previous: Target, url: str) -> Target:
    target = check_url(url, fetch.rules)
    if previous.is_secure and not target.is_secure and not fetch.limits.allow_downgrade:
        raise BadUrlError(f"{previous.url} redirects to plain {url}", code="downgrade")
    return target
