"""The published ways past a signature (security.md A001-A019), each refused without a trace."""

import json
import re
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.clock import utcnow
from app.core.db import session
from federation.dereference.actors import find_remote_actor
from federation.inbound import receive as receiving
from federation.signatures import keys
from tests.support.clock import FakeClock
from tests.support.fediverse import (
    Answer,
    FakeFediverse,
    RemoteActor,
    activity,
    actor_document,
    note,
)
from tests.support.refusals import refusing

TYPES = (
    *("Create", "Update", "Delete", "Follow", "Accept", "Reject", "Undo", "Like", "Dislike"),
    *("Announce", "Add", "Remove", "Block", "Flag", "Lock", "Resolve", "Warn", "Move", "Join"),
    *("Leave", "Invite", "Offer", "View", "Read", "Listen"),
)


@pytest.fixture
def bob(fediverse: FakeFediverse) -> RemoteActor:
    return fediverse.person("bob", "victim.test")


@pytest.fixture
def mal(fediverse: FakeFediverse) -> RemoteActor:
    return fediverse.person("mal", "evil.test")


def test_a001_a_valid_key_of_somebody_else(
    app: Flask, fediverse: FakeFediverse, bob: RemoteActor, mal: RemoteActor
) -> None:
    with refusing(app, fediverse, 401) as seen:
        seen.answer = fediverse.deliver(activity("Create", bob, note(bob)), mal)

    assert seen.answer.json["reason"] == "signer-is-not-actor"


def test_a002_an_old_signature_on_another_body_or_host(
    app: Flask, fediverse: FakeFediverse, bob: RemoteActor
) -> None:
    like = activity("Like", bob, "http://ons.test/post/x")
    other = json.dumps(activity("Like", bob, "http://ons.test/post/y")).encode()
    tampered: list[dict[str, object]] = [
        {"sent_body": other},
        {"headers": {"Host": "other.test"}},
        {"without": ("Digest",)},
        {"headers": {"Digest": "SHA-256=AAAA"}},
        {"headers": {"Digest": "MD5=AAAA"}},
    ]

    for changes in tampered:
        with refusing(app, fediverse, 401, fetches=0) as seen:
            seen.answer = fediverse.deliver(like, bob, **changes)


def test_a003_what_must_be_signed_is_signed(
    app: Flask, fediverse: FakeFediverse, bob: RemoteActor
) -> None:
    like = activity("Like", bob, "http://ons.test/post/x")
    for named in ("(request-target) host date", "host date digest", "(request-target) date digest"):
        header = f'keyId="{bob.key_id}",algorithm="rsa-sha256",headers="{named}",signature="aGk="'
        with refusing(app, fediverse, 401, fetches=0) as seen:
            seen.answer = fediverse.deliver(like, bob, headers={"Signature": header})
        assert seen.answer.json["reason"] == "required-header-unsigned"


@pytest.mark.parametrize("path", ["/inbox", "/c/toetsing/inbox", "/u/anna/inbox"])
def test_a005_no_inbox_is_open_when_federation_is_off(make_app, path: str) -> None:
    app = make_app(federation="off")
    with app.app_context():
        fediverse = FakeFediverse(app)
        bob = fediverse.person("bob", "victim.test")

        for without in ((), ("Signature",)):
            with refusing(app, fediverse, 403, fetches=0) as seen:
                like = activity("Like", bob, "http://ons.test/post/x")
                seen.answer = fediverse.deliver(like, bob, path=path, without=without)


@pytest.mark.parametrize(
    "path",
    ["/inbox/", "/INBOX", "/inbox;x", "/%69nbox", "/actor/../inbox", "/uid/1/inbox", "/c//inbox"],
)
def test_a006_no_other_spelling_of_an_inbox_takes_unsigned_posts(
    fediverse: FakeFediverse, bob: RemoteActor, path: str
) -> None:
    like = activity("Like", bob, "http://ons.test/post/x")

    answer = fediverse.deliver(like, bob, path=path, signed_path="/inbox", without=("Signature",))

    assert answer.status_code in {400, 401, 403, 404, 405}


def test_a006_every_posting_route_of_federation_asks_who_it_is(
    app: Flask, fediverse: FakeFediverse
) -> None:
    posting = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    rules = [rule for rule in posting if rule.endpoint.startswith("federation.")]

    assert rules
    for rule in rules:
        path = re.sub("<[^>]*>", "anna", re.sub("<int:[^>]*>", "1", rule.rule))
        answer = app.test_client().post(path, json={}, base_url="http://ons.test")
        is_asked = "/inloggen" in (answer.location or "") or answer.status_code in {400, 401, 403}
        # the form of readers who live elsewhere only sets a cookie of theirs
        assert is_asked or rule.endpoint == "federation.find_home_server", rule.rule


def test_a007_a_key_that_names_another_owner_is_nobodys(
    app: Flask, fediverse: FakeFediverse, bob: RemoteActor, mal: RemoteActor
) -> None:
    mal.document["publicKey"]["owner"] = bob.uri
    fediverse.put(mal.document)

    with refusing(app, fediverse, 401) as seen:
        seen.answer = fediverse.deliver(activity("Like", mal, "http://ons.test/post/x"), mal)


def test_a008_a_key_document_binds_nobody_else(
    app: Flask, fediverse: FakeFediverse, bob: RemoteActor, mal: RemoteActor
) -> None:
    key = {"id": "http://evil.test/k", "owner": bob.uri, "publicKeyPem": mal.keys.public_pem}
    fediverse.put({"type": "CryptographicKey", **key})
    forged = RemoteActor(bob.uri, "bob", "victim.test", mal.keys, key["id"], {})

    with refusing(app, fediverse, 401) as seen:
        seen.answer = fediverse.deliver(activity("Like", bob, "http://ons.test/post/x"), forged)


@pytest.mark.parametrize(
    "key_id", ["acct:bob@victim.test", "bob", "data:,x", "", "//victim.test/k"]
)
def test_a009_a_key_id_is_an_address(
    app: Flask, fediverse: FakeFediverse, bob: RemoteActor, key_id: str
) -> None:
    odd = RemoteActor(bob.uri, "bob", "victim.test", bob.keys, key_id, {})

    with refusing(app, fediverse, 401, fetches=0) as seen:
        seen.answer = fediverse.deliver(activity("Like", bob, "http://ons.test/post/x"), odd)


@pytest.mark.parametrize("result", [None, -1, object(), 1, "yes"])
def test_a011_only_an_explicit_yes_is_one(
    app: Flask,
    fediverse: FakeFediverse,
    bob: RemoteActor,
    monkeypatch: pytest.MonkeyPatch,
    result: object,
) -> None:
    monkeypatch.setattr(keys, "verify_rsa", lambda *_arguments: result)

    with refusing(app, fediverse, 401) as seen:
        seen.answer = fediverse.deliver(activity("Like", bob, "http://ons.test/post/x"), bob)


def test_a014_a_pushed_key_is_never_used(
    app: Flask, fediverse: FakeFediverse, bob: RemoteActor, settle
) -> None:
    fediverse.deliver(activity("Like", bob, "http://ons.test/post/x"), bob)
    other = keys.generate_key_pair()
    pushed = actor_document("Person", bob.uri, "bob", other.public_pem)

    fediverse.deliver(activity("Update", bob, pushed), bob)
    settle()

    actor = find_remote_actor(bob.uri)
    assert actor is not None
    assert actor.public_key == bob.keys.public_pem
    impostor = RemoteActor(bob.uri, "bob", "victim.test", other, bob.key_id, {})
    with refusing(app, fediverse, 401) as seen:
        seen.answer = fediverse.deliver(activity("Like", bob, "http://ons.test/post/y"), impostor)


def test_a015_a_document_with_another_id_is_not_kept_under_the_first(
    app: Flask, fediverse: FakeFediverse, mal: RemoteActor
) -> None:
    key = {"id": "http://evil.test/k2", "owner": mal.uri, "publicKeyPem": mal.keys.public_pem}
    server = fediverse.server("evil.test")
    server.put("/k1", {"type": "CryptographicKey", **key})
    odd = RemoteActor(mal.uri, "mal", "evil.test", mal.keys, "http://evil.test/k1", {})

    with refusing(app, fediverse, 401) as seen:
        seen.answer = fediverse.deliver(activity("Like", mal, "http://ons.test/post/x"), odd)


def test_a_key_on_an_address_of_its_own_is_found_through_its_owner(
    fediverse: FakeFediverse,
) -> None:
    ann = fediverse.person("ann", "gts.test")
    ann.key_id = f"{ann.uri}/main-key"
    ann.document["publicKey"]["id"] = ann.key_id
    fediverse.put(ann.document)
    partial = {"id": ann.uri, "type": "Person", "publicKey": ann.document["publicKey"]}
    fediverse.server("gts.test").put("/u/ann/main-key", partial)

    answer = fediverse.deliver(activity("Like", ann, "http://ons.test/post/x"), ann)

    assert answer.status_code == 202


@pytest.mark.parametrize("path", ["/inbox", "/c/toetsing/inbox", "/u/anna/inbox"])
def test_a016_unsigned_activities_of_every_kind(
    app: Flask, fediverse: FakeFediverse, bob: RemoteActor, path: str
) -> None:
    for kind in TYPES:
        with refusing(app, fediverse, 401, fetches=0) as seen:
            unsigned = activity(kind, bob, "http://ons.test/post/x")
            seen.answer = fediverse.deliver(unsigned, bob, path=path, without=("Signature",))


def test_a017_a_signature_for_another_place(
    app: Flask, fediverse: FakeFediverse, bob: RemoteActor
) -> None:
    like = activity("Like", bob, "http://ons.test/post/x")

    with refusing(app, fediverse, 401) as seen:
        seen.answer = fediverse.deliver(like, bob, path="/c/prive/inbox", signed_path="/inbox")


def test_a018_a_signature_for_another_query(
    app: Flask, fediverse: FakeFediverse, bob: RemoteActor
) -> None:
    like = activity("Like", bob, "http://ons.test/post/x")

    with refusing(app, fediverse, 401) as seen:
        seen.answer = fediverse.deliver(like, bob, path="/inbox?x=2", signed_path="/inbox?x=1")


HEADER = st.one_of(
    st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=300),
    st.builds(
        'keyId="{}",headers="{}",signature="{}",created={}'.format,
        st.sampled_from(["http://victim.test/u/bob#main-key", "x", "acct:a@b"]),
        st.sampled_from(["(request-target) host date digest", "host host", "", "a b c d"]),
        st.sampled_from(["aGk=", "!!", "", "a" * 5000]),
        st.integers(-(10**15), 10**15),
    ),
)


@settings(
    max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(header=HEADER)
def test_a019_no_header_makes_it_stumble(fediverse: FakeFediverse, header: str) -> None:
    bob = fediverse.servers.get("victim.test") or fediverse.person("bob", "victim.test")
    client = fediverse.app.test_client()
    headers = {"Signature": header, "Content-Type": "application/activity+json"}

    answer = client.post("/inbox", data=b"{}", headers=headers, base_url="http://ons.test")

    assert bob
    assert answer.status_code in {400, 401}


def test_a098_a_dead_key_is_asked_for_once(fediverse: FakeFediverse, bob: RemoteActor) -> None:
    server = fediverse.server("victim.test")
    server.answers["/u/bob"] = Answer(status=404)

    codes = {
        fediverse.deliver(activity("Like", bob, "http://ons.test/post/x"), bob).status_code
        for _ in range(100)
    }

    assert codes == {401}
    assert server.asked["/u/bob"] == 1


def test_d018_a_peer_that_is_down_is_asked_to_come_back(
    app: Flask, fediverse: FakeFediverse, bob: RemoteActor
) -> None:
    fediverse.server("victim.test").down = 502

    for fetches in (1, 0):
        with refusing(app, fediverse, 503, fetches=fetches) as seen:
            seen.answer = fediverse.deliver(activity("Like", bob, "http://ons.test/post/x"), bob)
        assert int(seen.answer.headers["Retry-After"]) > 0


def test_d019_a_rotated_key_is_fetched_once_in_five_minutes(
    fediverse: FakeFediverse, bob: RemoteActor, clock: FakeClock
) -> None:
    server = fediverse.server("victim.test")
    fediverse.deliver(activity("Like", bob, "http://ons.test/post/1"), bob)

    fediverse.rotate_key(bob)
    rotated = fediverse.deliver(activity("Like", bob, "http://ons.test/post/2"), bob)
    fediverse.rotate_key(bob)
    storm = [
        fediverse.deliver(activity("Like", bob, "http://ons.test/post/3"), bob).status_code
        for _ in range(20)
    ]

    assert rotated.status_code == 202
    assert set(storm) == {401}
    assert server.asked["/u/bob"] == 2


def test_a_third_thread_does_not_wait_for_keys(
    app: Flask, fediverse: FakeFediverse, bob: RemoteActor
) -> None:
    slots = receiving.gate().keys._slots
    assert slots.acquire(blocking=False)
    assert slots.acquire(blocking=False)

    with refusing(app, fediverse, 503, fetches=0) as seen:
        seen.answer = fediverse.deliver(activity("Like", bob, "http://ons.test/post/x"), bob)

    assert seen.answer.headers["Retry-After"] == "5"
    slots.release()
    assert (
        fediverse.deliver(activity("Like", bob, "http://ons.test/post/x"), bob).status_code == 202
    )


@pytest.mark.parametrize("hours", [-13, 2, -400_000, 100_000])
def test_a186_dates_outside_the_window(
    app: Flask, fediverse: FakeFediverse, bob: RemoteActor, hours: int
) -> None:
    at = utcnow() + timedelta(hours=hours)
    with refusing(app, fediverse, 401, fetches=0) as seen:
        seen.answer = fediverse.deliver(activity("Like", bob, "http://ons.test/p"), bob, at=at)


@pytest.mark.parametrize("minutes", [-30, 30, -719, 59])
def test_d021_clocks_that_differ_a_little_are_fine(
    fediverse: FakeFediverse, bob: RemoteActor, minutes: int
) -> None:
    at = utcnow() + timedelta(minutes=minutes)

    answer = fediverse.deliver(activity("Like", bob, "http://ons.test/post/x"), bob, at=at)

    assert answer.status_code == 202
    session().rollback()
