from datetime import timedelta

import pytest

from app.core.db import unit_of_work
from app.core.errors import ConflictError, InvalidInputError, TooManyError
from app.core.events import listen
from app.search.documents import Kind
from app.search.queries import search
from app.search.readers import ANONYMOUS
from feeds.events import FeedAdded
from feeds.models.feed import FeedState
from feeds.queries import count_copies, list_feeds, list_river
from feeds.services.feeds import (
    ask_for_fetch,
    check_feed_url,
    name_publisher,
    stop_feed,
    withdraw_feed,
)
from tests.support.feedserver import item, rss

ADDED = []


def hear_added(event):
    ADDED.append(event.feed_id)


def test_a_feed_is_due_at_once_and_told_of(add, clock):
    listen(FeedAdded, hear_added)
    ADDED.clear()

    feed = add("https://netwerk.test/feed")

    assert feed.next_fetch_at == clock()
    assert [feed.id] == ADDED


def test_the_same_address_is_one_feed_of_its_first_publisher(add):
    first = add("https://netwerk.test/feed", name="Eerste")
    second = add("HTTPS://Netwerk.test:443/feed#top", name="Tweede")

    assert second is first
    assert second.publisher_name == "Eerste"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "netwerk.test/feed",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "gopher://netwerk.test/",
        "https://jan:geheim@netwerk.test/feed",
        "https://netwerk.test/feed\r\nx: y",
        "https://netwerk.test/" + "x" * 2000,
        "http://ons.test/nieuws.atom",
    ],
)
def test_what_is_no_address_of_a_feed_is_refused_by_name(add, url):
    with pytest.raises(InvalidInputError) as caught:
        add(url)

    assert caught.value.field == "url"
    assert list_feeds() == []


def test_other_ports_are_refused_outside_a_laboratory(make_app):
    app = make_app(allow_private_addresses=False)
    with app.app_context(), pytest.raises(InvalidInputError):
        check_feed_url("https://netwerk.test:8443/feed")


def test_a_stopped_feed_that_is_added_again_is_read_again(add):
    feed = add("https://netwerk.test/feed")
    with unit_of_work():
        stop_feed(feed)

    again = add("https://netwerk.test/feed", name="Ander")

    assert (again.id, again.state, again.publisher_name) == (feed.id, FeedState.ACTIVE, "Ander")


def test_a_feed_can_be_asked_for_once_in_five_minutes(add, clock):
    feed = add("https://netwerk.test/feed")
    with unit_of_work():
        feed.next_fetch_at = clock() + timedelta(days=7)
        ask_for_fetch(feed)

    with pytest.raises(TooManyError):
        ask_for_fetch(feed)
    assert feed.next_fetch_at == clock()

    clock.advance(timedelta(minutes=5))
    with unit_of_work():
        ask_for_fetch(feed)


def test_asking_for_a_feed_that_was_gone_reads_it_again(add):
    feed = add("https://netwerk.test/feed")
    with unit_of_work():
        feed.state = FeedState.GONE.value
        ask_for_fetch(feed)

    assert feed.state == FeedState.ACTIVE


def test_a_publisher_that_opts_out_is_gone_everywhere_and_stays_out(server, add, fetch):
    for path in ("/a", "/b"):
        server.put(path, rss(item(1, title="Toetsfestival", guid=f"urn:{path}")))
    first, second = add(server.url("/a")), add(server.url("/b"))
    fetch(first)
    fetch(second)
    found_before = search("toetsfestival", ANONYMOUS, kinds=[Kind.ENTRY]).items

    with unit_of_work():
        withdraw_feed(first)

    assert len(found_before) == 1
    found_after = search("toetsfestival", ANONYMOUS, kinds=[Kind.ENTRY]).items
    assert [one.detail for one in found_after] == [second.name]
    assert found_after[0].key != found_before[0].key
    assert [feed.id for feed in list_feeds()] == [second.id]
    river = list_river().items
    assert [entry.feed_id for entry in river] == [second.id]
    assert count_copies(river) == {}
    with pytest.raises(ConflictError):
        add(server.url("/a"))
    with pytest.raises(ConflictError):
        ask_for_fetch(first)


def test_a_publisher_may_get_another_name(add):
    feed = add("https://netwerk.test/feed")

    with unit_of_work():
        name_publisher(feed, "Nieuwe naam", "/gids/nieuw")

    assert (feed.name, feed.publisher_path) == ("Nieuwe naam", "/gids/nieuw")
