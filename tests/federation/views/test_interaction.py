"""One of our people comes from another site, to do something here."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models.account import Account
from app.core.db import session
from app.core.visibility import Visibility
from app.forum.models.membership import Membership
from tests.support.browsing import token_of
from tests.support.factories import make_account, make_comment, make_community, make_post, sign_in
from tests.support.fediverse import FakeFediverse, page

Visit = Callable[..., str]


@pytest.fixture
def anna(app: Flask, client: FlaskClient) -> Account:
    with app.app_context():
        account = make_account("anna")
        sign_in(client, account)
        return account


@pytest.fixture
def visit(client: FlaskClient, anna: Account) -> Visit:
    def come(uri: str, **query: str) -> str:
        answer = client.get("/authorize_interaction", query_string={"uri": uri, **query})
        assert answer.status_code == 200, answer.headers.get("Location")
        return answer.text

    return come


def test_a_group_elsewhere_is_fetched_and_can_be_followed(
    app: Flask, client: FlaskClient, visit: Visit
) -> None:
    FakeFediverse(app).group("tuin", "elders.test")

    shown = visit("http://elders.test/c/tuin", doe="volgen")
    path = "/authorize_interaction?uri=http://elders.test/c/tuin"
    action = "/c/tuin@elders.test/volgen"
    client.post(action, data={"on": "1", "csrf_token": token_of(client, path)})

    assert f'formaction="{action}"' in shown
    with app.app_context():
        assert session().query(Membership).one().community.name == "tuin"


@pytest.mark.parametrize(
    "uri", ["acct:bo@elders.test", "@bo@elders.test", "http://elders.test/u/bo"]
)
def test_a_person_is_found_in_every_spelling(app: Flask, visit: Visit, uri: str) -> None:
    FakeFediverse(app).person("bo", "elders.test")

    assert 'formaction="/u/bo@elders.test/volgen"' in visit(uri)


def test_a_post_elsewhere_can_be_answered_found_useful_and_shared(app: Flask, visit: Visit) -> None:
    fediverse = FakeFediverse(app)
    group, bo = fediverse.group("tuin", "elders.test"), fediverse.person("bo", "elders.test")
    thread = fediverse.put(page(bo, group.uri, "Wat groeit hier?"))

    shown = visit(thread["id"], doe="antwoorden")

    assert "Wat groeit hier?" in shown
    assert "#antwoord" in shown
    assert "/nuttig" in shown
    assert "link_url=http" in shown


def test_a_comment_is_answered_on_its_own_page(app: Flask, visit: Visit) -> None:
    with app.app_context():
        bo = make_account("bo")
        comment = make_comment(make_post(make_community("tuin", owner=bo), bo), bo)
        uri, public_id = comment.uri, comment.public_id

    assert f"/comment/{public_id}/antwoord" in visit(uri)


def test_coming_here_changes_nothing(app: Flask, visit: Visit) -> None:
    FakeFediverse(app).group("tuin", "elders.test")

    visit("http://elders.test/c/tuin", doe="volgen")

    with app.app_context():
        assert session().query(Membership).count() == 0


def test_strangers_sign_in_first_and_come_back(client: FlaskClient) -> None:
    answer = client.get("/authorize_interaction?uri=http://elders.test/c/tuin&doe=volgen")

    assert answer.status_code == 303
    location = answer.headers["Location"]
    assert location.startswith("/inloggen?next=/authorize_interaction?uri%3D") or (
        "authorize_interaction" in location and "elders.test" in location
    )


def test_what_is_closed_looks_like_nothing(app: Flask, client: FlaskClient, anna: Account) -> None:
    with app.app_context():
        bo = make_account("bo")
        closed = {"visibility": Visibility.MEMBERS, "title": "Stil overleg"}
        make_post(make_community("kamer", owner=bo, **closed), bo)

    answer = client.get("/authorize_interaction?uri=http://ons.test/c/kamer")

    assert answer.status_code == 404
    assert "Stil overleg" not in answer.text


@pytest.mark.parametrize("uri", ["http://elders.test/niets", "javascript:alert(1)", "@", "x@y@z"])
def test_what_is_not_there_leads_to_the_search(
    app: Flask, client: FlaskClient, anna: Account, uri: str
) -> None:
    FakeFediverse(app).server("elders.test")

    answer = client.get("/authorize_interaction", query_string={"uri": uri})

    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/zoeken?q=")


def test_without_an_address_one_begins_a_conversation(client: FlaskClient, anna: Account) -> None:
    answer = client.get("/authorize_interaction?uri=&doe=antwoorden")

    assert answer.headers["Location"] == "/nieuw"
