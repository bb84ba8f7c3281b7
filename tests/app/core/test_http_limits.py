import time

import pytest

from app.core.http_client import FetchLimits, HttpClient
from app.core.http_errors import (
    BadResponseError,
    TooLargeError,
    TooSlowError,
)
from tests.support.hostile_server import answer, drip, serve_raw

AGENT = "Verbindplaats/0 (+https://ons.test)"


@pytest.fixture
def client():
    made = HttpClient(AGENT, allow_private=True)
    yield made
    made.close()


def redirect(location: str, status: str = "302 Found") -> bytes:
    return answer(status=status, headers=[f"Location: {location}"])


def headers_of(request: bytes) -> dict[str, str]:
    lines = request.decode("latin-1").partition("\r\n\r\n")[0].split("\r\n")[1:]
    return {name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)}


@pytest.mark.parametrize("part", ["head", "body", "chunked", "silence"])
def test_a_server_that_drips_is_dropped_at_the_deadline(client, part):
    page = answer(b"x" * 500)
    scripts = {
        "head": lambda _r: drip(page, 0.05),
        "body": lambda _r: [page[:60], *[b for i in range(400) for b in (b"x", 0.05)]],
        "chunked": lambda _r: [
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            *drip(b"1\r\nx\r\n" * 100, 0.05),
        ],
        "silence": lambda _r: [30.0],
    }
    started = time.monotonic()
    with serve_raw(scripts[part]) as site, pytest.raises(TooSlowError):
        client.get(site.url(), limits=FetchLimits(total_seconds=0.6))

    assert time.monotonic() - started < 10


def test_the_deadline_counts_over_all_redirects(client):
    hops = []

    def slow(_request: bytes):
        hops.append(1)
        return [0.25, redirect(f"/{len(hops)}")]

    with serve_raw(slow) as site, pytest.raises(TooSlowError):
        client.get(site.url(), limits=FetchLimits(total_seconds=0.6, max_redirects=20))

    assert len(hops) <= 3


def test_fifty_megabytes_without_length_stop_at_the_limit(client):
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
    with (
        serve_raw(lambda _r: [head, *[b"x" * 65536] * 800]) as site,
        pytest.raises(TooLargeError),
    ):
        client.get(site.url(), limits=FetchLimits(max_bytes=1_000_000))


def test_an_announced_size_beyond_the_limit_is_not_read(client):
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 5000000000\r\n\r\n"
    started = time.monotonic()
    with serve_raw(lambda _r: [head, 5.0]) as site, pytest.raises(TooLargeError):
        client.get(site.url())

    assert time.monotonic() - started < 4.5


@pytest.mark.parametrize("size", [100_000, 1_000_000])
def test_a_body_at_the_limit_passes_and_one_byte_more_does_not(client, size):
    with serve_raw(lambda r: [answer(b"x" * (size + (b"/meer" in r)))]) as site:
        response = client.get(site.url(), limits=FetchLimits(max_bytes=size))
        with pytest.raises(TooLargeError):
            client.get(site.url("/meer"), limits=FetchLimits(max_bytes=size))

    assert len(response.body) == size


def test_endless_headers_and_endless_interim_answers_stop(client):
    def flood(request: bytes):
        if b"/interim" in request:
            return [b"HTTP/1.1 100 Continue\r\n\r\n" * 200_000]
        return [b"HTTP/1.1 200 OK\r\n", *[b"X-A: " + b"b" * 60_000 + b"\r\n"] * 90, b"\r\n"]

    with serve_raw(flood) as site:
        for path in ("/interim", "/headers"):
            with pytest.raises(TooLargeError):
                client.get(site.url(path), limits=FetchLimits(max_bytes=100_000))


@pytest.mark.parametrize(
    "raw", [b"SSH-2.0-OpenSSH_9\r\n\r\n", b"\x00\x01\x02\r\n\r\n", b"HTTP/1.1 abc x\r\n\r\n"]
)
def test_what_is_not_http_is_refused(client, raw):
    with serve_raw(lambda _r: [raw, b""]) as site, pytest.raises(BadResponseError):
        client.get(site.url())


def test_a_body_cut_short_is_refused(client):
    with (
        serve_raw(lambda _r: [answer(b"x" * 100)[:-50], b""]) as site,
        pytest.raises(BadResponseError) as caught,
    ):
        client.get(site.url())

    assert caught.value.code == "cut_short"


def test_a_large_error_page_is_cut_and_not_an_error(client):
    with serve_raw(lambda _r: [answer(b"x" * 3_000_000, status="500 Oeps")]) as site:
        response = client.get(site.url())

    assert response.status == 500
    assert len(response.body) == 64 * 1024
