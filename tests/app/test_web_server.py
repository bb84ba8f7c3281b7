"""Many silent connections: others are still answered, and half a request takes little memory."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest
from flask import Flask

from app import web_server

IDLE = 700
REQUEST = b"GET /health HTTP/1.1\r\nHost: ons.test\r\nConnection: close\r\n"
HALF = b"POST /inbox HTTP/1.1\r\nHost: ons.test\r\nContent-Length: 99\r\n\r\n{"


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    """The port of the real web server, run in a thread."""
    web_server._allow_connections()
    server = web_server._listen(app, app.config["VERBINDPLAATS"], "127.0.0.1", 0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield int(server.effective_port)
    server.close()


def ask(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        return connection.recv(65536)


@pytest.mark.parametrize(
    "words", [b"", REQUEST, b"POST /inbox HTTP/1.1\r\nContent-Length: 99\r\n\r\n{"]
)
def test_others_are_answered_while_many_connections_say_nothing_more(
    port: int, words: bytes
) -> None:
    with contextlib.ExitStack() as silent:
        for _ in range(IDLE):
            connection = socket.create_connection(("127.0.0.1", port), timeout=10)
            silent.enter_context(connection).sendall(words)

        answer = ask(port, REQUEST + b"\r\n")

    assert answer.startswith(b"HTTP/1.1 200")


def test_headers_that_do_not_end_are_refused(port: int) -> None:
    endless = REQUEST + b"X: " + b"x" * web_server.MAX_HEADER_BYTES + b"\r\n\r\n"

    assert b" 431 " in ask(port, endless).split(b"\r\n")[0]
