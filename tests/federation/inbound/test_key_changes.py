"""Keys of others that change: fetched anew, never pushed; too many at once are looked at (A014)."""

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.ctx import AppContext
from flask.testing import FlaskClient

from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from federation.dereference.actors import find_remote_actor
from federation.dereference.key_changes import is_quarantined, list_quarantined, release_host
from federation.models.peer import Peer
from federation.signatures.keys import generate_proof_key_pair
from tests.support.browsing import token_of
from tests.support.clock import FakeClock
from tests.support.factories import make_account, sign_in
from tests.support.fediverse import Answer, FakeFediverse, RemoteActor, activity
from tests.support.proofs import deliver_rfc9421, give_proof_key
from tests.support.refusals import refusing

Settle = Callable[[], None]
TARGET = "http://ons.test/post/x"
HOST = "victim.test"


@pytest.fixture
def crowd(fediverse: FakeFediverse) -> list[RemoteActor]:
    """Twenty-two people of one server, all known here."""
    people = [fediverse.person(f"p{number}", HOST) for number in range(22)]
    for person in people:
        assert like(fediverse, person) == 202
    return people


def like(fediverse: FakeFediverse, person: RemoteActor) -> int:
    return fediverse.deliver(activity("Like", person, TARGET), person).status_code


def rotate(fediverse: FakeFediverse, people: list[RemoteActor]) -> list[int]:
    codes = []
    for person in people:
        fediverse.rotate_key(person)
        codes.append(like(fediverse, person))
    return codes


class TestManyKeysAtOnce:
    def test_the_twenty_first_within_an_hour_closes_the_door(
        self, app: Flask, fediverse: FakeFediverse, crowd, clock: FakeClock, caplog
    ) -> None:
        with caplog.at_level(logging.WARNING):
            codes = rotate(fediverse, crowd)

        assert codes == [202] * 21 + [503]
        assert [peer.host for peer in list_quarantined()] == [HOST]
        assert sum("quarantined" in record.message for record in caplog.records) == 1
        with refusing(app, fediverse, 503) as seen:
            seen.answer = fediverse.deliver(activity("Like", crowd[0], TARGET), crowd[0])
        assert seen.answer.json["reason"] == "host-quarantined"
        assert int(seen.answer.headers["Retry-After"]) > 0

    def test_a_newcomer_from_there_waits_too_and_others_do_not(
        self, fediverse: FakeFediverse, crowd, clock: FakeClock
    ) -> None:
        rotate(fediverse, crowd)

        assert like(fediverse, fediverse.person("new", HOST)) == 503
        assert like(fediverse, fediverse.person("ann", "other.test")) == 202

    def test_slowly_is_fine(self, fediverse: FakeFediverse, crowd, clock: FakeClock) -> None:
        codes = []
        for person in crowd:
            clock.advance(timedelta(minutes=4))
            codes += rotate(fediverse, [person])

        assert set(codes) == {202}
        assert not is_quarantined(HOST)

    def test_an_administrator_lets_them_in_and_the_rest_may_follow(
        self, fediverse: FakeFediverse, crowd, clock: FakeClock
    ) -> None:
        rotate(fediverse, crowd[:21])
        with unit_of_work():
            assert release_host(HOST)
            assert not release_host(HOST)

        assert rotate(fediverse, crowd[21:]) == [202]
        assert like(fediverse, crowd[0]) == 202

    def test_the_page_of_servers_says_so_and_has_the_button(
        self, client: FlaskClient, ctx: AppContext
    ) -> None:
        sign_in(client, make_account("baas", admin=True))
        assert "Wacht op jou" not in client.get("/beheer/servers").text
        with unit_of_work():
            session().add(Peer(host=HOST, known_since=utcnow(), quarantined_at=utcnow()))

        page = client.get("/beheer/servers").text
        address = f"/beheer/servers/{HOST}/weer-binnen"
        bare = client.post(address)
        answer = client.post(address, data={"csrf_token": token_of(client, "/beheer/servers")})

        assert HOST in page
        assert address in page
        assert "Laat weer binnen" in page
        assert bare.status_code == 400
        assert answer.status_code == 303
        assert not is_quarantined(HOST)

    def test_nobody_else_may(self, client: FlaskClient, ctx: AppContext) -> None:
        address = f"/beheer/servers/{HOST}/weer-binnen"
        assert client.post(address).status_code in {303, 401, 403}
        sign_in(client, make_account("anna"))

        assert client.post(address).status_code == 403


class TestWhoseKeyItIs:
    def test_a116_owners_that_point_at_each_other_are_nobody(
        self, app: Flask, fediverse: FakeFediverse
    ) -> None:
        one, two = "http://evil.test/k1", "http://evil.test/k2"
        for key, owner in ((one, two), (two, one)):
            fediverse.put({"id": key, "type": "Key", "owner": owner, "publicKeyPem": "x"})
        mal = fediverse.person("mal", "evil.test")
        odd = RemoteActor(mal.uri, "mal", "evil.test", mal.keys, one, {})

        with refusing(app, fediverse, 401, fetches=2) as seen:
            seen.answer = fediverse.deliver(activity("Like", mal, TARGET), odd)

    def test_a026_what_somebody_wrote_is_no_key(self, app: Flask, fediverse: FakeFediverse) -> None:
        mal = fediverse.person("mal", "evil.test")
        victim = fediverse.person("bob", HOST)
        note = {"id": f"http://{HOST}/notes/1", "type": "Note", "attributedTo": victim.uri}
        key = {"publicKeyPem": mal.keys.public_pem, "owner": victim.uri}
        fediverse.put({**note, **key, "publicKey": {"id": note["id"], **key}})
        odd = RemoteActor(victim.uri, "bob", HOST, mal.keys, note["id"], {})

        with refusing(app, fediverse, 401) as seen:
            seen.answer = fediverse.deliver(activity("Like", victim, TARGET), odd)

    def test_keys_for_proofs_come_from_the_actor_and_change_with_it(
        self, fediverse: FakeFediverse, clock: FakeClock, settle: Settle
    ) -> None:
        bob = fediverse.person("bob", HOST)
        first = give_proof_key(fediverse, bob)
        fediverse.deliver(activity("Like", bob, TARGET), bob)
        second = give_proof_key(fediverse, bob, generate_proof_key_pair())

        fediverse.deliver(activity("Update", bob, bob.document), bob)
        settle()

        actor = find_remote_actor(bob.uri)
        assert actor is not None
        assert actor.proof_keys == {f"{bob.uri}#ed25519-key": second.multikey}
        assert first != second

    def test_at_most_ten_keys_are_read(self, fediverse: FakeFediverse) -> None:
        bob = fediverse.person("bob", HOST)
        give_proof_key(fediverse, bob)
        (method,) = bob.document["assertionMethod"]
        many = [{**method, "id": f"{bob.uri}#key-{number}"} for number in range(30)]
        bob.document["assertionMethod"] = [
            *many,
            {**method, "controller": "http://x.test/"},
            5,
            "x",
        ]
        fediverse.put(bob.document)

        fediverse.deliver(activity("Like", bob, TARGET), bob)

        actor = find_remote_actor(bob.uri)
        assert actor is not None
        assert len(actor.proof_keys) == 10

    def test_a_dead_key_is_asked_for_once_by_the_newer_kind_too(
        self, fediverse: FakeFediverse
    ) -> None:
        bob = fediverse.person("bob", HOST)
        fediverse.server(HOST).answers["/u/bob"] = Answer(status=404)

        codes = {
            deliver_rfc9421(fediverse, activity("Like", bob, TARGET), bob).status_code
            for _ in range(20)
        }

        assert codes == {401}
        assert fediverse.server(HOST).asked["/u/bob"] == 1
