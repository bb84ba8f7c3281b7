"""The key of who left stays for thirty days, on the tombstone too, and no longer."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.ctx import AppContext

from app.accounts.models.account import Account
from app.accounts.services.deletion import delete_account
from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from federation.models.actor import Actor
from federation.models.former_key import FormerKey
from federation.outbound.departures import purge_keys_of_departed
from federation.transport.actors import find_actor, local_actor
from tests.federation.outbound.peers import give_key
from tests.support.clock import FakeClock
from tests.support.factories import make_account


@pytest.fixture
def anna(ctx: AppContext, clock: FakeClock) -> Account:
    account = make_account("anna")
    give_key(account, 1)
    return account


def leave(account: Account) -> None:
    with unit_of_work():
        delete_account(session().get_one(Account, account.id))


def purge() -> int:
    with unit_of_work():
        return purge_keys_of_departed(100)


def tombstone(app: Flask) -> dict[str, Any]:
    headers = {"Accept": "application/activity+json"}
    answer = app.test_client().get("/u/anna", headers=headers, base_url="http://ons.test")
    assert answer.status_code == 410
    return dict(json.loads(answer.data))


def actor_of(account: Account) -> Actor:
    session().expire_all()
    found = find_actor(account)
    assert found is not None
    return found


def test_the_tombstone_holds_the_key_that_signed_the_departure(app: Flask, anna: Account) -> None:
    pem = actor_of(anna).public_key

    leave(anna)

    assert tombstone(app) == {
        "@context": tombstone(app)["@context"],
        "type": "Tombstone",
        "id": "http://ons.test/u/anna",
        "formerType": "Person",
        "deleted": "2026-11-23T13:30:00Z",
        "publicKey": {
            "id": "http://ons.test/u/anna#main-key",
            "owner": "http://ons.test/u/anna",
            "publicKeyPem": pem,
        },
    }


def test_after_thirty_days_the_key_is_forgotten(
    app: Flask, anna: Account, clock: FakeClock
) -> None:
    with unit_of_work():
        former = FormerKey(
            actor_id=local_actor(anna).id,
            public_key="x",
            private_key="y",
            replaced_at=utcnow(),
            signs_until=utcnow(),
            listed_until=utcnow(),
        )
        session().add(former)
    leave(anna)

    clock.advance(timedelta(days=29))
    early = purge()
    clock.advance(timedelta(days=2))
    late, again = purge(), purge()

    assert (early, late, again) == (0, 1, 0)
    actor = actor_of(anna)
    assert (actor.public_key, actor.private_key) == (None, None)
    assert session().query(FormerKey).count() == 0
    assert "publicKey" not in tombstone(app)


def test_who_is_here_keeps_the_key(anna: Account, clock: FakeClock) -> None:
    clock.advance(timedelta(days=400))

    assert purge() == 0
    assert actor_of(anna).public_key is not None
