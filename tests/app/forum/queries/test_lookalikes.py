"""Who passes for a moderator of ours is marked on the own page."""

import pytest
from flask.ctx import AppContext
from flask.testing import FlaskClient

from app.accounts.models.account import Account
from app.core.db import unit_of_work
from app.forum.queries.lookalikes import find_imitated
from app.forum.services import memberships
from tests.support.factories import make_account, make_community

CYRILLIC = "\u0410nn\u0430 de Vries"


@pytest.fixture
def anna(ctx: AppContext) -> Account:
    account = make_account("anna", display_name="Anna de Vries")
    community = make_community()
    with unit_of_work():
        memberships.join_community(account, community)
        memberships.set_moderator(community, account, is_moderator=True, by=None)
    return account


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("mal", CYRILLIC),
        ("mal", "Anna de Vries"),
        ("\u0430nna", "Iemand"),
        ("mal", "anna@ons.test"),
    ],
)
def test_who_looks_like_a_moderator_is_marked(anna: Account, name: str, shown: str) -> None:
    stranger = make_account(name, host="evil.test", display_name=shown)

    assert find_imitated(stranger) == anna


@pytest.mark.parametrize(("name", "shown"), [("anna", "Anna Bos"), ("bram", "Bram"), ("anna", "")])
def test_who_only_has_the_same_first_name_is_not(anna: Account, name: str, shown: str) -> None:
    assert find_imitated(make_account(name, host="evil.test", display_name=shown)) is None


def test_an_ordinary_member_is_nobody_to_imitate(anna: Account) -> None:
    make_account("bram", display_name="Bram Bos")

    assert find_imitated(make_account("mal", host="evil.test", display_name="Bram Bos")) is None


def test_an_administrator_is(anna: Account) -> None:
    admin = make_account("baas", admin=True, display_name="Cor Baas")

    stranger = make_account("mal", host="evil.test", display_name="C\u043er Baas")

    assert find_imitated(stranger) == admin


def test_a_moderator_imitates_nobody(anna: Account) -> None:
    make_account("baas", admin=True, display_name="Anna de Vries")

    assert find_imitated(anna) is None


def test_the_page_warns(anna: Account, client: FlaskClient) -> None:
    make_account("mal", host="evil.test", display_name=CYRILLIC)

    theirs, ours = client.get("/u/mal@evil.test").text, client.get("/u/anna").text

    assert "Dit is niet Anna de Vries van deze server" in theirs
    assert 'href="/u/anna"' in theirs
    assert "Dit is niet" not in ours
