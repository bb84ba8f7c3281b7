import pytest
from sqlalchemy import func, select

from app.core.db import session, unit_of_work
from app.core.settings import current_settings
from federation.models.actor import Actor, ActorKind
from federation.signatures.keys import sign_rsa, unlock_private_key, verify_rsa
from federation.transport.actors import (
    instance_signing_key,
    local_actor,
    public_key_pem,
    signing_key,
)
from tests.support.factories import make_account, make_community


def test_an_actor_is_made_once_and_its_key_at_first_use(ctx) -> None:
    account = make_account("anna")

    with unit_of_work():
        first = local_actor(account)
        second = local_actor(account)

    assert first is second
    assert first.private_key is None
    key = signing_key(first)
    assert key.key_id == "http://ons.test/u/anna#main-key"
    assert verify_rsa(public_key_pem(first), sign_rsa(key.private_pem, b"x"), b"x")
    assert signing_key(first) == key


def test_private_keys_rest_encrypted(ctx) -> None:
    with unit_of_work():
        actor = local_actor(make_community("toetsing"))

    signing_key(actor)

    assert actor.kind == ActorKind.COMMUNITY
    assert actor.private_key is not None
    assert "PRIVATE KEY" not in actor.private_key
    opened = unlock_private_key(actor.private_key, current_settings().secret_key)
    assert opened.startswith("-----BEGIN PRIVATE KEY-----")


def test_there_is_one_actor_for_the_server_itself(ctx) -> None:
    first = instance_signing_key()
    second = instance_signing_key()

    assert first == second
    assert first.key_id == "http://ons.test/#main-key"
    count = select(func.count()).where(Actor.kind == ActorKind.INSTANCE)
    assert session().scalar(count) == 1


def test_others_have_no_key_here(ctx) -> None:
    with pytest.raises(ValueError, match="not ours"), unit_of_work():
        local_actor(make_account("bob", host="victim.test"))
