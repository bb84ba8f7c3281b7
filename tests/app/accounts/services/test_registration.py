"""The one name space, and new people."""

import pytest
from flask.ctx import AppContext

from app.accounts.events import AccountRegistered
from app.accounts.models.handle import HandleKind
from app.accounts.queries import find_account_by_handle, find_account_by_uri, find_local_account
from app.accounts.services import registration, sign_in
from app.core.db import unit_of_work
from app.core.errors import InvalidInputError, NotFoundError
from app.core.events import listen

heard: list[AccountRegistered] = []


def hear(event: AccountRegistered) -> None:
    heard.append(event)


def test_a_name_is_taken_once_whatever_it_stands_for(ctx: AppContext) -> None:
    with unit_of_work():
        registration.reserve_handle("Toetsing", HandleKind.COMMUNITY)

    with pytest.raises(InvalidInputError) as raised, unit_of_work():
        registration.reserve_handle("toetsing", HandleKind.PERSON)

    assert raised.value.field == "name"


def test_a_retired_name_is_never_given_out_again(ctx: AppContext) -> None:
    with unit_of_work():
        registration.reserve_handle("toetsing", HandleKind.LISTING)
        registration.retire_handle("toetsing")

    handle = registration.find_handle("@Toetsing")
    with pytest.raises(InvalidInputError), unit_of_work():
        registration.reserve_handle("toetsing", HandleKind.LISTING)

    assert handle is not None
    assert handle.retired_at is not None


def test_retiring_what_was_never_taken_is_an_error(ctx: AppContext) -> None:
    with pytest.raises(NotFoundError), unit_of_work():
        registration.retire_handle("niets")


@pytest.mark.parametrize(
    "name", ["admin", "ADMIN", "admin_", "moderator2", "_root_", "directory", "moderation"]
)
def test_the_names_of_the_server_are_for_the_server(ctx: AppContext, name: str) -> None:
    with pytest.raises(InvalidInputError), unit_of_work():
        registration.reserve_handle(name, HandleKind.PERSON)

    with unit_of_work():
        handle = registration.reserve_handle(name, HandleKind.RESERVED)

    assert handle.kind == HandleKind.RESERVED


@pytest.mark.parametrize(
    "name", ["", " ", "a b", "a-b", "a.b", "ä", "a" * 31, "\u0430nna", "a\x00b"]
)
def test_other_characters_make_no_name(ctx: AppContext, name: str) -> None:
    with pytest.raises(InvalidInputError), unit_of_work():
        registration.reserve_handle(name, HandleKind.PERSON)


def test_a_new_person_is_announced_and_found(ctx: AppContext) -> None:
    heard.clear()
    listen(AccountRegistered, hear)

    with unit_of_work():
        account = sign_in.add_person("Anna", sign_in.NewSignIn("Anna@School.example"), " Anna ")

    assert heard == [AccountRegistered(account_id=account.id)]
    assert account.display_name == "Anna"
    assert find_local_account("ANNA") is account
    assert find_account_by_handle("anna", None) is account
    assert find_account_by_handle("anna", "ons.test") is account
    assert find_account_by_uri("http://ons.test/u/anna") is account
    assert find_account_by_uri("http://ons.test/u/Anna") is None
    assert find_account_by_uri("http://ons.test/c/anna") is None
    assert find_account_by_uri("http://ons.test.evil/u/anna") is None


def test_one_address_signs_in_one_person(ctx: AppContext) -> None:
    with unit_of_work():
        sign_in.add_person("anna", sign_in.NewSignIn("anna@school.example"))

    with pytest.raises(InvalidInputError) as raised, unit_of_work():
        sign_in.add_person("bea", sign_in.NewSignIn("ANNA@school.example"))

    assert raised.value.field == "email"
    assert find_local_account("bea") is None
