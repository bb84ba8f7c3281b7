"""Our own keys: for proofs, replaced with an overlap, forgotten when no longer listed."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models.account import AccountState
from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.core.settings import current_settings
from federation.errors import UnverifiedError
from federation.models.actor import Actor
from federation.models.former_key import FormerKey
from federation.outbound.activities.keys import (
    list_owners_of_keys,
    rotate_key,
    rotate_proof_key,
)
from federation.outbound.deliver import deliver_all_due
from federation.signatures.keys import multikey_of, sign_ed25519, unlock_private_key, verify_message
from federation.signatures.proofs import check_proofs
from federation.signatures.verify import SignedRequest, check_signature, read_signature
from federation.transport.actors import local_actor, public_key_pem, signing_key
from federation.transport.own_keys import (
    RotationTooSoonError,
    list_key_methods,
    proof_key,
    purge_former_keys,
    replace_key,
    replace_proof_key,
)
from federation.vocab.json_text import parse_json
from tests.federation.outbound.peers import Peers
from tests.support.clock import FakeClock
from tests.support.factories import make_account, make_community
from tests.support.fediverse import FakeFediverse

ACCEPT = {"Accept": "application/activity+json"}


@pytest.fixture
def peers(fediverse: FakeFediverse, settle) -> Peers:
    return Peers(fediverse, settle)


@pytest.fixture
def actor(fediverse: FakeFediverse, clock: FakeClock) -> Actor:
    with unit_of_work():
        made = local_actor(make_account("anna"))
    public_key_pem(made)
    return made


def document(app: Flask, path: str) -> dict:
    answer = app.test_client().get(path, headers=ACCEPT, base_url="http://ons.test")
    return dict(answer.json)


def test_a_key_for_proofs_is_made_at_first_use_and_rests_encrypted(actor: Actor) -> None:
    assert actor.private_proof_key is None

    method, private_pem = proof_key(actor)

    assert method == "http://ons.test/u/anna#ed25519-key"
    made = sign_ed25519(private_pem, b"x")
    assert verify_message(actor.proof_key or "", made, b"x", None) is True
    assert proof_key(actor) == (method, private_pem)
    assert "PRIVATE" not in (actor.private_proof_key or "")
    assert unlock_private_key(actor.private_proof_key or "", current_settings().secret_key)


def test_every_actor_lists_its_key_for_proofs(app: Flask, actor: Actor) -> None:
    make_community("toetsing")

    for path in ("/u/anna", "/c/toetsing", "/"):
        found = document(app, path)
        (method,) = found["assertionMethod"]
        assert method["type"] == "Multikey"
        assert method["controller"] == found["id"]
        assert method["id"] == f"{found['id']}#ed25519-key"
        assert method["publicKeyMultibase"].startswith("z6Mk")
        assert isinstance(found["publicKey"], dict)


class TestReplacingAKey:
    def test_both_are_in_use_and_listed_for_a_week(
        self, app: Flask, actor: Actor, clock: FakeClock
    ) -> None:
        former, old = signing_key(actor), public_key_pem(actor)
        with unit_of_work():
            replace_key(actor)
        present = public_key_pem(actor)

        assert present != old
        both = signing_key(actor)
        assert (both.spare_pem, both.spare_name) == (former.private_pem, former.name)
        assert both.name not in {"", former.name}
        assert (both.key_id, both.turned().private_pem) == (former.key_id, former.private_pem)
        found = document(app, "/u/anna")
        assert found["publicKey"]["publicKeyPem"] == present
        assert [m["publicKeyMultibase"] for m in found["assertionMethod"]][1:] == [multikey_of(old)]

        clock.advance(timedelta(days=7, seconds=1))
        assert signing_key(actor).spare_pem is None
        assert len(list_key_methods(actor)) == 1

    def test_not_twice_in_a_day(self, actor: Actor, clock: FakeClock) -> None:
        with unit_of_work():
            replace_key(actor)

        with pytest.raises(RotationTooSoonError), unit_of_work():
            replace_key(actor)
        clock.advance(timedelta(days=2))
        with unit_of_work():
            replace_key(actor)

        assert len(list_key_methods(actor)) == 3

    def test_what_is_no_longer_listed_is_forgotten(self, actor: Actor, clock: FakeClock) -> None:
        with unit_of_work():
            replace_key(actor)
        with unit_of_work():
            assert purge_former_keys(100) == 0
        clock.advance(timedelta(days=7, seconds=1))

        with unit_of_work():
            assert purge_former_keys(100) == 1

        assert session().scalar(select(func.count()).select_from(FormerKey)) == 0


class TestReplacingAKeyForProofs:
    def test_the_former_one_proves_for_a_day_and_keeps_its_id(
        self, app: Flask, actor: Actor, clock: FakeClock
    ) -> None:
        former, old = proof_key(actor), actor.proof_key
        with unit_of_work():
            replace_proof_key(actor)

        assert actor.proof_key != old
        assert proof_key(actor) == former
        listed = document(app, "/u/anna")["assertionMethod"]
        present = listed[0]["id"]
        assert present != former[0] == "http://ons.test/u/anna#ed25519-key"
        assert {one["id"]: one["publicKeyMultibase"] for one in listed} == {
            present: actor.proof_key,
            former[0]: old,
        }

        clock.advance(timedelta(hours=24, seconds=1))
        method, private_pem = proof_key(actor)
        assert method == present
        made = sign_ed25519(private_pem, b"x")
        assert verify_message(actor.proof_key or "", made, b"x", None) is True

    def test_it_is_listed_while_what_it_proved_may_be_on_its_way(
        self, actor: Actor, clock: FakeClock
    ) -> None:
        proof_key(actor)
        with unit_of_work():
            replace_proof_key(actor)

        clock.advance(timedelta(days=14, hours=23))
        assert len(list_key_methods(actor)) == 2
        clock.advance(timedelta(hours=2))
        assert len(list_key_methods(actor)) == 1
        with unit_of_work():
            assert purge_former_keys(100) == 1

    def test_a_third_key_has_a_name_of_its_own(self, actor: Actor, clock: FakeClock) -> None:
        for _ in range(2):
            with unit_of_work():
                replace_proof_key(actor)
            clock.advance(timedelta(days=2))

        methods = list_key_methods(actor)

        assert len({method.uri for method in methods}) == len(methods) == 3
        assert methods[-1].uri == "http://ons.test/u/anna#ed25519-key"

    def test_one_of_each_kind_in_a_day_and_no_more(self, actor: Actor, clock: FakeClock) -> None:
        with unit_of_work():
            replace_proof_key(actor)
            replace_key(actor)

        with pytest.raises(RotationTooSoonError), unit_of_work():
            replace_proof_key(actor)

        assert signing_key(actor).spare_pem is not None
        assert len(list_key_methods(actor)) == 3

    def test_followers_are_told_with_a_proof_that_they_know(
        self, peers: Peers, clock: FakeClock
    ) -> None:
        anna = make_account("anna")
        bob = peers.fediverse.person("bob", "masto.test")
        peers.ask(bob, anna)
        with unit_of_work():
            actor = local_actor(anna)
        method, _ = proof_key(actor)
        known = {method: actor.proof_key}

        with unit_of_work():
            rotate_proof_key(anna)
        deliver_all_due()

        told = parse_json(peers.fediverse.server("masto.test").posted[-1][1])
        assert check_proofs(told, anna.uri, known.get, now=clock())
        listed = [one["publicKeyMultibase"] for one in told["object"]["assertionMethod"]]
        assert listed == [actor.proof_key, known[method]]


class TestTellingIt:
    def test_followers_get_the_new_key_signed_with_the_former_one(
        self, peers: Peers, clock: FakeClock
    ) -> None:
        toetsing = make_community("toetsing")
        peers.follower(toetsing, "lemmy.test", "lemmy")
        with unit_of_work():
            actor = local_actor(toetsing)
        old = public_key_pem(actor)

        with unit_of_work():
            rotate_key(toetsing)
        deliver_all_due()

        path, body, headers = peers.fediverse.server("lemmy.test").posted[0]
        told = parse_json(body)
        assert (told["type"], told["actor"]) == ("Update", toetsing.uri)
        assert told["object"]["publicKey"]["publicKeyPem"] == public_key_pem(actor) != old
        assert verified_by(old, path, body, headers)
        assert not verified_by(public_key_pem(actor), path, body, headers)

    def test_the_update_of_a_person_is_proven(self, peers: Peers, clock: FakeClock) -> None:
        anna = make_account("anna")
        bob = peers.fediverse.person("bob", "masto.test")
        peers.ask(bob, anna)

        with unit_of_work():
            rotate_key(anna)
        deliver_all_due()

        told = parse_json(peers.fediverse.server("masto.test").posted[-1][1])
        keys = {m["id"]: m["publicKeyMultibase"] for m in told["object"]["assertionMethod"]}
        assert check_proofs(told, anna.uri, keys.get, now=clock())

    def test_everybody_with_a_key_can_have_another(self, actor: Actor) -> None:
        owners = list_owners_of_keys()

        with unit_of_work():
            for owner in owners:
                rotate_key(owner)

        assert owners[0] is None
        assert [owner.uri for owner in owners if owner is not None] == ["http://ons.test/u/anna"]

    def test_nothing_is_said_for_who_left(self, actor: Actor) -> None:
        assert actor.account is not None
        with unit_of_work():
            actor.account.state = AccountState.DELETED

        assert list_owners_of_keys() == [None]


def verified_by(public_pem: str, path: str, body: bytes, headers: dict[str, str]) -> bool:
    request = SignedRequest("POST", path, "", headers, body)
    try:
        check_signature(read_signature(request, now=utcnow(), own_host=headers["host"]), public_pem)
    except UnverifiedError:
        return False
    return True
