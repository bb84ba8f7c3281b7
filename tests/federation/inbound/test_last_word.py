"""Who left signed that with a former key, and answers 410 now: heard, and nothing else of them."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from app.accounts.models.account import AccountState
from app.accounts.queries import find_account_by_uri
from app.core.db import session
from app.forum.queries.posts import find_post_by_uri
from federation.dereference.keys import KeyRing
from federation.inbound.receive import gate
from tests.support.clock import FakeClock
from tests.support.factories import make_community
from tests.support.fediverse import (
    Answer,
    FakeFediverse,
    Json,
    RemoteActor,
    activity,
    key_pair,
    page,
)
from tests.support.inbox import outcome

Settle = Callable[[], None]
LATER = timedelta(minutes=6)


@pytest.fixture
def bob(fediverse: FakeFediverse, clock: FakeClock, settle: Settle) -> RemoteActor:
    """Somebody whom we know, with a thread here, by the first of two keys."""
    made = fediverse.person("bob", "victim.test")
    fediverse.deliver(activity("Create", made, page(made, make_community("toetsing").uri)), made)
    settle()
    return made


def rotate(fediverse: FakeFediverse, bob: RemoteActor, clock: FakeClock) -> None:
    """Give bob another key, which we see; what he signs from now on has the former again."""
    former = bob.keys
    clock.advance(LATER)
    fediverse.rotate_key(bob)
    like = activity("Like", bob, "http://ons.test/post/x")
    assert fediverse.deliver(like, bob).status_code == 202
    bob.keys = former
    clock.advance(LATER)
    gate().keys = KeyRing()  # minutes later it has forgotten what it fetched


def leave(fediverse: FakeFediverse, body: Json | None = None, status: int = 410) -> None:
    shown = b"" if body is None else json.dumps(body).encode()
    fediverse.server("victim.test").answers["/u/bob"] = Answer(shown, status=status)


def say_so(fediverse: FakeFediverse, bob: RemoteActor, settle: Settle) -> tuple[int, str]:
    """Let bob's Delete of himself arrive; return the answer, and what became of him."""
    answer = fediverse.deliver(activity("Delete", bob, bob.uri), bob)
    settle()
    session().rollback()
    session().expire_all()
    account = find_account_by_uri(bob.uri)
    assert account is not None
    return answer.status_code, str(account.state)


def tombstone(bob: RemoteActor, **key: str) -> Json:
    claimed = {"id": bob.key_id, "owner": bob.uri, "publicKeyPem": bob.keys.public_pem, **key}
    return {"id": bob.uri, "type": "Tombstone", "publicKey": claimed}


def test_the_former_key_of_who_is_gone_is_believed(
    fediverse: FakeFediverse, bob: RemoteActor, clock: FakeClock, settle: Settle
) -> None:
    rotate(fediverse, bob, clock)
    leave(fediverse)

    assert say_so(fediverse, bob, settle) == (202, AccountState.DELETED)
    assert outcome() == ("ignored", "departed-already")


def test_the_key_on_the_tombstone_is_believed(
    fediverse: FakeFediverse, bob: RemoteActor, clock: FakeClock, settle: Settle
) -> None:
    bob.keys = key_pair(77)
    clock.advance(LATER)
    leave(fediverse, tombstone(bob))

    assert say_so(fediverse, bob, settle) == (202, AccountState.DELETED)


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "http://victim.test/u/bob#other"},
        {"owner": "http://victim.test/u/carol"},
        {"publicKeyPem": "nonsense"},
    ],
)
def test_a_tombstone_that_claims_another_key_helps_nobody(
    fediverse: FakeFediverse,
    bob: RemoteActor,
    clock: FakeClock,
    settle: Settle,
    wrong: dict[str, str],
) -> None:
    bob.keys = key_pair(77)
    clock.advance(LATER)
    leave(fediverse, tombstone(bob, **wrong))

    assert say_so(fediverse, bob, settle) == (401, AccountState.ACTIVE)


@pytest.mark.parametrize("status", [200, 404, 403, 500])
def test_the_former_key_counts_for_nobody_who_is_not_gone_for_good(
    fediverse: FakeFediverse, bob: RemoteActor, clock: FakeClock, settle: Settle, status: int
) -> None:
    rotate(fediverse, bob, clock)
    if status != 200:
        leave(fediverse, status=status)

    code, state = say_so(fediverse, bob, settle)

    assert code in {401, 503}
    assert state == AccountState.ACTIVE


def test_a_stranger_who_signs_as_somebody_who_is_gone_is_refused(
    fediverse: FakeFediverse, bob: RemoteActor, clock: FakeClock, settle: Settle
) -> None:
    rotate(fediverse, bob, clock)
    leave(fediverse)
    bob.keys = key_pair(77)

    assert say_so(fediverse, bob, settle) == (401, AccountState.ACTIVE)


def test_after_thirty_days_a_former_key_is_forgotten(
    fediverse: FakeFediverse, bob: RemoteActor, clock: FakeClock, settle: Settle
) -> None:
    rotate(fediverse, bob, clock)
    clock.advance(timedelta(days=30))
    leave(fediverse)

    assert say_so(fediverse, bob, settle) == (401, AccountState.ACTIVE)


def test_a_gone_elsewhere_by_redirect_is_not_believed(
    fediverse: FakeFediverse, bob: RemoteActor, clock: FakeClock, settle: Settle
) -> None:
    rotate(fediverse, bob, clock)
    fediverse.server("evil.test").answers["/weg"] = Answer(status=410)
    away = Answer(status=302, headers={"Location": "http://evil.test/weg"})
    fediverse.server("victim.test").answers["/u/bob"] = away

    assert say_so(fediverse, bob, settle) == (401, AccountState.ACTIVE)


def test_nothing_else_that_a_former_key_signed_has_any_effect(
    fediverse: FakeFediverse, bob: RemoteActor, clock: FakeClock, settle: Settle
) -> None:
    rotate(fediverse, bob, clock)
    leave(fediverse)
    late = page(bob, "http://ons.test/c/toetsing", "Van voorbij het graf")

    answer = fediverse.deliver(activity("Create", bob, late), bob)
    settle()

    assert answer.status_code == 202
    assert outcome() == ("refused", "actor-not-welcome")
    assert find_post_by_uri(late["id"]) is None


def test_a_former_key_is_not_remembered_as_welcome(
    fediverse: FakeFediverse, bob: RemoteActor, clock: FakeClock, settle: Settle
) -> None:
    rotate(fediverse, bob, clock)
    leave(fediverse)
    last = say_so(fediverse, bob, settle)

    again = fediverse.deliver(activity("Like", bob, "http://ons.test/post/x"), bob)

    assert last == (202, AccountState.DELETED)
    assert again.status_code == 401
