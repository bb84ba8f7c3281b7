"""Somebody types an address of another server into the search box."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models.account import Account
from federation.views.lookup import SLOTS
from tests.support.browsing import token_of
from tests.support.factories import make_account, sign_in
from tests.support.fediverse import FakeFediverse


@pytest.fixture
def anna(app: Flask, client: FlaskClient) -> Account:
    with app.app_context():
        account = make_account("anna")
        sign_in(client, account)
        return account


def look_up(client: FlaskClient, question: str) -> str:
    token = token_of(client, "/zoeken?q=%21zaak%40elders.test")
    answer = client.post("/opzoeken", data={"q": question, "csrf_token": token})
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def test_a_group_elsewhere_is_fetched_and_its_page_shown(
    app: Flask, client: FlaskClient, anna: Account
) -> None:
    FakeFediverse(app).group("tuin", "elders.test")

    location = look_up(client, "!tuin@elders.test")

    assert location == "/c/tuin@elders.test"
    assert "tuin" in client.get(location).text


def test_a_person_is_found_by_web_address(app: Flask, client: FlaskClient, anna: Account) -> None:
    bo = FakeFediverse(app).person("bo", "elders.test")

    assert look_up(client, bo.uri) == "/u/bo@elders.test"


@pytest.mark.parametrize("question", ["!niemand@elders.test", "http://elders.test/x", "@", "a@b@c"])
def test_what_is_not_there_is_said_and_the_question_is_kept(
    app: Flask, client: FlaskClient, anna: Account, question: str
) -> None:
    FakeFediverse(app).server("elders.test")

    location = look_up(client, question)

    assert location.startswith("/zoeken?q=")


def test_nobody_looks_up_without_signing_in_or_without_a_token(
    app: Flask, client: FlaskClient
) -> None:
    anonymous = client.post("/opzoeken", data={"q": "!tuin@elders.test"})

    assert anonymous.status_code == 303
    assert "/inloggen" in anonymous.headers["Location"]


def test_a_forged_form_fetches_nothing(app: Flask, client: FlaskClient, anna: Account) -> None:
    fediverse = FakeFediverse(app)
    fediverse.group("tuin", "elders.test")

    answer = client.post("/opzoeken", data={"q": "!tuin@elders.test"})

    assert answer.status_code == 400
    assert fediverse.fetches == 0


def test_servers_that_do_not_answer_keep_few_threads_waiting(
    app: Flask, client: FlaskClient, anna: Account
) -> None:
    fediverse = FakeFediverse(app)
    fediverse.group("tuin", "elders.test")

    with SLOTS, SLOTS:
        refused = look_up(client, "!tuin@elders.test")
        fetches = fediverse.fetches
    allowed = look_up(client, "!tuin@elders.test")

    assert (refused.startswith("/zoeken?q="), fetches) == (True, 0)
    assert allowed == "/c/tuin@elders.test"
