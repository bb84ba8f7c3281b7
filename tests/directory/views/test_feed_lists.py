"""An admin brings in a list of feeds."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core.db import session, unit_of_work
from directory.models.listing_feed import ListingFeed
from directory.queries.listings import get_listing
from directory.queries.news import list_feed_ids
from directory.services.feeds import join_feed
from feeds.formats.limits import OPML_BYTES
from feeds.models.feed import Feed, FeedState
from feeds.services.feeds import withdraw_feed
from tests.support.factories import make_account, sign_in

PAGE = "/beheer/feeds"
BY_NAME = '<outline text=" surf " type="rss" xmlUrl="https://nieuws.test/surf"/>'
STRANGE = (
    '<outline text="Onbekend" xmlUrl="https://vreemd.test/feed" htmlUrl="https://vreemd.test/"/>'
)


def opml(*outlines: str) -> bytes:
    body = "".join(outlines)
    return f'<?xml version="1.0"?><opml version="2.0"><body>{body}</body></opml>'.encode()


@pytest.fixture
def browser(gids: Flask, client: FlaskClient) -> FlaskClient:
    with gids.app_context():
        sign_in(client, make_account("beheer_anna", admin=True))
    return client


def post(browser: FlaskClient, path: str = PAGE, **data: object):
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(PAGE).text)
    assert token is not None
    return browser.post(path, data={"csrf_token": token[1], **data})


def bring_in(browser: FlaskClient, content: bytes):
    return post(browser, file=(io.BytesIO(content), "lijst.opml"))


def states(app: Flask) -> dict[str, str]:
    with app.app_context():
        return {one.url: one.state for one in session().scalars(select(Feed))}


def ids_of_surf(app: Flask) -> list[int]:
    with app.app_context():
        return list_feed_ids(get_listing("surf", None))


def test_a_feed_called_as_a_listing_is_attached_and_another_waits(
    gids: Flask, browser: FlaskClient
):
    before = states(gids)

    answer = bring_in(browser, opml(BY_NAME, STRANGE))

    added = {url: state for url, state in states(gids).items() if url not in before}
    assert answer.status_code == 200
    assert "Eén feed is gekoppeld. Eén feed wacht op een vermelding." in answer.text
    assert added == {"https://nieuws.test/surf": "active", "https://vreemd.test/feed": "waiting"}
    assert len(ids_of_surf(gids)) == 1


def test_a_feed_of_the_website_of_a_listing_is_attached(gids: Flask, browser: FlaskClient):
    site = "https://www.practoraten.nl/"

    bring_in(
        browser, opml(f'<outline text="Ons nieuws" xmlUrl="https://n.test/f" htmlUrl="{site}"/>')
    )

    assert states(gids)["https://n.test/f"] == FeedState.ACTIVE
    with gids.app_context():
        assert len(list_feed_ids(get_listing("overzicht-practoraten", None))) == 1


def test_bringing_in_the_same_list_again_changes_nothing(gids: Flask, browser: FlaskClient):
    bring_in(browser, opml(BY_NAME, STRANGE))
    before = states(gids)

    answer = bring_in(browser, opml(BY_NAME, STRANGE))

    assert "was er al: SURF" in answer.text
    assert states(gids) == before
    assert len(ids_of_surf(gids)) == 1


def test_our_own_list_comes_in_as_it_went_out(gids: Flask, browser: FlaskClient):
    with gids.app_context(), unit_of_work():
        join_feed(get_listing("surf", None), "https://nieuws.test/surf")
    content = browser.get("/gids.opml").data
    with gids.app_context(), unit_of_work():
        for row in session().scalars(select(ListingFeed)):
            session().delete(row)
        session().flush()
        for feed in session().scalars(select(Feed)):
            session().delete(feed)

    bring_in(browser, content)

    assert states(gids)["https://nieuws.test/surf"] == FeedState.ACTIVE
    assert len(ids_of_surf(gids)) == 1


def test_a_feed_that_waits_is_shown_to_nobody_else(browser: FlaskClient, gids: Flask):
    bring_in(browser, opml(STRANGE))
    with gids.app_context():
        public_id = (
            session()
            .scalars(select(Feed.public_id).where(Feed.url == "https://vreemd.test/feed"))
            .one()
        )
    reader = gids.test_client()

    pages = [reader.get(path).text for path in ("/nieuws/bronnen", "/nieuws.opml", "/gids.opml")]

    assert "vreemd.test" in browser.get(PAGE).text
    assert not any("vreemd.test" in page for page in pages)
    assert reader.get(f"/nieuws/bronnen/{public_id}").status_code == 404


@pytest.fixture
def offered(gids: Flask, browser: FlaskClient) -> str:
    """The page of a feed that waits."""
    bring_in(browser, opml(STRANGE))
    found = re.search(r"/beheer/feeds/[0-9a-f-]{36}", browser.get(PAGE).text)
    assert found is not None
    return found[0]


def test_an_admin_says_whose_news_it_is(gids: Flask, browser: FlaskClient, offered: str):
    answer = post(browser, offered, listing="surf")

    assert (answer.status_code, answer.location) == (303, PAGE)
    assert states(gids)["https://vreemd.test/feed"] == FeedState.ACTIVE
    assert len(ids_of_surf(gids)) == 1
    assert browser.get(offered).status_code == 404


def test_without_a_choice_the_page_says_so(gids: Flask, browser: FlaskClient, offered: str):
    answer = post(browser, offered, listing="")

    assert answer.status_code == 422
    assert "Kies een vermelding." in answer.text
    assert states(gids)["https://vreemd.test/feed"] == FeedState.WAITING


def test_a_feed_that_waits_can_go(gids: Flask, browser: FlaskClient, offered: str):
    answer = post(browser, f"{offered}/weg")

    assert answer.status_code == 303
    assert "https://vreemd.test/feed" not in states(gids)


def test_the_listing_on_the_host_of_the_feed_is_suggested(gids: Flask, browser: FlaskClient):
    bring_in(browser, opml('<outline text="Blog" xmlUrl="https://www.practoraten.nl/blog/feed"/>'))
    page = re.search(r"/beheer/feeds/[0-9a-f-]{36}", browser.get(PAGE).text)
    assert page is not None

    chosen = re.search(r'<option selected value="([^"]*)"', browser.get(page[0]).text)

    assert chosen is not None
    assert chosen[1] == "overzicht-practoraten"


def test_what_fits_two_listings_fits_none(gids: Flask, browser: FlaskClient):
    with gids.app_context(), unit_of_work():
        other = get_listing("overzicht-practoraten", None)
        other.names = {"nl": "SURF"}

    bring_in(browser, opml(BY_NAME))

    assert states(gids)["https://nieuws.test/surf"] == FeedState.WAITING


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Dit is geen OPML-bestand"),
        (b"\x00\xff", "Dit is geen OPML-bestand"),
        (b"<rss/>", "Dit is geen OPML-bestand"),
        (b'<!DOCTYPE opml [<!ENTITY a "b">]><opml><body/></opml>', "Dit is geen OPML-bestand"),
        (b" " * (OPML_BYTES + 1), "te groot"),
        (opml(), "staan geen feeds"),
        (opml(*(f'<outline xmlUrl="https://a.test/{n}"/>' for n in range(501))), "meer dan 500"),
    ],
)
def test_a_bad_file_is_explained_and_changes_nothing(
    gids: Flask, browser: FlaskClient, content: bytes, said: str
):
    before = states(gids)

    answer = bring_in(browser, content)

    assert answer.status_code == 422
    assert said in answer.text
    assert states(gids) == before


def test_one_feed_that_cannot_be_keeps_no_other_away(gids: Flask, browser: FlaskClient):
    with gids.app_context(), unit_of_work():
        withdraw_feed(join_feed(get_listing("surf", None), "https://weg.test/feed"))

    answer = bring_in(
        browser,
        opml(
            '<outline text="Weg" xmlUrl="https://weg.test/feed"/>',
            '<outline text="Hier" xmlUrl="http://ons.test/nieuws.atom"/>',
            '<outline text="Script" xmlUrl="javascript:alert(1)"/>',
            '<outline text="Binnen" xmlUrl="https://user:pw@intern.test/feed"/>',
            STRANGE,
        ),
    )

    assert answer.status_code == 200
    assert "niet toegevoegd: De eigenaar wil niet dat we deze feed lezen." in answer.text
    assert "niet toegevoegd: Dit is een feed van deze site zelf." in answer.text
    assert "2 regels hadden geen bruikbaar adres." in answer.text
    assert states(gids)["https://weg.test/feed"] == FeedState.WITHDRAWN
    assert states(gids)["https://vreemd.test/feed"] == FeedState.WAITING


def test_only_admins_bring_in_feeds(gids: Flask, client: FlaskClient):
    with gids.app_context():
        sign_in(client, make_account("anna"))

    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE).status_code in {400, 403}
