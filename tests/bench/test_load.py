"""The load process against a small server: it counts answers, and refuses wrong ones."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.bench.load import LoadError, Plan, get_request, post_request, run_load


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(200 if self.path == "/" else 404)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(202)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hallo")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_every_request_is_sent_once(port: int) -> None:
    posts = [post_request("/inbox", {"Host": "x"}, b"{}") for _ in range(40)]

    outcome = run_load(Plan(port, posts, status=202, connections=4))

    assert outcome.answers == 40
    assert len(outcome.latencies) == 40
    assert outcome.rate > 0


def test_requests_go_round_for_some_time(port: int) -> None:
    outcome = run_load(Plan(port, [get_request("x", "/")], seconds=0.2, connections=2))

    assert outcome.answers > 2
    assert outcome.seconds >= 0.2


def test_another_status_is_no_answer(port: int) -> None:
    with pytest.raises(LoadError, match="expected 200"):
        run_load(Plan(port, [get_request("x", "/weg")], connections=1))
