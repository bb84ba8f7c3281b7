from datetime import timedelta

import pytest

from app.core.home_panels import list_panels
from feeds import news_filters
from feeds.news_filters import NewsFilter, add_news_filter
from tests.support.feedserver import item, rss


@pytest.fixture
def stocked(server, add, fetch):
    """Two feeds: thirty entries of one, an undated and an old one of the other."""
    dated = [item(n % 28 + 1, title=f"Eerste {n}", guid=f"urn:{n}") for n in range(30)]
    links = [one.replace("netwerk.test/", f"een.test/{n}/") for n, one in enumerate(dated)]
    server.put("/een", rss(*links))
    old = item(1, title="Stokoud", pubDate="Sat, 01 Jan 2005 10:00:00 GMT", guid="urn:oud")
    server.put("/twee", rss(old, item(2, title="Ongedateerd", pubDate="", guid="urn:geen")))
    feeds = [
        add(server.url("/een"), "Eerste netwerk", "/gids/eerste"),
        add(server.url("/twee"), "Tweede netwerk", "/gids/tweede"),
    ]
    for feed in feeds:
        fetch(feed)
    return feeds


@pytest.fixture
def topics():
    yield add_news_filter
    news_filters._filters.pop("thema", None)


def walk(client, url):
    pages = []
    while url:
        text = client.get(url).text
        pages.append(text)
        head = text.partition('rel="next" href="')[2]
        url = head.partition('"')[0].replace("&amp;", "&")
    return pages


def test_an_empty_river_says_what_to_do(client):
    page = client.get("/nieuws")

    assert page.status_code == 200
    assert "Er zijn nog geen nieuwsbronnen." in page.text


def test_every_entry_is_on_some_page_undated_and_old_ones_too(client, stocked):
    pages = walk(client, "/nieuws")

    text = "".join(pages)
    assert len(pages) == 2
    assert text.count('class="row entry-row"') == 32
    assert "Ongedateerd" in pages[0]
    assert "zonder datum" in pages[0]
    assert "Stokoud" in pages[1]


def test_the_source_comes_first_and_links_to_our_page_of_it(client, stocked):
    text = client.get("/nieuws").text

    assert '<a class="entry-source" href="/gids/eerste">Eerste netwerk</a>' in text


def test_reading_on_is_at_the_source_and_nothing_is_loaded_from_there(client, stocked):
    text = client.get("/nieuws").text.partition("<main")[2]

    assert 'rel="external nofollow noopener noreferrer"' in text
    assert "<img" not in text
    assert 'href="/forum/' in text or "link_url=" in text


def test_one_source_can_be_chosen(client, stocked):
    text = client.get(f"/nieuws?bron={stocked[1].public_id}").text

    assert text.count('class="row entry-row"') == 2
    assert f"/nieuws.atom?bron={stocked[1].public_id}" in text


def test_an_unknown_choice_chooses_nothing(client, stocked):
    assert client.get("/nieuws?bron=weg").text.count('class="row entry-row"') == 25


def test_a_higher_floor_can_add_a_choice(client, stocked, topics):
    thema = {"toetsing": [stocked[1].id]}
    topics(NewsFilter("thema", lambda: "Thema", lambda: [("toetsing", "Toetsing")], thema.get))

    chosen = client.get("/nieuws?thema=toetsing").text
    both = client.get(f"/nieuws?thema=toetsing&bron={stocked[0].public_id}").text
    feed = client.get("/nieuws.json?thema=toetsing").json

    assert chosen.count('class="row entry-row"') == 2
    assert '<option value="toetsing" selected>Toetsing</option>' in chosen
    assert "Hier is geen nieuws van." in both
    assert len(feed["items"]) == 2
    assert feed["feed_url"] == "http://ons.test/nieuws.json?thema=toetsing"
    assert feed["title"].endswith(": Toetsing")


def test_a_forged_page_address_is_refused_in_words(client, stocked):
    assert client.get("/nieuws?voor=onzin").status_code == 422


def test_the_home_page_shows_the_newest_news(client, stocked, app):
    with app.test_request_context():
        (panel,) = [panel for panel in list_panels() if panel.key == "news"]

    assert len(panel.rows) == 6
    assert panel.rows[0].is_external
    assert "Ongedateerd" in client.get("/").text


def test_a_new_entry_is_on_the_page_at_once(client, stocked, server, fetch, clock):
    client.get("/nieuws")
    clock.advance(timedelta(hours=1))
    fresh = item(3, title="Zojuist", pubDate="", guid="urn:nu", link="https://een.test/nu")
    server.put("/twee", rss(fresh))
    fetch(stocked[1])

    assert "Zojuist" in client.get("/nieuws?later").text


def test_the_page_reads_in_english_too(client, stocked):
    assert client.get("/nieuws", headers={"Accept-Language": "en"}).status_code == 200
