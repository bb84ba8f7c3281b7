"""Somebody types an address of another server into the search box."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models.account import Account
from app.core.db import session, unit_of_work
from federation.dereference.lookup_rows import purge_lookups
from federation.dereference.tasks import fetch_due
from federation.models.lookup import Lookup
from tests.support.browsing import token_of
from tests.support.clock import FakeClock
from tests.support.factories import make_account, sign_in
from tests.support.fediverse import FakeFediverse, page


@pytest.fixture
def anna(app: Flask, client: FlaskClient) -> Account:
    with app.app_context():
        account = make_account("anna")
        sign_in(client, account)
        return account


@pytest.fixture
def fediverse(app: Flask) -> FakeFediverse:
    return FakeFediverse(app)


def look_up(client: FlaskClient, question: str) -> str:
    """Ask, and return where that leads."""
    token = token_of(client, "/zoeken?q=%21zaak%40elders.test")
    answer = client.post("/opzoeken", data={"q": question, "csrf_token": token})
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def look_up_all_the_way(app: Flask, client: FlaskClient, question: str) -> str:
    """Ask, let the worker look, and return where the waiting page leads; "" when it stays."""
    place = look_up(client, question)
    assert place.startswith("/opzoeken/")
    assert "Kijk opnieuw" in client.get(place).text
    with app.app_context():
        fetch_due()
    return str(client.get(place).headers.get("Location", ""))


@pytest.mark.parametrize(
    "question",
    ["!tuin@elders.test", "@tuin@elders.test", "tuin@elders.test", "http://elders.test/c/tuin"],
)
def test_a_group_elsewhere_is_fetched_meanwhile_and_its_page_shown(
    app: Flask, client: FlaskClient, anna: Account, fediverse: FakeFediverse, question: str
) -> None:
    fediverse.group("tuin", "elders.test")

    location = look_up_all_the_way(app, client, question)

    assert location == "/c/tuin@elders.test"
    assert "tuin" in client.get(location).text
    assert look_up(client, question) == "/c/tuin@elders.test"


def test_the_address_of_a_post_brings_the_post_with_its_group(
    app: Flask, client: FlaskClient, anna: Account, fediverse: FakeFediverse
) -> None:
    group = fediverse.group("tuin", "elders.test")
    thread = fediverse.put(page(fediverse.person("bo", "elders.test"), group.uri, "Snoeien"))

    location = look_up_all_the_way(app, client, thread["id"])

    assert location.startswith("/post/")
    assert "/c/tuin@elders.test" in client.get(location).text


def test_a_person_is_found_by_web_address(
    app: Flask, client: FlaskClient, anna: Account, fediverse: FakeFediverse
) -> None:
    bo = fediverse.person("bo", "elders.test")

    assert look_up_all_the_way(app, client, bo.uri) == "/u/bo@elders.test"


@pytest.mark.parametrize("question", ["!niemand@elders.test", "http://elders.test/x"])
def test_what_is_not_there_is_said_and_the_question_is_kept(
    app: Flask, client: FlaskClient, anna: Account, fediverse: FakeFediverse, question: str
) -> None:
    fediverse.server("elders.test")
    place = look_up(client, question)
    with app.app_context():
        fetch_due()

    page = client.get(place).text

    assert "Niets gevonden" in page
    assert f'value="{question}"' in page
    assert "data-poll" not in page


def test_an_exclamation_mark_does_not_find_a_person(
    app: Flask, client: FlaskClient, anna: Account, fediverse: FakeFediverse
) -> None:
    fediverse.person("bo", "elders.test")
    place = look_up(client, "!bo@elders.test")
    with app.app_context():
        fetch_due()

    assert "Niets gevonden" in client.get(place).text


@pytest.mark.parametrize("question", ["@", "a@b@c", "!niemand@ons.test"])
def test_what_needs_no_other_server_is_said_at_once(
    client: FlaskClient, anna: Account, question: str
) -> None:
    assert look_up(client, question).startswith("/zoeken?q=")


def test_a_server_that_is_silent_is_asked_three_times(
    app: Flask, client: FlaskClient, anna: Account, fediverse: FakeFediverse, clock: FakeClock
) -> None:
    fediverse.server("elders.test").down = 503
    place = look_up(client, "!tuin@elders.test")
    pages = []
    for _ in range(3):
        with app.app_context():
            fetch_due()
        pages.append(client.get(place).text)
        clock.advance(timedelta(minutes=3))

    assert ["nog een paar keer" in text for text in pages] == [True, True, False]
    assert "antwoordt nu niet" in pages[-1]


def test_asking_waits_for_no_other_server(
    client: FlaskClient, anna: Account, fediverse: FakeFediverse
) -> None:
    fediverse.group("tuin", "elders.test")

    places = {look_up(client, "!tuin@elders.test") for _ in range(3)}

    assert (len(places), fediverse.fetches) == (1, 0)


def test_nobody_sees_what_another_looks_for(
    app: Flask, client: FlaskClient, anna: Account, fediverse: FakeFediverse
) -> None:
    place = look_up(client, "!tuin@elders.test")
    with app.app_context():
        sign_in(client, make_account("bas"))

    assert client.get(place).status_code == 404


def test_questions_are_forgotten_after_a_day(
    app: Flask, client: FlaskClient, anna: Account, clock: FakeClock
) -> None:
    place = look_up(client, "!tuin@elders.test")
    clock.advance(timedelta(hours=25))
    with app.app_context(), unit_of_work():
        assert purge_lookups(10) == 1

    assert client.get(place).status_code == 404


def test_nobody_looks_up_without_signing_in_or_without_a_token(
    app: Flask, client: FlaskClient
) -> None:
    anonymous = client.post("/opzoeken", data={"q": "!tuin@elders.test"})

    assert anonymous.status_code == 303
    assert "/inloggen" in anonymous.headers["Location"]
    assert "Zoek een groep of persoon elders" not in client.get("/zoeken").text


def test_a_forged_form_asks_nothing(app: Flask, client: FlaskClient, anna: Account) -> None:
    answer = client.post("/opzoeken", data={"q": "!tuin@elders.test"})

    assert answer.status_code == 400
    with app.app_context():
        assert session().scalars(select(Lookup)).all() == []


@pytest.mark.parametrize("path", ["/zoeken", "/forum", "/zoeken?q=%21zaak%40elders.test"])
def test_the_field_stands_on_the_pages_where_people_look(
    client: FlaskClient, anna: Account, path: str
) -> None:
    assert "Zoek een groep of persoon elders" in client.get(path).text
