"""Whom a text names."""

import pytest
from flask.ctx import AppContext

from app.accounts.models.account import Account, AccountState
from app.core.db import session, unit_of_work
from federation.outbound.mentions import MAX_MENTIONS, list_mentioned
from tests.support.factories import make_account


@pytest.fixture
def anna(ctx: AppContext) -> Account:
    return make_account("anna")


def names(html: str, author: Account) -> list[str]:
    return [account.handle for account in list_mentioned(html, author)]


def test_people_here_and_elsewhere_are_found_by_their_links(anna: Account) -> None:
    make_account("carla")
    make_account("bob", host="a.test")
    html = (
        '<a href="http://ons.test/u/carla">@carla</a> <a href="http://a.test/u/bob">@bob</a>'
        '<a href="http://else.test/?a=1&amp;b=2">x</a><a href="http://ons.test/u/anna">ik</a>'
    )

    assert names(html, anna) == ["carla@ons.test", "bob@a.test"]


def test_who_is_not_welcome_is_not_named(anna: Account) -> None:
    bob = make_account("bob", host="a.test")
    with unit_of_work():
        session().get_one(Account, bob.id).state = AccountState.SUSPENDED

    assert names('<a href="http://a.test/u/bob">@bob</a>', anna) == []


def test_no_more_than_fifty_links_are_looked_at(anna: Account) -> None:
    make_account("carla")
    many = '<a href="http://a.test/">a</a>' * MAX_MENTIONS

    assert names(many + '<a href="http://ons.test/u/carla">c</a>', anna) == []
    assert names("", anna) == []
