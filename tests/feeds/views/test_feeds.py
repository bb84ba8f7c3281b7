import pytest

from app.core.db import session, unit_of_work
from feeds.models.feed import FeedState
from tests.support.factories import make_account, sign_in
from tests.support.feedserver import item, rss


@pytest.fixture
def broken(add, fetch):
    feed = add("http://127.0.0.1:9/feed", "Stuk netwerk", "/gids/stuk")
    fetch(feed)
    return feed


@pytest.fixture
def working(server, add, fetch):
    server.put("/feed", rss(item(1)))
    feed = add(server.url(), "Goed netwerk", "/gids/goed")
    fetch(feed)
    return feed


@pytest.fixture
def admin(client, ctx):
    sign_in(client, make_account("bea", admin=True))
    client.application.config["WTF_CSRF_ENABLED"] = False
    return client


def test_what_does_not_work_stands_on_top_with_the_reason(client, working, broken):
    text = client.get("/nieuws/bronnen").text

    assert text.index("Stuk netwerk") < text.index("Goed netwerk")
    assert "De server van de website neemt niet op." in text
    assert "Werkt. Laatste bericht: 1 juni 2026." in text


def test_without_feeds_the_page_says_what_to_do(client):
    assert "Er zijn nog geen nieuwsbronnen." in client.get("/nieuws/bronnen").text


def test_the_page_of_a_feed_tells_its_owner_everything(client, working, fetch, server):
    server.put("/feed", rss(item(1)).replace("</channel>", ""))
    fetch(working)

    text = client.get(working.path).text

    assert server.url() in text
    assert "gelezen" in text
    assert "Voor de beheerder van de feed" in text
    assert "Bericht 1" in text
    assert "Haal nu op" not in text


def test_an_unknown_feed_is_not_there(client):
    assert client.get("/nieuws/bronnen/onzin").status_code == 404


@pytest.mark.parametrize("action", ["ophalen", "terug", "intrekken"])
def test_only_administrators_act(client, working, action):
    client.application.config["WTF_CSRF_ENABLED"] = False
    sign_in(client, make_account("lezer"))

    response = client.post(f"{working.path}/{action}")

    assert response.status_code == 403
    session().refresh(working)
    assert working.state == FeedState.ACTIVE


def test_an_administrator_has_a_feed_fetched_at_once_but_not_twice(admin, working, clock):
    first = admin.post(f"{working.path}/ophalen", follow_redirects=True)
    second = admin.post(f"{working.path}/ophalen", follow_redirects=True)

    assert "We halen de feed zo op." in first.text
    assert "één keer per vijf minuten" in second.text
    session().refresh(working)
    assert working.next_fetch_at == clock()


def test_an_administrator_takes_a_feed_out_of_sight(admin, working):
    response = admin.post(f"{working.path}/intrekken", follow_redirects=True)

    assert "De feed en zijn berichten zijn weg." in response.text
    assert "Goed netwerk" not in admin.get("/nieuws").text
    assert admin.get(working.path).status_code == 404


def test_a_move_is_shown_and_undone(admin, working, server):
    with unit_of_work():
        working.previous_url = "https://oud.test/feed"

    shown = admin.get(working.path).text
    admin.post(f"{working.path}/terug")

    assert "https://oud.test/feed" in shown
    session().refresh(working)
    assert working.url == "https://oud.test/feed"


def test_a_button_pressed_elsewhere_does_nothing(client, ctx, working):
    sign_in(client, make_account("bea", admin=True))

    response = client.post(f"{working.path}/intrekken")

    assert response.status_code in {400, 403}
    session().refresh(working)
    assert working.state == FeedState.ACTIVE
