"""The second in which anonymous readers share one rendering."""

import threading
from collections.abc import Iterable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import Client

from app.core.page_cache import (
    FRESH_SECONDS,
    MAX_BODY_BYTES,
    MAX_KEY_LENGTH,
    STALE_SECONDS,
    PageCache,
)


class Site:
    """An application that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.status = "200 OK"
        self.headers: list[tuple[str, str]] = []
        self.size = 4
        self.gate: threading.Event | None = None
        self.reached = threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked += 1
        number = self.asked
        self.reached.set()
        if self.gate is not None:
            self.gate.wait(10)
        body = f"{number}".encode().ljust(self.size)
        start_response(self.status, [("Content-Length", str(len(body))), *self.headers])
        return [body]


class Watch:
    """Seconds that the test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def reader(site: Site, watch: Watch) -> Client:
    return Client(PageCache(site, watch), use_cookies=False)


def test_second_reader_gets_the_first_readers_page(reader: Client, site: Site) -> None:
    first = reader.get("/")

    second = reader.get("/")

    assert (first.data, second.data, site.asked) == (b"1   ", b"1   ", 1)


def test_page_is_made_anew_after_a_second(reader: Client, site: Site, watch: Watch) -> None:
    reader.get("/")
    watch.now += FRESH_SECONDS + 0.01

    assert reader.get("/").data == b"2   "


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "verbindplaats=x"},
        {"Authorization": "Bearer x"},
        {"Signature": "keyId=x"},
        {"Range": "bytes=0-1"},
    ],
)
def test_personal_request_gets_its_own_answer(
    reader: Client, site: Site, headers: dict[str, str]
) -> None:
    reader.get("/")

    assert reader.get("/", headers=headers).data == b"2   "
    assert reader.get("/").data == b"1   "


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "application/activity+json"},
        {"Accept-Language": "en"},
        {"Host": "elders.test"},
        {"If-None-Match": '"x"'},
        {"If-Modified-Since": "Mon, 23 Nov 2026 12:00:00 GMT"},
    ],
)
def test_other_form_of_a_page_is_another_page(
    reader: Client, site: Site, headers: dict[str, str]
) -> None:
    reader.get("/")

    assert reader.get("/", headers=headers).data == b"2   "


def test_language_that_is_asked_last_counts_too(reader: Client, site: Site) -> None:
    same = "nl-NL,nl;q=0.4,de-DE;q=0.3,de;q=0.2,fr;q=0.1"
    reader.get("/", headers={"Accept-Language": f"{same},en;q=0.9"})

    assert reader.get("/", headers={"Accept-Language": f"{same},en;q=0.05"}).data == b"2   "


@pytest.mark.parametrize("name", ["Accept-Language", "If-None-Match", "Host"])
def test_request_that_would_fill_the_memory_is_not_kept(
    reader: Client, site: Site, name: str
) -> None:
    reader.get("/", headers={name: "x" * MAX_KEY_LENGTH})

    assert reader.get("/", headers={name: "x" * MAX_KEY_LENGTH}).data == b"2   "
    assert reader.get(f"/?q={'x' * MAX_KEY_LENGTH}").data == b"3   "
    assert reader.get(f"/?q={'x' * MAX_KEY_LENGTH}").data == b"4   "


@pytest.mark.parametrize("path", ["/health", "/metrics", "/inbox", "/instellingen"])
def test_some_addresses_are_never_kept(reader: Client, site: Site, path: str) -> None:
    reader.get(path)

    assert reader.get(path).data == b"2   "


@pytest.mark.parametrize(
    "header",
    [("Set-Cookie", "a=b"), ("Cache-Control", "no-store"), ("Cache-Control", "private, no-store")],
    ids=lambda header: header[1],
)
def test_answer_for_one_reader_is_not_kept(
    reader: Client, site: Site, header: tuple[str, str]
) -> None:
    site.headers = [header]
    reader.get("/")

    assert reader.get("/").data == b"2   "


def test_error_is_not_kept(reader: Client, site: Site) -> None:
    site.status = "404 NOT FOUND"
    reader.get("/")

    assert reader.get("/").data == b"2   "


def test_giant_page_is_not_kept(reader: Client, site: Site) -> None:
    site.size = MAX_BODY_BYTES + 1
    reader.get("/")

    assert reader.get("/").data.strip() == b"2"


def test_post_is_never_answered_from_memory(reader: Client, site: Site) -> None:
    reader.get("/")

    assert reader.post("/").data == b"2   "


def test_others_get_the_former_page_while_one_makes_it_anew(
    reader: Client, site: Site, watch: Watch
) -> None:
    reader.get("/")
    watch.now += FRESH_SECONDS + 0.01
    maker = _start_making(reader, site)

    meanwhile = reader.get("/")
    _finish(site, maker)

    assert meanwhile.data == b"1   "
    assert reader.get("/").data == b"2   "


def test_former_page_is_given_for_less_than_two_seconds(
    reader: Client, site: Site, watch: Watch
) -> None:
    reader.get("/")
    watch.now += STALE_SECONDS + 0.01
    maker = _start_making(reader, site)
    got: list[bytes] = []
    waiter = threading.Thread(target=lambda: got.append(reader.get("/").data))
    waiter.start()

    _finish(site, maker)
    waiter.join(10)

    assert got == [b"2   "]
    assert site.asked == 2


def test_failed_rendering_lets_the_next_reader_try(site: Site) -> None:
    def fail(_environ: Any, _start: Any) -> Iterable[bytes]:
        site.asked += 1
        raise RuntimeError("broken")

    reader = Client(PageCache(fail))
    for _ in range(2):
        with pytest.raises(RuntimeError, match="broken"):
            reader.get("/")

    assert site.asked == 2


def test_whole_site_answers_from_memory_and_says_so_in_the_figures(client: FlaskClient) -> None:
    first = client.get("/")

    second = client.get("/")

    assert second.data == first.data
    assert second.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
    assert b'endpoint="cache"' in client.get("/metrics").data


def _start_making(reader: Client, site: Site) -> threading.Thread:
    site.gate = threading.Event()
    site.reached.clear()
    maker = threading.Thread(target=lambda: reader.get("/"))
    maker.start()
    assert site.reached.wait(10)
    return maker


def _finish(site: Site, maker: threading.Thread) -> None:
    assert site.gate is not None
    site.gate.set()
    maker.join(10)
