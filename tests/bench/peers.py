"""Two hundred other servers in one process: each port on loopback is a host of its own.

They answer NodeInfo, the documents of their people and 202 to whatever is delivered, and remember
when that came in.
"""

import asyncio
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection

ACTIVITY_JSON = "application/activity+json"
NODEINFO_REL = "http://nodeinfo.diaspora.software/ns/schema/2.0"
END_OF_HEAD = b"\r\n\r\n"


@dataclass(frozen=True)
class Peers:
    """The other servers, as the measuring process sees them."""

    hosts: tuple[str, ...]
    _pipe: Connection

    def serve(self, documents: Mapping[str, bytes]) -> None:
        """Let documents stand at their addresses (host and path)."""
        self._pipe.send(dict(documents))
        self._pipe.recv()

    def take_arrivals(self) -> list[float]:
        """Return when each delivery since the last call arrived, in seconds, and forget them."""
        self._pipe.send(None)
        arrivals: list[float] = self._pipe.recv()
        return arrivals


@contextmanager
def peers(count: int) -> Iterator[Peers]:
    """Run so many other servers while inside."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, count), daemon=True)
    process.start()
    try:
        ports: list[int] = ours.recv()
        yield Peers(tuple(f"127.0.0.1:{port}" for port in ports), ours)
    finally:
        process.terminate()
        process.join()


class _World:
    """What all these servers know."""

    def __init__(self) -> None:
        self.documents: dict[str, bytes] = {}
        self.arrivals: list[float] = []

    def answer(self, host: str, path: str) -> tuple[bytes, str] | None:
        """Return body and media type of a GET; None when there is nothing."""
        root = f"http://{host}"
        if path == "/.well-known/nodeinfo":
            links = [{"rel": NODEINFO_REL, "href": f"{root}/nodeinfo/2.0"}]
            return json.dumps({"links": links}).encode(), "application/json"
        if path == "/nodeinfo/2.0":
            software = {"name": "lemmy", "version": "0.19.0"}
            return json.dumps({"version": "2.0", "software": software}).encode(), "application/json"
        document = self.documents.get(f"{host}{path}")
        return None if document is None else (document, ACTIVITY_JSON)


class _Conversation(asyncio.Protocol):
    """One kept connection to one of the servers."""

    def __init__(self, world: _World) -> None:
        self._world = world
        self._received = bytearray()
        self._transport: asyncio.Transport | None = None
        self._host = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note at which port, and so as which host, we are asked."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        address, port = transport.get_extra_info("sockname")[:2]
        self._host = f"{address}:{port}"

    def data_received(self, data: bytes) -> None:
        """Answer every request that is whole."""
        self._received += data
        while self._answer_one():
            pass

    def _answer_one(self) -> bool:
        end = self._received.find(END_OF_HEAD)
        if end < 0:
            return False
        head = bytes(self._received[:end]).decode("latin-1").split("\r\n")
        length = end + len(END_OF_HEAD) + _content_length(head)
        if len(self._received) < length:
            return False
        del self._received[:length]
        method, target, _ = head[0].split(" ", 2)
        assert self._transport is not None
        self._transport.write(self._reply(method, target.partition("?")[0]))
        return True

    def _reply(self, method: str, path: str) -> bytes:
        if method == "POST":
            self._world.arrivals.append(time.monotonic())
            return b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"
        found = self._world.answer(self._host, path)
        if found is None:
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        body, media_type = found
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}"
        return head.encode() + END_OF_HEAD + body


def _content_length(head: list[str]) -> int:
    for line in head[1:]:
        name, _, value = line.partition(":")
        if name.lower() == "content-length":
            return int(value)
    return 0


def _serve(pipe: Connection, count: int) -> None:
    asyncio.run(_serve_all(pipe, count))


async def _serve_all(pipe: Connection, count: int) -> None:
    loop, world = asyncio.get_running_loop(), _World()
    servers = [
        await loop.create_server(lambda: _Conversation(world), "127.0.0.1", 0) for _ in range(count)
    ]
    pipe.send([server.sockets[0].getsockname()[1] for server in servers])
    closed = asyncio.Event()
    loop.add_reader(pipe.fileno(), _obey, pipe, world, closed)
    await closed.wait()


def _obey(pipe: Connection, world: _World, closed: asyncio.Event) -> None:
    """Take documents, or hand over what has arrived."""
    try:
        message: dict[str, bytes] | None = pipe.recv()
    except EOFError:
        closed.set()
        return
    if message is None:
        pipe.send(world.arrivals)
        world.arrivals = []
    else:
        world.documents.update(message)
        pipe.send(len(message))
