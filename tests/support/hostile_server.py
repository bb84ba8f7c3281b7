"""Servers on loopback that answer exactly the bytes a test wants, as slowly as it wants."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Script = Callable[[bytes], Iterable[bytes | float]]
"""Given the request, what to send: bytes to write, numbers to wait (in seconds)."""


@dataclass
class RawServer:
    """What a test sees of a running server."""

    port: int
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = "/", *, host: str = "127.0.0.1", scheme: str = "http") -> str:
        """Return an address on this server."""
        return f"{scheme}://{host}:{self.port}{path}"


@contextmanager
def serve_raw(
    script: Script, *, tls: ssl.SSLContext | None = None, address: str = "127.0.0.1"
) -> Iterator[RawServer]:
    """Run a server in threads until the block ends; each request is answered by `script`."""
    listener = socket.create_server((address, 0))
    server = RawServer(listener.getsockname()[1])
    threads: list[threading.Thread] = []

    def accept() -> None:
        while not server.stopping.is_set():
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            server.connections += 1
            thread = threading.Thread(target=_converse, args=(server, peer, script, tls))
            thread.start()
            threads.append(thread)

    acceptor = threading.Thread(target=accept)
    acceptor.start()
    try:
        yield server
    finally:
        server.stopping.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for thread in [acceptor, *threads]:
            thread.join(10)


def answer(
    body: bytes = b"", *, status: str = "200 OK", headers: Iterable[str] = (), length: bool = True
) -> bytes:
    """Return the bytes of one HTTP/1.1 answer."""
    lines = [f"HTTP/1.1 {status}", *headers]
    if length:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def _converse(
    server: RawServer, peer: socket.socket, script: Script, tls: ssl.SSLContext | None
) -> None:
    peer.settimeout(0.1)
    try:
        if tls is not None:
            peer.settimeout(5)
            peer = tls.wrap_socket(peer, server_side=True)
            peer.settimeout(0.1)
        while (request := _read_request(server, peer)) is not None:
            server.requests.append(request)
            _play(server, peer, script(request))
            if b"content-length" not in request.lower() and server.stopping.is_set():
                return
    except OSError:
        return
    finally:
        peer.close()


def _read_request(server: RawServer, peer: socket.socket) -> bytes | None:
    received = b""
    while not server.stopping.is_set():
        head, separator, body = received.partition(b"\r\n\r\n")
        if separator and len(body) >= _announced(head):
            return received
        try:
            chunk = peer.recv(65536)
        except TimeoutError:
            continue
        if not chunk:
            return None
        received += chunk
    return None


def _announced(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


class HangUpError(OSError):
    """The script wants the connection closed."""


def _play(server: RawServer, peer: socket.socket, steps: Iterable[bytes | float]) -> None:
    for step in steps:
        if isinstance(step, bytes):
            peer.settimeout(10)
            if not step:
                raise HangUpError
            peer.sendall(step)
            peer.settimeout(0.1)
        elif server.stopping.wait(step):
            return


def drip(data: bytes, seconds: float) -> Iterator[bytes | float]:
    """Yield one byte at a time, `seconds` apart."""
    for index in range(len(data)):
        yield data[index : index + 1]
        yield seconds
