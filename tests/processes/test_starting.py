"""Starts that cannot succeed end with one clear line; what stands in front is believed if told."""

import http.client
import signal
import socket
import subprocess
import sys
import time

import pytest

from tests.processes.conftest import MakeServer
from tests.support.server import ROOT, Server, wait_until

pytestmark = pytest.mark.processes


def serve(server: Server, *options: str) -> subprocess.CompletedProcess[str]:
    """Run `serve` until it ends by itself."""
    return subprocess.run(
        [sys.executable, "-m", "app.cli_main", "serve", *options],
        cwd=ROOT,
        env=server.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def errors(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in done.stderr.splitlines() if not line.startswith("{")]


def _has_ipv6() -> bool:
    with socket.socket(socket.AF_INET6) as tried:
        try:
            tried.bind(("::1", 0))
        except OSError:
            return False
        return True


@pytest.mark.parametrize("options", [(), ("--single",)])
def test_a_port_that_is_taken_ends_it_with_a_clear_line(
    make_server: MakeServer, options: tuple[str, ...]
) -> None:
    server = make_server()
    server.run("init")
    with socket.socket() as other:
        other.bind(("127.0.0.1", server.port))
        other.listen()
        began = time.monotonic()

        done = serve(server, *options)

    assert done.returncode == 1
    assert errors(done)[0].startswith(f"error: cannot listen on 127.0.0.1 port {server.port}: ")
    assert "Traceback" not in done.stderr
    assert "Ready" not in done.stdout
    assert time.monotonic() - began < 40


@pytest.mark.parametrize("host", ["nergens.invalid", "203.0.113.7"])
def test_an_address_that_is_not_ours_ends_it_with_a_clear_line(
    make_server: MakeServer, host: str
) -> None:
    server = make_server()
    server.run("init")

    done = serve(server, "--host", host)

    assert done.returncode == 1
    assert f"cannot listen on {host}" in errors(done)[0]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "http"), ("VERBINDPLAATS_FEDERATION", "maybe")]
)
def test_a_setting_that_cannot_work_ends_it_before_anything_is_made(
    make_server: MakeServer, name: str, value: str
) -> None:
    server = make_server(**{name: value})

    done = serve(server)

    assert done.returncode == 1
    assert len(errors(done)) == 1
    assert name in errors(done)[0]
    assert not server.data_dir.exists()


@pytest.mark.skipif(not _has_ipv6(), reason="this machine has no IPv6 loopback")
def test_it_listens_where_host_says(make_server: MakeServer) -> None:
    server = make_server()
    server.start("--host", "::1", "--single")

    connection = http.client.HTTPConnection("::1", server.port, timeout=10)
    connection.request("GET", "/health")
    status = connection.getresponse().status
    connection.close()

    assert status == 200
    with pytest.raises(ConnectionRefusedError):
        server.get("/health")


def test_a_terminal_that_is_closed_ends_everything(make_server: MakeServer) -> None:
    server = make_server()
    server.start()
    server.child("worker")

    status, took, left = server.stop(signal.SIGHUP)

    assert (status, left) == (0, [])
    assert took < 5


def test_no_init_outlives_a_server_that_was_killed_while_it_prepared(
    make_server: MakeServer,
) -> None:
    server = make_server()
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli_main", "serve"],
        cwd=ROOT,
        env=server.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    server.process = process
    wait_until(lambda: len(server.descendants()) > 1)
    _, *children = server.descendants()

    process.kill()
    process.wait(5)

    wait_until(lambda: not any(child.is_running() for child in children), 3)


FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}


@pytest.mark.parametrize(("proxies", "is_believed"), [("1", True), ("0", False)])
def test_a_proxy_is_believed_when_the_settings_name_it(
    make_server: MakeServer, proxies: str, is_believed: bool
) -> None:
    server = make_server(VERBINDPLAATS_TRUSTED_PROXIES=proxies)
    server.start("--single")

    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", "/privacy", headers=FORWARDED)
    answer = connection.getresponse()
    answer.read()
    connection.close()

    assert answer.status == 200
    assert (answer.getheader("Strict-Transport-Security") is not None) is is_believed
