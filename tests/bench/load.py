"""The load: kept connections in a process of their own, with nothing on them but bytes.

One process with raw sockets makes far more requests than the server answers, so it measures the
server and not itself. Requests are ready-made; an answer counts only with the expected status.
"""

import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context

CONNECTIONS = 16
WAIT_SECONDS = 30.0
END_OF_HEAD = b"\r\n\r\n"


class LoadError(Exception):
    """The server answered with something else than the expected status."""


@dataclass(frozen=True)
class Plan:
    """What to send: every request once (`seconds` is None), or round and round for some seconds."""

    port: int
    requests: Sequence[bytes]
    status: int = 200
    seconds: float | None = None
    connections: int = CONNECTIONS


@dataclass(frozen=True)
class Outcome:
    """How many answers came in how many seconds, and how long each took."""

    answers: int
    seconds: float
    latencies: list[float]

    @property
    def rate(self) -> float:
        """Answers per second."""
        return self.answers / self.seconds


@dataclass
class _Line:
    """One connection: what has come of the present answer."""

    connection: socket.socket
    received: bytearray = field(default_factory=bytearray)
    sent_at: float = 0.0
    wanted: int | None = None


def get_request(host: str, path: str, accept: str = "text/html") -> bytes:
    """Return the bytes of a GET as a browser without a session sends them."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: {accept}\r\nAccept-Language: nl\r\n\r\n"
    ).encode()


def post_request(path: str, headers: dict[str, str], body: bytes) -> bytes:
    """Return the bytes of a POST with these headers."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"POST {path} HTTP/1.1\r\n{lines}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def run_load(plan: Plan) -> Outcome:
    """Run a plan in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_run, plan).result()


def _run(plan: Plan) -> Outcome:
    lines = [_connect(plan.port) for _ in range(plan.connections)]
    selector = selectors.DefaultSelector()
    for line in lines:
        selector.register(line.connection, selectors.EVENT_READ, line)
    started = time.perf_counter()
    latencies: list[float] = []
    waiting = _requests(plan, started)
    busy = sum(_send_next(line, waiting) for line in lines)
    while busy:
        ready = selector.select(WAIT_SECONDS)
        if not ready:
            raise LoadError(f"no answer for {WAIT_SECONDS} s")
        for key, _ in ready:
            if _receive(key.data, plan.status):
                latencies.append(time.perf_counter() - key.data.sent_at)
                busy -= not _send_next(key.data, waiting)
    seconds = time.perf_counter() - started
    for line in lines:
        line.connection.close()
    return Outcome(len(latencies), seconds, latencies)


def _connect(port: int) -> _Line:
    connection = socket.create_connection(("127.0.0.1", port), WAIT_SECONDS)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return _Line(connection)


def _requests(plan: Plan, started: float) -> Iterator[bytes]:
    if plan.seconds is None:
        yield from plan.requests
        return
    number = 0
    while time.perf_counter() - started < plan.seconds:
        yield plan.requests[number % len(plan.requests)]
        number += 1


def _send_next(line: _Line, waiting: Iterator[bytes]) -> bool:
    """Send the next request on a free connection; False when there is none left."""
    request = next(waiting, None)
    if request is None:
        return False
    line.received.clear()
    line.wanted = None
    line.sent_at = time.perf_counter()
    line.connection.sendall(request)
    return True


def _receive(line: _Line, status: int) -> bool:
    """Take what has come; True when the answer is whole."""
    piece = line.connection.recv(262_144)
    if not piece:
        raise LoadError("the server closed a kept connection")
    line.received += piece
    if line.wanted is None:
        end = line.received.find(END_OF_HEAD)
        if end < 0:
            return False
        line.wanted = end + len(END_OF_HEAD) + _body_length(bytes(line.received[:end]), status)
    return len(line.received) >= line.wanted


def _body_length(head: bytes, status: int) -> int:
    first, *fields = head.split(b"\r\n")
    if int(first.split()[1]) != status:
        raise LoadError(f"expected {status}, got {first.decode()!r}")
    for one in fields:
        name, _, value = one.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise LoadError("an answer without Content-Length")
