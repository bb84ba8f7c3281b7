"""Who was welcome a moment ago is not asked about again, unless something changed."""

from collections.abc import Callable

import pytest

from app.accounts.models.account import AccountState
from app.accounts.queries import find_account_by_uri
from app.core.db import unit_of_work
from app.moderation.models.host_rule import HostVerdict
from app.moderation.services.hosts import rule_host
from federation.inbound.lately import MAX_KEPT, SECONDS, Lately
from federation.inbound.signers import Signer
from tests.support.factories import make_account, make_community, make_post
from tests.support.fediverse import FakeFediverse, RemoteActor, activity

Settle = Callable[[], None]
KEY = "https://elders.example/u/bob#main-key"
BOB = Signer("https://elders.example/u/bob", "pem", actor_id=1)


@pytest.fixture
def bob(fediverse: FakeFediverse) -> RemoteActor:
    return fediverse.person("bob", "victim.test")


def like(bob: RemoteActor, number: int) -> dict[str, object]:
    post = make_post(make_community(f"groep{number}"), make_account(f"anna{number}"))
    return activity("Like", bob, post.uri)


def test_a_signer_is_remembered_for_a_second() -> None:
    now = [100.0]
    lately = Lately(lambda: now[0])

    lately.keep(KEY, BOB)
    at_once = lately.find(KEY)
    now[0] += SECONDS
    later = lately.find(KEY)

    assert at_once is BOB
    assert later is None


@pytest.mark.parametrize(
    "signer",
    [
        Signer(BOB.uri, "pem"),
        Signer(BOB.uri, "pem", actor_id=1, is_suspended=True),
        Signer(BOB.uri, "pem", actor_id=1, is_quarantined=True),
        Signer(BOB.uri, "pem", actor_id=1, has_left=True),
    ],
)
def test_who_is_new_or_unwelcome_is_not_remembered(signer: Signer) -> None:
    lately = Lately()

    lately.keep(KEY, signer)

    assert lately.find(KEY) is None


def test_no_more_are_remembered_than_the_limit() -> None:
    lately = Lately()

    for number in range(MAX_KEPT + 1):
        lately.keep(f"{KEY}{number}", BOB)

    assert lately.find(f"{KEY}0") is None
    assert lately.find(f"{KEY}{MAX_KEPT}") is BOB


def test_a_server_that_is_refused_gets_no_second_more(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    first = fediverse.deliver(like(bob, 1), bob)
    settle()
    fediverse.deliver(like(bob, 2), bob)
    with unit_of_work():
        rule_host("victim.test", HostVerdict.BLOCKED, "reclame", None)

    refused = fediverse.deliver(like(bob, 3), bob)

    assert first.status_code == 202
    assert refused.status_code == 403


def test_somebody_who_is_suspended_gets_no_second_more(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    fediverse.deliver(like(bob, 1), bob)
    settle()
    fediverse.deliver(like(bob, 2), bob)
    with unit_of_work():
        account = find_account_by_uri(bob.uri)
        assert account is not None
        account.state = AccountState.SUSPENDED

    refused = fediverse.deliver(like(bob, 3), bob)

    assert refused.status_code == 403
