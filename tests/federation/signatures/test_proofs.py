"""FEP-8b32: the published examples, and every way in which a proof is worth nothing (A027)."""

import copy
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation.errors import UnverifiedError
from federation.signatures import keys
from federation.signatures.keys import generate_proof_key_pair
from federation.signatures.multikey import decode_base58
from federation.signatures.proofs import (
    _hash_of,
    check_proofs,
    has_proof,
    make_proof,
    method_of,
)

NOW = datetime(2026, 8, 1, 10, 0, tzinfo=UTC)
ALICE = "https://server.example/users/alice"
METHOD = f"{ALICE}#ed25519-key"
PUBLIC = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
PRIVATE = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
MADE = datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC)
CONTEXT = [
    "https://www.w3.org/ns/activitystreams",
    "https://w3id.org/security/data-integrity/v1",
]
CREATE = {
    "@context": CONTEXT,
    "type": "Create",
    "actor": ALICE,
    "object": {"type": "Note", "content": "Hello world"},
}


@pytest.fixture(scope="module", name="private_pem")
def make_private_pem() -> str:
    key = Ed25519PrivateKey.from_private_bytes(decode_base58(PRIVATE)[2:])
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


@pytest.fixture
def proven(private_pem):
    document = copy.deepcopy(CREATE)
    return {**document, "proof": make_proof(document, METHOD, private_pem, NOW)}


def key_of(method):
    return {METHOD: PUBLIC}.get(method)


def check(document, author=ALICE, now=NOW, keys_of=key_of):
    return check_proofs(document, author, keys_of, now=now)


def refusal(document, **circumstances):
    with pytest.raises(UnverifiedError) as raised:
        check(document, **circumstances)
    return raised.value.reason


def with_proof(document, **changes):
    proof = {**document["proof"], **changes}
    return {**document, "proof": {k: v for k, v in proof.items() if v is not None}}


class TestThePublishedExamples:
    def test_the_one_of_the_fep_is_made_to_the_byte(self, private_pem):
        proof = make_proof(copy.deepcopy(CREATE), METHOD, private_pem, MADE)

        assert proof == {
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-jcs-2022",
            "verificationMethod": METHOD,
            "proofPurpose": "assertionMethod",
            "created": "2023-02-24T23:36:38Z",
            "proofValue": "z3sXaxjKs4M3BRicwWA9peyNPJvJqxtGsDmpt1jjoHCjgeUf71TRFz56osPSfDErszy"
            "Lp5Ks1EhYSgpDaNM977Rg2",
        }
        assert check({**CREATE, "proof": proof}) == MADE

    def test_the_one_of_the_recommendation_hashes_the_same(self):
        context = [
            "https://www.w3.org/ns/credentials/v2",
            "https://www.w3.org/ns/credentials/examples/v2",
        ]
        document = {
            "@context": context,
            "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
            "type": ["VerifiableCredential", "AlumniCredential"],
            "name": "Alumni Credential",
            "description": "A minimum viable example of an Alumni Credential.",
            "issuer": "https://vc.example/issuers/5678",
            "validFrom": "2023-01-01T00:00:00Z",
            "credentialSubject": {
                "id": "did:example:abcdefgh",
                "alumniOf": "The School of Examples",
            },
        }
        proof = {
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-jcs-2022",
            "created": "2023-02-24T23:36:38Z",
            "verificationMethod": f"did:key:{PUBLIC}#{PUBLIC}",
            "proofPurpose": "assertionMethod",
            "@context": context,
        }
        message = _hash_of(proof) + _hash_of(document)

        assert message.hex() == (
            "66ab154f5c2890a140cb8388a22a160454f80575f6eae09e5a097cabe539a1db"
            "59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19"
        )
        value = decode_base58(
            "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuV"
            "or51aX"
        )
        assert keys.verify_message(PUBLIC, value, message, None) is True


class TestWhatIsAGoodProof:
    def test_one_of_the_author_over_the_whole_document(self, proven):
        assert check(proven) == NOW
        assert has_proof(proven)
        assert method_of(proven) == METHOD

    def test_the_order_of_members_and_the_form_of_numbers_are_not_signed(self, private_pem):
        document = {**CREATE, "n": 1.0, "text": "é\u20ac\U0001f600"}
        proof = make_proof(document, METHOD, private_pem, NOW)

        turned = dict(reversed({**document, "n": 1}.items()))

        assert check({**turned, "proof": proof}) == NOW

    def test_one_that_repeats_the_context_or_was_made_as_if_it_did(self, private_pem):
        bare = make_proof(copy.deepcopy(CREATE), METHOD, private_pem, NOW)
        options = {k: v for k, v in bare.items() if k != "proofValue"} | {"@context": CONTEXT}
        made = keys.sign_ed25519(private_pem, _hash_of(options) + _hash_of(CREATE))
        value = keys.encode_base58(made)

        assert check({**CREATE, "proof": {**options, "proofValue": value}}) == NOW
        assert check({**CREATE, "proof": {**bare, "proofValue": value}}) == NOW

    def test_several_when_all_are_good(self, proven, private_pem):
        earlier = make_proof(copy.deepcopy(CREATE), METHOD, private_pem, MADE)

        assert check({**proven, "proof": [proven["proof"], earlier]}) == MADE


class TestWhatIsWorthNothing:
    def test_no_proof_at_all(self):
        for nothing in ({}, {"proof": None}, {"proof": []}):
            assert refusal({**CREATE, **nothing}) == "proof-missing"
            assert not has_proof(nothing)
            assert method_of(nothing) is None

    @pytest.mark.parametrize(
        "change",
        [
            {"type": "Update"},
            {"actor": "https://server.example/users/mallory"},
            {"object": {"type": "Note", "content": "Hello World"}},
            {"object": {"type": "Note", "content": "Hello world", "x": None}},
            {"@context": CONTEXT[:1]},
            {"to": []},
        ],
    )
    def test_a_changed_field(self, proven, change):
        assert refusal({**proven, **change}) == "proof-mismatch"

    def test_a_removed_field(self, proven):
        assert refusal({k: v for k, v in proven.items() if k != "object"}) == "proof-mismatch"

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"type": "RsaSignature2017"}, "proof-unsupported"),
            ({"cryptosuite": "eddsa-rdfc-2022"}, "proof-unsupported"),
            ({"cryptosuite": None}, "proof-unsupported"),
            ({"proofPurpose": "authentication"}, "proof-unsupported"),
            ({"verificationMethod": None}, "proof-unsupported"),
            ({"verificationMethod": [METHOD]}, "proof-unsupported"),
            ({"verificationMethod": "https://evil.example/u/mal#key"}, "proof-elsewhere"),
            ({"verificationMethod": f"did:key:{PUBLIC}"}, "proof-elsewhere"),
            ({"verificationMethod": f"{ALICE}#other-key"}, "proof-key-unknown"),
            ({"created": None}, "proof-time-malformed"),
            ({"created": "yesterday"}, "proof-time-malformed"),
            ({"created": 5}, "proof-time-malformed"),
            ({"created": "2026-08-01T12:00:00Z"}, "proof-of-the-future"),
            ({"created": "2026-08-01T09:59:59Z"}, "proof-mismatch"),
            ({"expires": "2026-08-01T09:59:59Z"}, "proof-expired"),
            ({"expires": "soon"}, "proof-time-malformed"),
            ({"expires": "2026-08-01T11:00:00Z"}, "proof-mismatch"),
            ({"challenge": "x"}, "proof-mismatch"),
            ({"proofValue": None}, "proof-malformed"),
            ({"proofValue": "m" + "A" * 86}, "proof-malformed"),
            ({"proofValue": "z11"}, "proof-malformed"),
            ({"proofValue": "z" + "2" * 87}, "proof-mismatch"),
            ({"@context": CONTEXT[:1]}, "proof-context-differs"),
        ],
    )
    def test_a_proof_that_says_something_else(self, proven, change, reason):
        broken = with_proof(proven, **change)
        if change == {"proofValue": "z" + "2" * 87}:
            reason = refusal(broken)
            assert reason in {"proof-mismatch", "proof-malformed"}
        assert refusal(broken) == reason

    @pytest.mark.parametrize("proof", ["x", 5, ["x"], [[]], [{}] * 5, {"a": 1}])
    def test_what_is_no_proof(self, proof):
        document = {**CREATE, "proof": proof}

        assert refusal(document) in {"proof-malformed", "proof-unsupported"}

    def test_two_proofs_one_of_them_bad(self, proven):
        bad = {**proven["proof"], "proofValue": "z" + "1" * 64}
        foreign = {**proven["proof"], "verificationMethod": "https://evil.example/k"}

        for other in (bad, foreign):
            assert refusal({**proven, "proof": [proven["proof"], other]})
            assert refusal({**proven, "proof": [other, proven["proof"]]})

    def test_another_author_or_another_key(self, proven):
        other = generate_proof_key_pair().multikey

        assert refusal(proven, author="https://other.example/u/bob") == "proof-elsewhere"
        assert refusal(proven, keys_of=lambda _method: other) == "proof-mismatch"
        assert refusal(proven, keys_of=lambda _method: None) == "proof-key-unknown"

    def test_a_key_that_is_not_for_proofs(self, proven, ana):
        assert refusal(proven, keys_of=lambda _method: ana.public_pem) == "proof-key-unknown"

    @pytest.mark.parametrize("answer", [None, 1, "yes", object(), -1])
    def test_only_an_explicit_yes_is_a_yes(self, proven, monkeypatch, answer):
        monkeypatch.setattr("federation.signatures.proofs.verify_message", lambda *_: answer)

        assert refusal(proven) == "proof-mismatch"

    def test_what_has_no_canonical_form(self, proven, private_pem):
        too_large = {**CREATE, "n": 2**60}

        assert make_proof(too_large, METHOD, private_pem, NOW) is None
        assert refusal({**proven, "n": 2**60}) == "proof-not-canonical"

    def test_an_hour_ahead_is_a_clock_and_no_more(self, private_pem):
        proof = make_proof(copy.deepcopy(CREATE), METHOD, private_pem, NOW)
        document = {**CREATE, "proof": proof}

        assert check(document, now=NOW - timedelta(hours=1)) == NOW
        assert refusal(document, now=NOW - timedelta(hours=1, seconds=1)) == "proof-of-the-future"
