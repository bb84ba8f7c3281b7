"""The published ways past a signature, tried on RFC 9421 (security.md A001-A019, A186)."""

import json
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.clock import utcnow
from federation.signatures import keys
from tests.support.fediverse import FakeFediverse, RemoteActor, activity, note
from tests.support.inbox import newest_row
from tests.support.proofs import deliver_rfc9421, give_proof_key
from tests.support.refusals import refusing

TARGET = "http://ons.test/post/x"
ASKED = 'sig1=("@method" "@target-uri" "content-digest");created'


@pytest.fixture
def bob(fediverse: FakeFediverse) -> RemoteActor:
    return fediverse.person("bob", "victim.test")


@pytest.fixture
def mal(fediverse: FakeFediverse) -> RemoteActor:
    return fediverse.person("mal", "evil.test")


class TestWhatIsTaken:
    def test_a_genuine_message_with_an_rsa_key(
        self, fediverse: FakeFediverse, bob: RemoteActor
    ) -> None:
        for _ in range(2):  # the key fetched, then the key stored
            answer = deliver_rfc9421(fediverse, activity("Like", bob, TARGET), bob)
            assert answer.status_code == 202

    def test_one_signed_with_the_key_for_proofs(
        self, fediverse: FakeFediverse, bob: RemoteActor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pair = give_proof_key(fediverse, bob)
        bob.key_id = f"{bob.uri}#ed25519-key"
        sign = lambda _pem, message: keys.sign_ed25519(pair.private_pem, message)  # noqa: E731
        monkeypatch.setattr("federation.signatures.sign.sign_rsa", sign)

        codes = [
            deliver_rfc9421(fediverse, activity("Like", bob, TARGET), bob).status_code
            for _ in range(2)
        ]

        assert codes == [202, 202]
        assert fediverse.server("victim.test").asked["/u/bob"] == 1

    @pytest.mark.parametrize("seconds", [-290, 50, -43_190, 3_590])
    def test_clocks_that_differ_a_little(
        self, fediverse: FakeFediverse, bob: RemoteActor, seconds: int
    ) -> None:
        at = utcnow() + timedelta(seconds=seconds)

        answer = deliver_rfc9421(fediverse, activity("Like", bob, TARGET), bob, at=at)

        assert answer.status_code == 202

    def test_a_repeat_counts_once_whatever_signed_it(
        self, fediverse: FakeFediverse, bob: RemoteActor
    ) -> None:
        like = activity("Like", bob, TARGET)

        fediverse.deliver(like, bob)
        answer = deliver_rfc9421(fediverse, like, bob)

        assert answer.status_code == 202

    def test_a024_a025_no_context_is_fetched_and_none_renames_anything(
        self, fediverse: FakeFediverse, bob: RemoteActor, mal: RemoteActor
    ) -> None:
        evil = fediverse.server("evil.test")
        evil.put("/context", {"@context": {"somebody": "as:actor"}})
        asked = evil.asked.total()
        context = ["http://evil.test/context", {"somebody": "as:actor"}]
        like = activity("Like", bob, TARGET, somebody=mal.uri, **{"@context": context})

        answer = deliver_rfc9421(fediverse, like, bob)

        assert answer.status_code == 202
        assert newest_row().signer_uri == bob.uri
        assert evil.asked.total() == asked


class TestWhatIsRefused:
    def test_a001_a_valid_key_of_somebody_else(
        self, app: Flask, fediverse: FakeFediverse, bob: RemoteActor, mal: RemoteActor
    ) -> None:
        with refusing(app, fediverse, 401) as seen:
            seen.answer = deliver_rfc9421(fediverse, activity("Create", bob, note(bob)), mal)

        assert seen.answer.json["reason"] == "signer-is-not-actor"

    def test_a002_an_old_signature_on_another_body_or_host(
        self, app: Flask, fediverse: FakeFediverse, bob: RemoteActor
    ) -> None:
        like = activity("Like", bob, TARGET)
        other = json.dumps(activity("Like", bob, f"{TARGET}y")).encode()
        tampered: list[dict[str, object]] = [
            {"sent_body": other},
            {"headers": {"Host": "other.test"}},
            {"without": ("Content-Digest",)},
            {"without": ("Signature",)},
            {"headers": {"Content-Digest": "sha-256=:AAAA:"}},
        ]

        for changes in tampered:
            with refusing(app, fediverse, 401, fetches=0) as seen:
                seen.answer = deliver_rfc9421(fediverse, like, bob, **changes)
            assert seen.answer.headers["Accept-Signature"] == ASKED

    @pytest.mark.parametrize(
        "named",
        [
            '"@method" "@target-uri"',
            '"@target-uri" "content-digest"',
            '"@method" "content-digest"',
            '"@method" "@path" "content-digest"',
            "",
        ],
    )
    def test_a003_what_must_be_signed_is_signed(
        self, app: Flask, fediverse: FakeFediverse, bob: RemoteActor, named: str
    ) -> None:
        header = f'sig1=({named});created=1;keyid="{bob.key_id}"'

        with refusing(app, fediverse, 401, fetches=0) as seen:
            seen.answer = deliver_rfc9421(
                fediverse, activity("Like", bob, TARGET), bob, headers={"Signature-Input": header}
            )

        assert seen.answer.json["reason"] == "required-header-unsigned"

    @pytest.mark.parametrize("key_id", ["acct:bob@victim.test", "bob", "data:,x", ""])
    def test_a009_a_key_id_is_an_address(
        self, app: Flask, fediverse: FakeFediverse, bob: RemoteActor, key_id: str
    ) -> None:
        odd = RemoteActor(bob.uri, "bob", "victim.test", bob.keys, key_id, {})

        with refusing(app, fediverse, 401, fetches=0) as seen:
            seen.answer = deliver_rfc9421(fediverse, activity("Like", bob, TARGET), odd)

    @pytest.mark.parametrize("result", [None, -1, object(), 1, "yes"])
    def test_a011_only_an_explicit_yes_is_one(
        self,
        app: Flask,
        fediverse: FakeFediverse,
        bob: RemoteActor,
        monkeypatch: pytest.MonkeyPatch,
        result: object,
    ) -> None:
        monkeypatch.setattr(keys, "verify_message", lambda *_arguments: result)

        with refusing(app, fediverse, 401) as seen:
            seen.answer = deliver_rfc9421(fediverse, activity("Like", bob, TARGET), bob)

    def test_a017_a018_a_signature_for_another_place_or_query(
        self, app: Flask, fediverse: FakeFediverse, bob: RemoteActor
    ) -> None:
        for path, signed in (
            ("/c/prive/inbox", "/inbox"),
            ("/inbox?x=2", "/inbox?x=1"),
            ("/inbox?x=2", "/inbox"),
        ):
            with refusing(app, fediverse, 401) as seen:
                seen.answer = deliver_rfc9421(
                    fediverse, activity("Like", bob, TARGET), bob, path=path, signed_path=signed
                )

    @pytest.mark.parametrize("hours", [-13, 2, -400_000, 100_000])
    def test_a186_dates_outside_the_window(
        self, app: Flask, fediverse: FakeFediverse, bob: RemoteActor, hours: int
    ) -> None:
        at = utcnow() + timedelta(hours=hours)

        with refusing(app, fediverse, 401, fetches=0) as seen:
            seen.answer = deliver_rfc9421(fediverse, activity("Like", bob, TARGET), bob, at=at)

    def test_a_key_that_only_a_foreign_document_lists(
        self, app: Flask, fediverse: FakeFediverse, bob: RemoteActor, mal: RemoteActor
    ) -> None:
        give_proof_key(fediverse, mal)
        mal.document["assertionMethod"][0]["controller"] = bob.uri
        fediverse.put(mal.document)
        odd = RemoteActor(bob.uri, "bob", "evil.test", mal.keys, f"{mal.uri}#ed25519-key", {})

        with refusing(app, fediverse, 401) as seen:
            seen.answer = deliver_rfc9421(fediverse, activity("Like", bob, TARGET), odd)


HEADER = st.one_of(
    st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=300),
    st.builds(
        'sig1=({});created={};keyid="{}"'.format,
        st.sampled_from(['"@method" "@target-uri" "content-digest"', '"a" "a"', "", "x", '"@x"']),
        st.integers(-(10**16), 10**16),
        st.sampled_from(["http://victim.test/u/bob#main-key", "x", "acct:a@b"]),
    ),
)


@settings(
    max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(inputs=HEADER, signature=st.sampled_from(["sig1=:aGk=:", "sig1=x", "", "a", 'keyId="x"']))
def test_a019_no_header_makes_it_stumble(
    fediverse: FakeFediverse, inputs: str, signature: str
) -> None:
    client = fediverse.app.test_client()
    headers = {
        "Signature-Input": inputs,
        "Signature": signature,
        "Content-Type": "application/activity+json",
    }

    answer = client.post("/inbox", data=b"{}", headers=headers, base_url="http://ons.test")

    assert answer.status_code in {400, 401}
