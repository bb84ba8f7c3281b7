import gzip
import time
from dataclasses import replace

import pytest

from app.core.outgoing import http_client
from feeds.ingest import fetch as fetching
from feeds.ingest.fetch import FetchJob, fetch_feed
from feeds.models.fetch_event import Outcome
from tests.support.feedserver import rss
from tests.support.hostile_server import answer, drip


@pytest.fixture
def ask(ctx, clock, server):
    """Fetch a path of the server without any row."""

    def ask_one(path="/feed", **known):
        job = FetchJob(feed_id=1, url=server.url(path), host="h", **known)
        return fetch_feed(http_client(), job)

    return ask_one


def test_validators_go_back_byte_for_byte(server, ask):
    modified = "Mon,  23 Nov 2026 13:30:00 +0000"
    server.put_validated("/feed", rss(), 'W/"x y"', modified)

    first = ask()
    second = ask(etag=first.headers["etag"], last_modified=first.headers["last-modified"])

    assert first.outcome is Outcome.READ
    assert second.outcome is Outcome.NOT_MODIFIED
    assert server.asked[1].headers["if-none-match"] == 'W/"x y"'
    assert server.asked[1].headers["if-modified-since"] == modified


def test_the_same_bytes_again_are_not_parsed(server, ask):
    server.put("/feed", rss())
    first = ask()

    second = ask(body_hash=first.body_hash)

    assert second.outcome is Outcome.SAME
    assert second.reading is None


def test_a_304_to_an_unconditional_request_is_no_answer(server, ask):
    server.put("/feed", status="304 Not Modified")

    assert ask().outcome is Outcome.FAILED


@pytest.mark.parametrize("content_type", ["text/html", "application/octet-stream", "image/png"])
def test_a_feed_is_a_feed_whatever_it_is_called(server, ask, content_type):
    server.put("/feed", rss(), headers=[f"Content-Type: {content_type}"])

    assert ask().outcome is Outcome.READ


@pytest.mark.parametrize(
    ("status", "body", "cause"),
    [
        ("200 OK", "<!doctype html><html><body>Log in</body></html>", "feed_html"),
        ("200 OK", "", "feed_empty"),
        ("204 No Content", "", "feed_empty"),
        ("200 OK", '{"a": 1}', "feed_json"),
        ("200 OK", "<svg/>", "feed_xml"),
        ("200 OK", "hallo", "feed_text"),
        ("401 Unauthorized", "", "http_401"),
        ("403 Forbidden", "", "http_403"),
        ("404 Not Found", "", "http_404"),
        ("410 Gone", "", "http_410"),
        ("500 Internal Server Error", "", "http_500"),
        ("503 Service Unavailable", "", "http_503"),
    ],
)
def test_each_failure_has_its_own_cause(server, ask, status, body, cause):
    server.put("/feed", body, status=status)

    fetched = ask()

    assert (fetched.outcome, fetched.cause) == (Outcome.FAILED, cause)


def test_cloudflare_is_named(server, ask):
    server.put("/feed", status="403 Forbidden", headers=["cf-mitigated: challenge"])

    assert ask().cause == "cloudflare"


def test_nobody_at_home_is_a_cause_of_its_own(ctx, clock):
    refused = fetch_feed(http_client(), FetchJob(1, "http://127.0.0.1:9/feed", "h"))
    unknown = fetch_feed(http_client(), FetchJob(1, "http://nergens.invalid/feed", "h"))

    assert refused.cause == "connection_refused"
    assert unknown.cause == "name_unknown"


def test_redirects_in_a_circle_and_too_many_are_refused(server, ask):
    server.redirect("/a", "/b")
    server.redirect("/b", "/a")
    for hop in range(7):
        server.redirect(f"/hop{hop}", f"/hop{hop + 1}")

    assert ask("/a").cause == "too_many_redirects"
    assert ask("/hop0").cause == "too_many_redirects"


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://n.test/", "http://169.254.1.1/"])
def test_redirects_out_of_the_web_are_refused(server, ask, target):
    server.redirect("/feed", target)

    assert ask().cause in {"bad_scheme", "address_refused"}


def test_five_redirects_are_followed(server, ask):
    for hop in range(5):
        server.redirect(f"/hop{hop}", f"/hop{hop + 1}", "302 Found")
    server.put("/hop5", rss())

    fetched = ask("/hop0")

    assert fetched.outcome is Outcome.READ
    assert not fetched.is_permanent_move


def test_a_parked_domain_is_called_by_its_name(server, ask):
    server.redirect("/feed", "/te-koop")
    server.put("/te-koop", "<html><body>Deze naam is te koop</body></html>")

    assert ask().cause == "moved_away"


def test_eight_megabytes_is_the_limit_also_without_a_length(server, ask):
    large = b"<rss>" + b" " * (9 * 1024 * 1024)
    whole = answer(headers=["Connection: close"], length=False) + large
    server.answers["/feed"] = lambda _asked: [whole, b""]

    assert ask().cause == "too_large"


@pytest.mark.parametrize("encoding", ["gzip", "gzip, gzip"])
def test_bombs_are_refused_at_once(server, ask, encoding):
    bomb = gzip.compress(b"0" * 200_000_000, 1)
    for _round in encoding.split(",")[1:]:
        bomb = gzip.compress(bomb)
    server.put("/feed", bomb, headers=[f"Content-Encoding: {encoding}"])
    started = time.monotonic()

    fetched = ask()

    assert fetched.cause in {"too_large", "bad_response", "bad_encoding"}
    assert time.monotonic() - started < 20


def test_a_server_that_drips_is_dropped_at_the_deadline(server, ask, monkeypatch):
    monkeypatch.setattr(fetching, "LIMITS", replace(fetching.LIMITS, total_seconds=0.5))
    server.answers["/feed"] = lambda _asked: drip(answer(rss().encode()), 0.05)
    started = time.monotonic()

    fetched = ask()

    assert fetched.cause == "too_slow"
    assert time.monotonic() - started < 20


def test_a_server_that_hangs_up_is_a_cause_and_no_error(server, ask):
    server.answers["/feed"] = lambda _asked: [
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nx",
        b"",
    ]

    assert ask().cause in {"cut_short", "broken_off"}


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [(["Retry-After: 120"], 2), ([], 60), (["Retry-After: soon"], 60)],
)
def test_who_is_asked_to_wait_waits(server, ask, clock, headers, minutes):
    server.put("/feed", status="429 Too Many Requests", headers=headers)

    fetched = ask()

    assert fetched.outcome is Outcome.PAUSED
    assert (fetched.wait_until - clock()).total_seconds() == minutes * 60


def test_we_say_who_we_are_and_send_no_cookies(server, ask):
    server.put("/feed", rss(), headers=["Set-Cookie: volg=mij"])

    ask()
    ask()

    assert server.asked[1].headers["user-agent"].startswith("Verbindplaats/")
    assert "cookie" not in server.asked[1].headers
