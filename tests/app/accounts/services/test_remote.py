"""What other servers say about their people."""

from dataclasses import replace

import pytest
from flask.ctx import AppContext

from app.accounts.events import AccountDeleted
from app.accounts.models.account import AccountState
from app.accounts.queries import find_account_by_handle, find_account_by_uri
from app.accounts.services import remote
from app.core.db import unit_of_work
from app.core.errors import NotAllowedError
from app.core.events import listen

BERT = remote.RemoteProfile(
    uri="https://elders.test/users/1",
    name="Bert",
    host="Elders.test",
    url="https://elders.test/@bert",
    display_name="Bert\u202e <b>x</b>",
    bio_html='<p>Hoi</p><img src="x" onerror="y()">',
)
gone: list[AccountDeleted] = []


def hear(event: AccountDeleted) -> None:
    gone.append(event)


def store(profile: remote.RemoteProfile) -> remote.Account:
    with unit_of_work():
        return remote.upsert_remote_account(profile)


def test_a_stranger_is_stored_with_clean_text(ctx: AppContext) -> None:
    account = store(BERT)

    assert find_account_by_uri(BERT.uri) is account
    assert find_account_by_handle("bert", "ELDERS.test") is account
    assert account.host == "elders.test"
    assert "\u202e" not in account.display_name
    assert "onerror" not in account.bio_html
    assert account.user_id is None


def test_the_same_uri_is_the_same_person_under_a_new_name(ctx: AppContext) -> None:
    first = store(BERT)

    second = store(replace(BERT, name="bertus", display_name="Bertus"))

    assert second is first
    assert find_account_by_handle("bertus", "elders.test") is first
    assert find_account_by_handle("bert", "elders.test") is None


def test_a_name_given_to_another_uri_leaves_the_first_person_alone(ctx: AppContext) -> None:
    first = store(BERT)

    second = store(replace(BERT, uri="https://elders.test/users/2"))

    assert second is not first
    assert find_account_by_handle("Bert", "elders.test") is second
    assert find_account_by_uri(BERT.uri) is first


def test_addresses_that_are_no_web_pages_are_left_out(ctx: AppContext) -> None:
    account = store(replace(BERT, url="javascript:alert(1)"))

    assert account.remote_url is None
    assert account.url == BERT.uri


@pytest.mark.parametrize("host", ["ons.test", "ONS.test"])
def test_our_own_people_do_not_come_from_elsewhere(ctx: AppContext, host: str) -> None:
    with pytest.raises(NotAllowedError):
        store(replace(BERT, host=host))


def test_who_is_gone_stays_gone(ctx: AppContext) -> None:
    gone.clear()
    listen(AccountDeleted, hear)
    account = store(BERT)

    with unit_of_work():
        remote.mark_remote_account_deleted(account)
        remote.mark_remote_account_deleted(account)
    again = store(BERT)

    assert gone == [AccountDeleted(account_id=account.id)]
    assert again is account
    assert again.state == AccountState.DELETED
    assert again.display_name == again.bio_html == ""
