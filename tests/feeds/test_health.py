from datetime import timedelta

import pytest

from app.core.db import unit_of_work
from app.core.http_errors import TlsError
from feeds.formats.errors import NotAFeedReason
from feeds.health import SENTENCES, describe_health, explain_cause
from feeds.models.feed import FeedState
from tests.support.feedserver import item, rss

LAST_RESORT = "Het ophalen lukt niet."


@pytest.fixture
def page(app):
    with app.test_request_context():
        yield


def test_a_new_feed_says_that_it_has_to_be_fetched(add, clock, page):
    health = describe_health(add("https://netwerk.test/feed"))

    assert (health.status, health.text) == (
        "unknown",
        "Nog niet opgehaald. Dat gebeurt binnen een minuut.",
    )


def test_a_working_feed_names_its_newest_entry(server, add, fetch, page):
    server.put("/feed", rss(item(1, pubDate="Fri, 20 Nov 2026 10:00:00 +0100")))
    feed = add(server.url())
    fetch(feed)

    health = describe_health(feed)

    assert (health.status, health.text) == ("good", "Werkt. Laatste bericht: 20 november 2026.")


def test_an_empty_feed_works(server, add, fetch, page):
    server.put("/feed", rss("<!-- niets -->"))
    feed = add(server.url())
    fetch(feed)

    assert describe_health(feed).text == "Werkt. Er staat nog geen bericht in."


def test_a_quiet_feed_is_called_quiet(server, add, fetch, page):
    server.put("/feed", rss(item(1, pubDate="Mon, 03 Mar 2025 10:00:00 +0100")))
    feed = add(server.url())
    fetch(feed)

    health = describe_health(feed)

    assert (health.status, health.latest) == ("late", feed.newest_entry_at)
    assert "stil" in health.text


def test_a_passing_failure_is_late_and_a_lasting_one_bad_with_day_and_reason(
    server, add, fetch, clock, page
):
    server.put("/feed", rss())
    feed = add(server.url())
    fetch(feed)
    server.put("/feed", status="404 Not Found")
    fetch(feed)

    today = describe_health(feed)
    clock.advance(timedelta(days=3))
    later = describe_health(feed)

    assert today.status == "late"
    assert (later.status, later.since) == ("bad", feed.failing_since)
    assert later.text == "Werkt niet sinds 23 november 2026. Op dit adres staat niets meer."


def test_who_asks_us_to_wait_is_not_broken(server, add, fetch, page):
    server.put("/feed", status="429 Too Many Requests", headers=["Retry-After: 9000"])
    feed = add(server.url())
    fetch(feed)

    assert describe_health(feed).status == "late"


@pytest.mark.parametrize("state", [FeedState.GONE, FeedState.STOPPED])
def test_a_feed_that_is_not_read_says_so(add, page, state):
    feed = add("https://netwerk.test/feed")
    with unit_of_work():
        feed.state = state.value

    assert describe_health(feed).text != ""
    assert describe_health(feed).status in {"bad", "unknown"}


@pytest.mark.parametrize(
    "code",
    [
        *TlsError.sentences,
        *(f"feed_{reason.value}" for reason in NotAFeedReason),
        "tls_failed",
        "name_unknown",
        "connection_refused",
        "too_slow",
        "too_large",
        "too_many_redirects",
        "http_401",
        "http_403",
        "http_404",
        "http_418",
        "http_429",
        "http_500",
        "http_503",
        "cloudflare",
        "moved_away",
        "bad_port",
    ],
)
def test_every_cause_has_words(page, code):
    assert explain_cause(code) != LAST_RESORT


def test_each_cause_is_told_apart(page):
    told = [str(sentence) for code, sentence in SENTENCES.items() if "too_large" not in code]

    assert len(set(told)) == len(told)
    assert explain_cause("http_502") == explain_cause("http_500")
    assert explain_cause("internal") == LAST_RESORT
