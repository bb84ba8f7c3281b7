"""Documents for signed requests alone (authorized fetch, federation.md section 5.4)."""

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.core.clock import utcnow
from app.core.db import unit_of_work
from app.moderation.models.host_rule import HostVerdict
from app.moderation.services.hosts import rule_host
from federation.signatures.sign import MessageSigner, sign_request
from tests.support.factories import make_account, make_community, make_post
from tests.support.fediverse import FakeFediverse, RemoteActor

ACCEPT = {"Accept": "application/activity+json"}
STUB = {"@context", "id", "type", "preferredUsername", "inbox", "publicKey"}
Get = Callable[..., TestResponse]


@pytest.fixture
def guarded(make_app) -> Flask:
    return make_app(authorized_fetch=True)


@pytest.fixture
def fediverse(guarded: Flask):
    with guarded.app_context():
        yield FakeFediverse(guarded)


@pytest.fixture
def bob(fediverse: FakeFediverse) -> RemoteActor:
    return fediverse.person("bob", "victim.test")


@pytest.fixture
def paths(fediverse: FakeFediverse) -> list[str]:
    anna = make_account("anna")
    post = make_post(make_community("toetsing"), anna)
    path = f"/post/{post.public_id}"
    return [path, f"{path}/replies", f"{path}/context", "/c/toetsing/outbox", "/u/anna/outbox",
            "/c/toetsing/followers", "/c/toetsing/moderators", "/c/toetsing/featured"]  # fmt: skip


@pytest.fixture
def get(guarded: Flask) -> Get:
    def ask(path: str, signer: RemoteActor | None = None, **options: object) -> TestResponse:
        headers: dict[str, str] = {}
        if signer is not None:
            url, now = f"http://ons.test{options.get('signed', path)}", options.get("at", utcnow())
            if options.get("newer"):
                headers = MessageSigner(signer.signing_key).sign("GET", url, None, now)
            else:
                headers = sign_request("GET", url, None, signer.signing_key, now)
        client = guarded.test_client()
        return client.get(path, headers={**headers, **ACCEPT}, base_url="http://ons.test")

    return ask


@pytest.mark.parametrize("newer", [False, True])
def test_who_signs_reads_everything(get: Get, bob, paths: list[str], newer: bool) -> None:
    for path in (*paths, "/u/anna", "/c/toetsing"):
        answer = get(path, bob, newer=newer)
        assert answer.status_code == 200, path
        assert answer.mimetype == "application/activity+json"
        assert "outbox" in answer.json or answer.json["type"] not in {"Person", "Group"}
        assert {"Accept", "Signature"} <= set(answer.headers["Vary"].split(", "))
        assert answer.headers["Cache-Control"].startswith("private")


def test_who_does_not_sign_is_told_how(get: Get, paths: list[str]) -> None:
    for path in paths:
        answer = get(path)
        assert answer.status_code == 401, path
        assert answer.content_type == "application/problem+json"
        assert answer.json["reason"] == "signature-missing"
        assert answer.headers["Accept-Signature"] == 'sig1=("@method" "@target-uri");created'
        assert "no-store" in answer.headers["Cache-Control"]
        assert "Signature" in answer.headers["Vary"]


@pytest.mark.parametrize(
    ("path", "kind", "more"),
    [("/u/anna", "Person", set()), ("/c/toetsing", "Group", {"name", "outbox"})],
)
def test_of_an_actor_everybody_gets_the_stub_with_its_key(
    get: Get, paths: list[str], path: str, kind: str, more: set[str]
) -> None:
    answer = get(path)

    assert answer.status_code == 200
    assert set(answer.json) == STUB | more  # PieFed finds no group without its name and outbox
    assert answer.json["type"] == kind
    assert answer.json["publicKey"]["id"] == f"http://ons.test{path}#main-key"
    assert "Signature" in answer.headers["Vary"]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/outbox",
        "/.well-known/webfinger?resource=acct:anna@ons.test",
        "/.well-known/nodeinfo",
        "/nodeinfo/2.0",
        "/.well-known/host-meta",
    ],
)
def test_what_servers_need_to_know_each_other_is_open(
    get: Get, paths: list[str], path: str
) -> None:
    answer = get(path)

    assert answer.status_code == 200
    if path == "/":
        assert "outbox" in answer.json


def test_pages_for_people_are_open(guarded: Flask, paths: list[str]) -> None:
    for path in (paths[0], "/u/anna", "/c/toetsing"):
        answer = guarded.test_client().get(path, base_url="http://ons.test")
        assert answer.status_code == 200
        assert answer.mimetype == "text/html"


def test_a_refused_server_reads_nothing(get: Get, bob, paths: list[str]) -> None:
    with unit_of_work():
        rule_host("victim.test", HostVerdict.BLOCKED, "", None)

    for path in (*paths, "/u/anna"):
        answer = get(path, bob)
        assert answer.status_code == 403
        assert answer.json["reason"] == "host-refused"


def test_a_signature_for_another_path_or_by_another_key_opens_nothing(
    get: Get, fediverse: FakeFediverse, bob, paths: list[str]
) -> None:
    mal = fediverse.person("mal", "evil.test")
    impostor = RemoteActor(bob.uri, "bob", "victim.test", mal.keys, bob.key_id, {})

    assert get(paths[0], bob, signed="/other").status_code == 401
    assert get(paths[0], impostor).status_code == 401
    assert get("/u/anna", impostor).status_code == 401


def test_no_answer_to_a_signed_request_is_given_to_another(get: Get, bob, paths: list[str]) -> None:
    for path, unsigned in ((paths[0], 401), ("/u/anna", 200)):
        signed = get(path, bob)
        bare = get(path)
        again = get(path, bob)

        assert signed.status_code == again.status_code == 200
        assert bare.status_code == unsigned
        assert bare.data != signed.data
        assert again.data == signed.data


def test_it_is_off_by_default(app: Flask, ctx) -> None:
    post = make_post(make_community("toetsing"), make_account("anna"))

    answer = app.test_client().get(
        f"/post/{post.public_id}", headers=ACCEPT, base_url="http://ons.test"
    )

    assert answer.status_code == 200
    assert "Signature" not in answer.headers["Vary"]
