"""Servers on loopback that take whatever is delivered, sooner or later, or never answer."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection

ANSWER = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"
END_OF_HEAD = b"\r\n\r\n"


@dataclass(frozen=True)
class Shore:
    """How many servers answer, after how many seconds, and how many never do."""

    living: int
    latency: float = 0.0
    hanging: int = 0


class _Host(asyncio.Protocol):
    """One connection to a server that answers everything with 202, or nothing at all."""

    def __init__(self, arrivals: list[float], latency: float | None) -> None:
        self._arrivals, self._latency = arrivals, latency
        self._received = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        if self._latency is None:
            return
        while (end := self._received.find(END_OF_HEAD)) >= 0:
            length = end + len(END_OF_HEAD) + _length(bytes(self._received[:end]))
            if len(self._received) < length:
                return
            del self._received[:length]
            self._arrivals.append(time.monotonic())
            assert self._transport is not None
            asyncio.get_running_loop().call_later(self._latency, self._transport.write, ANSWER)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def _serve(pipe: Connection, shore: Shore) -> None:
    asyncio.run(_serve_all(pipe, shore))


async def _serve_all(pipe: Connection, shore: Shore) -> None:
    loop = asyncio.get_running_loop()
    arrivals: list[float] = []
    ports = {}
    for kind, count, latency in (
        ("living", shore.living, shore.latency),
        ("hanging", shore.hanging, None),
    ):
        servers = [
            await loop.create_server(
                lambda latency=latency: _Host(arrivals, latency), "127.0.0.1", 0, backlog=16
            )
            for _ in range(count)
        ]
        ports[kind] = [server.sockets[0].getsockname()[1] for server in servers]
    pipe.send(ports)
    asked = asyncio.Event()
    loop.add_reader(pipe.fileno(), lambda: (pipe.recv(), pipe.send(list(arrivals))))
    await asked.wait()


@contextmanager
def far_servers(shore: Shore) -> Iterator[tuple[dict[str, list[int]], Connection]]:
    """Run such servers: their ports by kind, and a pipe that gives the arrivals when asked."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, shore), daemon=True)
    process.start()
    try:
        yield ours.recv(), ours
    finally:
        process.terminate()
        process.join()
