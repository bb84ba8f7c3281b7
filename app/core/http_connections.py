"""Connections that keep to the address guard and to the limits of the fetch they serve.

urllib3's time limits are per read, so one byte per second holds a worker for ever (security.md
A106), and its header reading has no total size. Here every socket asks, before each read and
write, the exchange the thread is in: how much time is left, and how many bytes may still come.

One TLS context is made per process: loading the certificate authorities for every connection
costs thirty times the CPU of the request (feeds-and-directory.md 7.1).
"""

import os
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import HTTPResponse

from app.core.address_guard import AddressGuard
from app.core.http_errors import TooLargeError, TooSlowError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

# Many servers drop a silent connection after 5 s; ours is not used again shortly before that.
IDLE_SECONDS = 4.0
CONNECTIONS_PER_HOST = 4
HEADER_BYTES = 64 * 1024


class Exchange:
    """What one fetch may still spend: seconds until the deadline, bytes on the wire."""

    __slots__ = ("bytes_left", "connect_seconds", "deadline")

    def __init__(self, *, total_seconds: float, connect_seconds: float, max_bytes: int) -> None:
        self.deadline = time.monotonic() + total_seconds
        self.connect_seconds = connect_seconds
        self.bytes_left = max_bytes

    def seconds_left(self) -> float:
        """Return the time to the deadline; TooSlowError when it has passed."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TooSlowError("the total time limit passed")
        return left

    def spend(self, count: int) -> None:
        """Note that `count` bytes came in; TooLargeError when that is too many."""
        self.bytes_left -= count
        if self.bytes_left < 0:
            raise TooLargeError("more bytes on the wire than the limit")


current_exchange: ContextVar[Exchange] = ContextVar("current_exchange")


@contextmanager
def exchange_within(exchange: Exchange) -> Iterator[None]:
    """Let every socket this thread uses in the block keep to `exchange`."""
    token = current_exchange.set(exchange)
    try:
        yield
    finally:
        current_exchange.reset(token)


class LimitedSocket(socket.socket):
    """A TCP socket that keeps to the current exchange."""

    def recv_into(self, buffer: "WriteableBuffer", nbytes: int = 0, flags: int = 0) -> int:
        """Receive within the time and bytes that are left."""
        exchange = current_exchange.get()
        self.settimeout(exchange.seconds_left())
        count = super().recv_into(buffer, nbytes, flags)
        exchange.spend(count)
        return count

    def sendall(self, data: "ReadableBuffer", flags: int = 0) -> None:
        """Send within the time that is left (one limit for the whole of the data)."""
        self.settimeout(current_exchange.get().seconds_left())
        super().sendall(data, flags)


class LimitedTlsSocket(ssl.SSLSocket):
    """A TLS socket that keeps to the current exchange."""

    def recv_into(
        self, buffer: "WriteableBuffer", nbytes: int | None = None, flags: int = 0
    ) -> int:
        """Receive within the time and bytes that are left."""
        exchange = current_exchange.get()
        self.settimeout(exchange.seconds_left())
        count = super().recv_into(buffer, nbytes, flags)
        exchange.spend(count)
        return count

    def send(self, data: "ReadableBuffer", flags: int = 0) -> int:
        """Send within the time that is left; `sendall` calls this for each record."""
        self.settimeout(current_exchange.get().seconds_left())
        return super().send(data, flags)


def make_tls_context(extra_authorities: str | None = None) -> ssl.SSLContext:
    """Return a verifying context: the system's authorities and those of the file given."""
    context = ssl.create_default_context()
    if extra_authorities is not None:
        context.load_verify_locations(cafile=extra_authorities)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    context.sslsocket_class = LimitedTlsSocket
    return context


@lru_cache(maxsize=4)
def shared_tls_context(authorities: str | None) -> ssl.SSLContext:
    """Return the one context of this process for a file of authorities."""
    return make_tls_context(authorities)


class GuardedConnection(HTTPConnection):
    """A connection through the guard, which its pool sets."""

    guard: AddressGuard
    _used_at = 0.0
    _process = 0

    def _new_conn(self) -> socket.socket:
        exchange = current_exchange.get()
        seconds = min(exchange.connect_seconds, exchange.seconds_left())
        started = time.monotonic()
        connected = self.guard.connect(self._dns_host, self.port, timeout=seconds)
        # What is left of the connect time is for the TLS handshake, which follows at once.
        connected.settimeout(max(0.001, seconds - (time.monotonic() - started)))
        self._process = os.getpid()
        return connected

    def getresponse(self) -> HTTPResponse:  # type: ignore[override] # as urllib3 itself does
        """Read the head of the answer."""
        self._used_at = time.monotonic()
        return super().getresponse()

    @property
    def is_connected(self) -> bool:
        """Whether it may be used once more: open, ours (not a parent's), not long silent."""
        is_fresh = time.monotonic() - self._used_at < IDLE_SECONDS
        return is_fresh and self._process == os.getpid() and super().is_connected


class GuardedTlsConnection(GuardedConnection, HTTPSConnection):
    """A TLS connection through the guard; name and certificate are checked as ever."""


def make_pool_manager(guard: AddressGuard, tls: ssl.SSLContext, hosts: int) -> PoolManager:
    """Return a thread-safe pool for `hosts` hosts (least recently used go first)."""
    the_guard = guard

    class PlainConnection(GuardedConnection):
        guard = the_guard

    class TlsConnection(GuardedTlsConnection):
        guard = the_guard

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = PlainConnection

    class TlsPool(HTTPSConnectionPool):
        ConnectionCls = TlsConnection

    manager = PoolManager(num_pools=hosts, maxsize=CONNECTIONS_PER_HOST, ssl_context=tls)
    manager.pool_classes_by_scheme = {"http": PlainPool, "https": TlsPool}
    return manager
