"""RFC 9421: against an independent signer and an independent verifier."""

import base64
import hashlib
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    algorithms,
)

from app.core.clock import utcnow
from federation.signatures.digest import content_digest_of
from federation.signatures.rfc9421 import parse_demand, write_demand
from federation.signatures.sign import MessageSigner, SigningKey
from federation.signatures.verify import read_signature
from tests.federation.signatures.message_signatures import (
    BODY,
    ED25519,
    KEY_ID,
    MINIMUM,
    NOW,
    Keys,
    Message,
    make_message,
    refusal,
    their_request,
    verify,
)


class TestTheirSignerOurVerifier:
    @pytest.mark.parametrize(
        "components",
        [
            MINIMUM,
            ("@method", "@path", "@authority", "content-digest"),
            ("@method", "@path", "@query", "@authority", "content-digest"),
            ("@method", "@request-target", "@authority", "content-digest"),
            ("@method", "@path", "host", "content-digest"),
            ("@method", "@target-uri", "@authority", "host", "date", "content-digest"),
            (*MINIMUM, "content-type", "date", "@scheme"),
        ],
    )
    def test_every_usual_set_of_components_is_read(self, ana, components):
        verify(their_request(ana.private_pem, covered_component_ids=components), ana.public_pem)

    @pytest.mark.parametrize("label", ["sig1", "sig", "pyhms", "a-b.c_d*9", "fedify"])
    @pytest.mark.parametrize("include_alg", [True, False])
    def test_any_label_with_or_without_algorithm(self, ana, label, include_alg):
        request = their_request(ana.private_pem, label=label, include_alg=include_alg)

        assert verify(request, ana.public_pem).key_id == KEY_ID

    def test_nonce_tag_and_expiry_are_read(self, ana):
        options = {"nonce": "n", "tag": "fediverse", "expires": NOW + timedelta(minutes=5)}

        verify(their_request(ana.private_pem, **options), ana.public_pem)

    @pytest.mark.parametrize("include_alg", [True, False])
    def test_an_ed25519_key_signs_as_such(self, include_alg):
        request = their_request(ED25519.private_pem, algorithms.ED25519, include_alg=include_alg)

        verify(request, ED25519.multikey)

    def test_rsa_pss_is_read_when_it_says_so(self, ana):
        named = their_request(ana.private_pem, algorithms.RSA_PSS_SHA512)
        silent = their_request(ana.private_pem, algorithms.RSA_PSS_SHA512, include_alg=False)

        verify(named, ana.public_pem)
        assert refusal(silent, ana.public_pem) == "signature-mismatch"

    def test_a_get_needs_no_digest(self, ana):
        message = Message("GET", "https://us.test/u/ana?x=1", {"Host": "us.test"}, b"")
        request = their_request(
            ana.private_pem, message=message, covered_component_ids=("@method", "@target-uri")
        )

        verify(request, ana.public_pem)

    def test_a_server_in_the_laboratory_is_plain_http(self, ana):
        message = make_message(url="http://us.test/inbox")
        request = their_request(ana.private_pem, message=message)

        verify(request, ana.public_pem, own_scheme="http")
        assert refusal(request, ana.public_pem) == "signature-mismatch"

    @pytest.mark.parametrize("algorithm", ["sha-256", "sha-512"])
    def test_both_digests_are_read(self, ana, algorithm):
        made = hashlib.new(algorithm.replace("-", ""), BODY).digest()
        message = make_message()
        message.headers["Content-Digest"] = f"{algorithm}=:{base64.b64encode(made).decode()}:"

        verify(their_request(ana.private_pem, message=message), ana.public_pem)

    def test_a_signature_of_a_proxy_beside_it_is_passed_over(self, ana, mal):
        message = make_message()
        signer = HTTPMessageSigner(
            signature_algorithm=algorithms.RSA_V1_5_SHA256, key_resolver=Keys(mal.private_pem)
        )
        signer.sign(
            message,
            key_id="thumbprint",
            created=NOW,
            label="proxy",
            covered_component_ids=MINIMUM,
            use_existing_digest=True,
        )
        request = their_request(
            ana.private_pem, message=message, label="fed", append_if_signature_exists=True
        )

        assert verify(request, ana.public_pem).key_id == KEY_ID


class TestOurSignerTheirVerifier:
    @pytest.mark.parametrize("method", ["GET", "POST"])
    @pytest.mark.parametrize("url", ["https://us.test/inbox", "https://us.test/a?b=c&d=%20"])
    def test_what_we_sign_they_verify(self, ana, method, url):
        body = BODY if method == "POST" else None
        key = SigningKey("https://us.test/u/ana#main-key", ana.private_pem)
        moment = utcnow()
        headers = MessageSigner(key).sign(method, url, body, moment)
        message = Message(method, url, dict(headers), body or b"")

        results = HTTPMessageVerifier(
            signature_algorithm=algorithms.RSA_V1_5_SHA256, key_resolver=Keys(ana.private_pem)
        ).verify(message)

        assert len(results) == 1
        assert results[0].parameters["keyid"] == key.key_id

    def test_the_form_is_the_one_that_mastodon_asks_for(self, ana):
        key = SigningKey("https://h.test/u/ana#main-key", ana.private_pem)

        headers = MessageSigner(key).sign("POST", "https://us.test/inbox", BODY, NOW)

        assert headers["Signature-Input"] == (
            'sig1=("@method" "@target-uri" "content-digest");created=1785578400;'
            'keyid="https://h.test/u/ana#main-key"'
        )
        assert headers["Signature"].startswith("sig1=:")
        assert headers["Content-Digest"].startswith("sha-256=:")
        assert headers["Content-Type"] == "application/activity+json"
        assert set(headers) == {
            *("Host", "Date", "Content-Digest", "Content-Type", "Signature-Input", "Signature")
        }

    def test_the_signed_text_is_this_to_the_byte(self, ana):
        request = their_request(ana.private_pem, include_alg=False)

        parsed = read_signature(request, now=NOW, own_host="us.test")

        assert parsed.messages == (
            b'"@method": POST\n'
            b'"@target-uri": https://us.test/inbox\n'
            b'"content-digest": ' + content_digest_of(BODY).encode() + b"\n"
            b'"@signature-params": ("@method" "@target-uri" "content-digest");created=1785578400;'
            b'keyid="https://peer.test/u/bob#main-key"',
        )


class TestWhatPeersAskFor:
    def test_we_say_what_we_want(self):
        assert write_demand(has_body=True) == (
            'sig1=("@method" "@target-uri" "content-digest");created'
        )
        assert write_demand(has_body=False) == 'sig1=("@method" "@target-uri");created'

    def test_a_demand_is_read(self):
        demand = parse_demand(
            'x=("@method" "date");created;keyid="k";alg="rsa-v1_5-sha256";nonce="n";tag="t"'
        )

        assert demand is not None
        assert (demand.label, demand.components) == ("x", ("@method", "date"))
        assert (demand.nonce, demand.tag, demand.created) == ("n", "t", None)

    @pytest.mark.parametrize(
        "text", ["", "x", 'x=("@method";req)', "(", "x=5", "\u20ac", "x=()" * 3000]
    )
    def test_nonsense_asks_for_nothing(self, text):
        assert parse_demand(text) is None

    def test_a_quotation_mark_in_a_nonce_is_not_repeated(self, ana):
        demand = parse_demand('x=("@method");nonce="a\\"b"')
        key = SigningKey(KEY_ID, ana.private_pem)

        headers = MessageSigner(key, demand).sign("POST", "https://us.test/inbox", BODY, NOW)

        assert "nonce" not in headers["Signature-Input"]


def test_the_ed25519_vector_of_the_rfc():
    """RFC 9421 appendix B.2.6: its key, its text, its signature (which Ed25519 makes the same)."""
    private = Ed25519PrivateKey.from_private_bytes(
        bytes.fromhex("9f8362f87a484a954e6e740c5b4c0e84229139a20aa8ab56ff66586f6a7d29c5")
    )
    text = (
        b'"date": Tue, 20 Apr 2021 02:07:55 GMT\n"@method": POST\n"@path": /foo\n'
        b'"@authority": example.com\n"content-type": application/json\n"content-length": 18\n'
        b'"@signature-params": ("date" "@method" "@path" "@authority" "content-type" '
        b'"content-length");created=1618884473;keyid="test-key-ed25519"'
    )

    assert base64.b64encode(private.sign(text)).decode() == (
        "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
    )
