"""An admin changes a listing."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.models.link import LinkKind
from directory.queries.listings import get_listing
from directory.queries.news import find_news_of_listing
from tests.support.factories import make_account, sign_in

URL = "/gids/surf/bewerken"


def good_form(**changes: str | list[str]) -> dict[str, str | list[str]]:
    form: dict[str, str | list[str]] = {
        "name_nl": "SURF, de coöperatie",
        "name_en": "SURF, the cooperative",
        "description_nl": "ICT voor onderwijs.",
        "description_en": "IT for education.",
        "joining_nl": "Word lid.",
        "joining_en": "",
        "institution": "SURF",
        "website": "https://voorbeeld.test/surf",
        "join": "",
        "newsletter": "https://voorbeeld.test/nieuwsbrief",
        "linkedin": "",
        "topics": ["toetsing", "blended-learning"],
        "slug": "surf",
        "is_confirmed": "y",
    }
    return form | changes


@pytest.fixture
def browser(gids: Flask, client: FlaskClient) -> FlaskClient:
    with gids.app_context():
        sign_in(client, make_account("beheer_anna", admin=True))
    return client


def post(browser: FlaskClient, path: str, **data: object):
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(URL).text)
    assert token is not None
    return browser.post(path, data={"csrf_token": token[1], **data})


def test_the_form_holds_what_the_listing_says(browser: FlaskClient):
    page = browser.get(URL).text

    assert 'value="SURF"' in page
    assert '<option selected value="blended-learning">' in page


def test_a_good_form_is_stored_shown_and_found(gids: Flask, browser: FlaskClient):
    answer = post(browser, URL, **good_form())

    assert answer.status_code == 303
    dutch = browser.get("/gids/surf", headers={"Accept-Language": "nl"}).text
    assert "SURF, de coöperatie" in dutch
    assert "Word lid." in dutch
    assert "bevestigd op" in dutch
    assert 'href="https://voorbeeld.test/surf"' in dutch
    assert (
        "SURF, the cooperative" in browser.get("/gids/surf", headers={"Accept-Language": "en"}).text
    )
    assert 'href="/gids/surf"' in browser.get("/netwerken?onderwerp=toetsing").text
    assert 'href="/gids/surf"' in browser.get("/zoeken?q=cooperative").text
    with gids.app_context():
        listing = get_listing("surf", None)
        links = {link.kind: link for link in listing.links}
        assert links[LinkKind.WEBSITE].printed_host == "SURF.nl"
        assert listing.edited_at is not None


def test_a_new_address_leaves_a_way_from_the_old_one(browser: FlaskClient):
    post(browser, URL, **good_form(slug="surf-nl"))

    assert browser.get("/gids/surf-nl").status_code == 200
    assert browser.get("/gids/surf").status_code == 301


def test_going_back_to_an_old_address_is_possible(browser: FlaskClient):
    post(browser, URL, **good_form(slug="surf-nl"))
    token = re.search(
        r'name="csrf_token" value="([^"]+)"', browser.get("/gids/surf-nl/bewerken").text
    )
    assert token is not None

    answer = browser.post(
        "/gids/surf-nl/bewerken", data={"csrf_token": token[1], **good_form(slug="surf")}
    )

    assert answer.status_code == 303
    assert browser.get("/gids/surf").status_code == 200
    assert browser.get("/gids/surf-nl").status_code == 301


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name_nl", "", "Vul dit in."),
        ("name_nl", "x" * 301, "Houd het onder de 300 tekens."),
        ("name_nl", "Groep van Patrick Sins", "iemand die nog niet heeft bevestigd"),
        ("description_nl", "x" * 1501, "Houd het onder de 1500 tekens."),
        ("website", "javascript:alert(1)", "Dit is geen webadres."),
        ("website", "https://", "Dit is geen webadres."),
        ("website", "https://x.test/ <b>", "Dit is geen webadres."),
        ("website", "http://[::1", "Dit is geen webadres."),
        ("join", "www.x.nl", "Dit is geen webadres."),
        ("slug", "Met Spatie", "Gebruik alleen kleine letters"),
        ("slug", "ra-zon", "Dit adres is al van een andere vermelding."),
        ("slug", "", "Vul dit in."),
        ("topics", ["bestaat-niet"], "Not a valid choice"),
    ],
)
def test_a_wrong_field_is_named_and_the_text_kept(
    gids: Flask, browser: FlaskClient, field: str, value: str, message: str
):
    form = good_form(**{field: value, "institution": "Bewaar <dit>"})

    answer = post(browser, URL, **form)

    assert answer.status_code == 422
    assert "Bewaar &lt;dit&gt;" in answer.text
    assert f'id="{field}-error"' in answer.text
    if field != "topics":
        assert message in answer.text
    with gids.app_context():
        assert get_listing("surf", None).edited_at is None


def test_a_description_that_names_a_hidden_person_is_withheld(browser: FlaskClient):
    post(browser, URL, **good_form(description_nl="Vraag het Patrick Sins."))

    page = browser.get("/gids/surf").text

    assert "Patrick Sins" not in page
    assert "daarom verborgen" in page


def test_a_feed_is_attached_once_and_taken_off(gids: Flask, browser: FlaskClient):
    feed_url = "http://voorbeeld.test/feed.xml"

    first = post(browser, "/gids/surf/feeds", url=feed_url)
    again = post(browser, "/gids/surf/feeds", url=feed_url)

    assert (first.status_code, again.status_code) == (303, 303)
    assert feed_url in browser.get(URL).text
    with gids.app_context():
        ((feed, _health),) = find_news_of_listing(get_listing("surf", None)).feeds
    answer = post(browser, f"/gids/surf/feeds/{feed.id}/weg")
    assert answer.status_code == 303
    assert feed_url not in browser.get(URL).text


@pytest.mark.parametrize("url", ["", "ftp://x.test/", "feed", "http://x.test:99999/"])
def test_a_wrong_feed_address_is_named(browser: FlaskClient, url: str):
    answer = post(browser, "/gids/surf/feeds", url=url)

    assert answer.status_code == 422
    assert 'id="url-error"' in answer.text


def test_a_contact_is_confirmed_by_hand(gids: Flask, browser: FlaskClient):
    slug = "lectoraat-leren-en-innoveren-hva"
    with gids.app_context():
        contact = get_listing(slug, None).contacts[0]

    answer = post(browser, f"/gids/{slug}/contact/{contact.id}/bevestig")

    assert answer.status_code == 303
    assert contact.name in browser.get(f"/gids/{slug}").text


def test_a_contact_of_another_listing_is_not_confirmed(gids: Flask, browser: FlaskClient):
    with gids.app_context():
        contact = get_listing("lectoraat-leren-en-innoveren-hva", None).contacts[0]

    assert post(browser, f"/gids/surf/contact/{contact.id}/bevestig").status_code == 404


@pytest.mark.parametrize("path", [URL, "/gids/surf/feeds"])
def test_others_may_not_edit(gids: Flask, client: FlaskClient, path: str):
    anonymous = client.get(URL)
    with gids.app_context():
        sign_in(client, make_account("anna"))
    gids.config["WTF_CSRF_ENABLED"] = False

    assert anonymous.status_code == 303
    assert client.get(URL).status_code == 403
    assert client.post(path, data=good_form()).status_code == 403


def test_a_form_without_token_is_refused(gids: Flask, browser: FlaskClient):
    assert browser.post(URL, data=good_form()).status_code == 400
    with gids.app_context():
        assert get_listing("surf", None).edited_at is None


def test_a_listing_that_is_not_there_cannot_be_edited(browser: FlaskClient):
    assert browser.get("/gids/bestaat-niet/bewerken").status_code == 404
