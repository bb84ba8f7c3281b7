"""Double knocking: which answers are asked again, with what, and what is remembered."""

import threading
from datetime import timedelta

import pytest
from flask import Flask

from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from federation.errors import RefusedError, UnverifiedError
from federation.models.peer import Peer, Scheme
from federation.signatures.keys import generate_key_pair
from federation.signatures.sign import SigningKey
from federation.signatures.verify import SignedRequest, check_signature, read_signature
from federation.transport.actors import local_actor, signing_key
from federation.transport.client import activity_client
from tests.support.clock import FakeClock
from tests.support.fediverse import Answer, FakeFediverse, key_pair

INBOX = "http://victim.test/inbox"
DOCUMENT = "http://victim.test/notes/1"
ASKING = 'sig1=("@method" "@target-uri" "content-digest" "date");created;nonce="once";tag="fed"'


class Door:
    """A server that answers each kind of signature with a status of its own."""

    def __init__(self, fediverse: FakeFediverse, **statuses: int) -> None:
        self.statuses = {"cavage": 202, "rfc9421": 202, "unsigned": 202} | statuses
        self.knocks: list[str] = []
        self.requests: list[SignedRequest] = []
        self.headers: dict[str, str] = {}
        server = fediverse.server("victim.test")
        server._answer = self._answer  # type: ignore[method-assign]

    def _answer(self, environ: dict, path: str, headers: dict[str, str]) -> Answer:
        kind = "unsigned"
        if "signature" in headers:
            kind = "rfc9421" if "signature-input" in headers else "cavage"
        self.knocks.append(kind)
        method = environ["REQUEST_METHOD"]
        body = environ["wsgi.input"].read() if method == "POST" else b""
        self.requests.append(SignedRequest(method, path, "", headers, body))
        status = self.statuses[kind]
        return Answer(b'{"id":"x"}', status, headers=self.headers if status >= 400 else {})


@pytest.fixture
def key(fediverse: FakeFediverse) -> SigningKey:
    with unit_of_work():
        return signing_key(local_actor(None))


def _peer() -> Peer | None:
    session().expire_all()
    return session().get(Peer, "victim.test")


@pytest.mark.parametrize(
    ("cavage", "rfc9421", "knocks", "status", "scheme"),
    [
        (202, 202, ["cavage"], 202, Scheme.CAVAGE),
        (401, 202, ["cavage", "rfc9421"], 202, Scheme.RFC9421),
        (400, 202, ["cavage", "rfc9421"], 202, Scheme.RFC9421),
        (401, 401, ["cavage", "rfc9421"], 401, Scheme.CAVAGE),
        (400, 401, ["cavage", "rfc9421"], 400, Scheme.CAVAGE),
        (401, 403, ["cavage", "rfc9421"], 403, Scheme.RFC9421),
        (401, 500, ["cavage", "rfc9421"], 500, Scheme.RFC9421),
        *((code, 202, ["cavage"], code, Scheme.CAVAGE) for code in (403, 404, 410, 429, 500, 503)),
    ],
)
def test_only_a_400_or_401_is_asked_again(
    fediverse: FakeFediverse,
    key: SigningKey,
    cavage: int,
    rfc9421: int,
    knocks: list[str],
    status: int,
    scheme: Scheme,
) -> None:
    door = Door(fediverse, cavage=cavage, rfc9421=rfc9421)

    answer = activity_client().post(INBOX, b"{}", key)

    assert door.knocks == knocks
    assert (answer.status, answer.scheme) == (status, scheme)


@pytest.mark.parametrize(
    ("known", "statuses", "knocks"),
    [
        ("rfc9421", {}, ["rfc9421"]),
        ("rfc9421", {"rfc9421": 401}, ["rfc9421", "cavage"]),
        ("cavage", {"cavage": 401}, ["cavage", "rfc9421"]),
        ("cavage", {"cavage": 400}, ["cavage"]),
        ("rfc9421", {"rfc9421": 400, "cavage": 202}, ["rfc9421", "cavage"]),
    ],
)
def test_what_a_host_took_is_tried_first_and_the_400_of_a_cavage_host_is_about_content(
    fediverse: FakeFediverse,
    key: SigningKey,
    known: str,
    statuses: dict[str, int],
    knocks: list[str],
) -> None:
    door = Door(fediverse, **statuses)

    activity_client().post(INBOX, b"{}", key, known)

    assert door.knocks == knocks


def test_what_a_peer_asks_for_is_signed(fediverse: FakeFediverse, key: SigningKey) -> None:
    door = Door(fediverse, cavage=401)
    door.headers = {"Accept-Signature": ASKING}

    answer = activity_client().post(INBOX, b"{}", key)

    assert answer.status == 202
    sent = door.requests[-1]
    written = sent.headers["signature-input"]
    assert written.startswith('sig1=("@method" "@target-uri" "content-digest" "date");created=')
    assert written.endswith(';nonce="once";tag="fed"')
    parsed = read_signature(sent, now=utcnow(), own_host="victim.test", own_scheme="http")
    check_signature(parsed, key_pair(-1).public_pem)


@pytest.mark.parametrize("asked", ["", "((", "sig1", 'sig1=("@query-param";name="x");created', "é"])
def test_a_demand_that_cannot_be_read_is_met_as_usual(
    fediverse: FakeFediverse, key: SigningKey, asked: str
) -> None:
    door = Door(fediverse, cavage=401)
    door.headers = {"Accept-Signature": asked}

    answer = activity_client().post(INBOX, b"{}", key)

    assert (answer.status, door.knocks) == (202, ["cavage", "rfc9421"])


def test_a_host_that_takes_draft_cavage_is_shown_the_other_key_after_a_400(
    fediverse: FakeFediverse, key: SigningKey
) -> None:
    door = Door(fediverse, cavage=400)
    spare = generate_key_pair()
    two = SigningKey(key.key_id, key.private_pem, spare_pem=spare.private_pem)

    answer = activity_client().post(INBOX, b"{}", two, "cavage")

    assert answer.status == 400
    assert door.knocks == ["cavage", "cavage"]
    second = read_signature(
        door.requests[1], now=utcnow(), own_host="victim.test", own_scheme="http"
    )
    check_signature(second, spare.public_pem)


def test_while_there_are_two_keys_the_other_one_is_tried_first(
    fediverse: FakeFediverse, key: SigningKey
) -> None:
    spare = generate_key_pair()
    door = Door(fediverse, cavage=401, rfc9421=401)
    two = SigningKey(key.key_id, key.private_pem, spare_pem=spare.private_pem)

    activity_client().post(INBOX, b"{}", two)

    assert door.knocks == ["cavage", "cavage", "rfc9421"]
    first, second, _ = (
        read_signature(one, now=utcnow(), own_host="victim.test", own_scheme="http")
        for one in door.requests
    )
    check_signature(first, key_pair(-1).public_pem)
    check_signature(second, spare.public_pem)
    with pytest.raises(UnverifiedError):
        check_signature(second, key_pair(-1).public_pem)


@pytest.mark.parametrize(
    ("statuses", "knocks", "scheme", "wants_unsigned"),
    [
        ({}, ["cavage"], None, None),
        ({"cavage": 401}, ["cavage", "rfc9421"], Scheme.RFC9421, False),
        ({"cavage": 400}, ["cavage", "rfc9421"], Scheme.RFC9421, False),
        ({"cavage": 403}, ["cavage", "unsigned"], None, True),
        ({"cavage": 401, "rfc9421": 401}, ["cavage", "rfc9421", "unsigned"], None, True),
    ],
)
def test_what_helped_for_a_get_is_remembered(
    fediverse: FakeFediverse,
    statuses: dict[str, int],
    knocks: list[str],
    scheme: Scheme | None,
    wants_unsigned: bool | None,
) -> None:
    door = Door(fediverse, **({"cavage": 200, "rfc9421": 200, "unsigned": 200} | statuses))

    activity_client().get_document(DOCUMENT)
    first, door.knocks = door.knocks, []
    activity_client().get_document(DOCUMENT)

    peer = _peer()
    assert first == knocks
    assert door.knocks == knocks[-1:]
    assert (peer and peer.scheme, peer and peer.wants_unsigned_gets) == (scheme, wants_unsigned)


def test_what_helps_no_more_is_forgotten(fediverse: FakeFediverse, clock: FakeClock) -> None:
    door = Door(fediverse, cavage=403, unsigned=200)
    activity_client().get_document(DOCUMENT)
    door.statuses |= {"cavage": 200, "unsigned": 401}
    door.knocks = []

    activity_client().get_document(DOCUMENT)
    activity_client().get_document(DOCUMENT)

    assert door.knocks == ["unsigned", "cavage", "cavage"]


def test_after_thirty_days_it_is_asked_anew(fediverse: FakeFediverse, clock: FakeClock) -> None:
    door = Door(fediverse, cavage=401, rfc9421=200)
    activity_client().get_document(DOCUMENT)
    clock.advance(timedelta(days=31))
    door.statuses["cavage"] = 200
    door.knocks = []

    activity_client().get_document(DOCUMENT)

    assert door.knocks == ["cavage"]


def test_a_day_later_the_signature_is_tried_again(
    fediverse: FakeFediverse, clock: FakeClock
) -> None:
    door = Door(fediverse, cavage=403, unsigned=200)
    activity_client().get_document(DOCUMENT)
    clock.advance(timedelta(days=1, seconds=1))
    door.statuses["cavage"] = 200
    door.knocks = []

    activity_client().get_document(DOCUMENT)

    assert door.knocks == ["cavage"]


def test_nothing_is_remembered_of_a_host_that_refuses_everything(fediverse: FakeFediverse) -> None:
    Door(fediverse, cavage=401, rfc9421=401, unsigned=401)

    with pytest.raises(RefusedError):
        activity_client().get_document(DOCUMENT)

    assert _peer() is None


def test_a_thread_without_the_application_asks_as_usual(app: Flask, fediverse) -> None:
    from_here = activity_client()
    door = Door(fediverse, cavage=200)

    seen = []
    thread = threading.Thread(target=lambda: seen.append(from_here.get_document(DOCUMENT)))
    thread.start()
    thread.join()

    assert len(seen) == 1
    assert door.knocks == ["cavage"]
