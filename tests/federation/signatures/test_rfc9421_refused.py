"""RFC 9421: what must be refused, and that no header makes it stumble."""

import base64
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.errors import UnverifiedError
from federation.signatures.digest import content_digest_of
from federation.signatures.keys import generate_key_pair
from federation.signatures.verify import SignedRequest, read_signature
from tests.federation.signatures.message_signatures import (
    BODY,
    ED25519,
    KEY_ID,
    NOW,
    make_message,
    refusal,
    signed_by_hand,
    their_request,
    verify,
    with_header,
)

PUBLIC = generate_key_pair().public_pem


class TestWhatIsRefused:
    def test_another_body_digest_host_path_or_method(self, ana):
        genuine = their_request(ana.private_pem)
        other = with_header(replace(genuine, body=b"{}"), content_digest=content_digest_of(b"{}"))

        assert refusal(replace(genuine, body=b"{}"), ana.public_pem) == "digest-mismatch"
        assert refusal(other, ana.public_pem) == "signature-mismatch"
        missing = with_header(genuine, content_digest=None)
        assert refusal(missing, ana.public_pem) == "signed-header-missing"
        assert refusal(with_header(genuine, host="other.test"), ana.public_pem) == "host-mismatch"
        for change in ({"path": "/c/x/inbox"}, {"query": "x=1"}, {"method": "PUT"}):
            assert refusal(replace(genuine, **change), ana.public_pem) == "signature-mismatch"

    def test_a_query_that_is_not_signed(self, ana):
        components = ("@method", "@path", "@authority", "content-digest")
        request = their_request(ana.private_pem, covered_component_ids=components)

        assert refusal(replace(request, query="x=1"), ana.public_pem) == "required-header-unsigned"

    def test_a_signature_for_another_query(self, ana):
        message = make_message(url="https://us.test/inbox?x=1")
        request = their_request(ana.private_pem, message=message)

        assert refusal(replace(request, query="x=2"), ana.public_pem) == "signature-mismatch"
        assert refusal(replace(request, query=""), ana.public_pem) == "signature-mismatch"

    @pytest.mark.parametrize(
        "components",
        [
            ("@target-uri", "content-digest"),
            ("@method", "content-digest"),
            ("@method", "@target-uri"),
            ("@method", "@path", "content-digest"),
            ("@method", "@authority", "content-digest"),
            ("content-digest",),
        ],
    )
    def test_what_is_not_signed_could_be_anything(self, ana, components):
        request = their_request(ana.private_pem, covered_component_ids=components)

        assert refusal(request, ana.public_pem) == "required-header-unsigned"

    def test_another_key_or_another_kind_of_key(self, ana, mal):
        request = their_request(ana.private_pem)

        assert refusal(request, mal.public_pem) == "signature-mismatch"
        assert refusal(request, ED25519.multikey) == "algorithm-unsupported"

    @pytest.mark.parametrize(
        ("age", "accepted"),
        [
            (timedelta(), True),
            (timedelta(seconds=290), True),
            (timedelta(seconds=-50), True),
            (timedelta(hours=12), True),
            (timedelta(hours=-1), True),
            (timedelta(hours=12, seconds=1), False),
            (timedelta(hours=-1, seconds=-1), False),
        ],
    )
    def test_the_window_is_that_of_the_other_kind(self, ana, age, accepted):
        request = their_request(ana.private_pem, created=NOW - age)

        if accepted:
            verify(request, ana.public_pem)
        else:
            assert refusal(request, ana.public_pem) == "date-outside-window"

    def test_one_that_has_expired(self, ana):
        request = their_request(ana.private_pem, expires=NOW - timedelta(hours=2))

        assert refusal(request, ana.public_pem) == "date-outside-window"

    def test_one_without_a_time(self, ana):
        written = f'("@method" "@target-uri" "content-digest");keyid="{KEY_ID}"'
        base = (
            '"@method": POST\n"@target-uri": https://us.test/inbox\n'
            f'"content-digest": {content_digest_of(BODY)}\n"@signature-params": {written}'
        )

        assert (
            refusal(signed_by_hand(ana, written, base), ana.public_pem)
            == "required-header-unsigned"
        )

    @pytest.mark.parametrize(
        "key_id", ["acct:bob@victim.test", "bob", "", "data:,x", "//victim.test/k"]
    )
    def test_a_key_without_a_web_address(self, ana, key_id):
        request = their_request(ana.private_pem, key_id=key_id)

        assert refusal(request, ana.public_pem) == "key-id-invalid"

    @pytest.mark.parametrize(
        ("inputs", "signatures", "reason"),
        [
            ("", "sig1=:aGk=:", "signature-missing"),
            ('sig1=("@method")', None, "signature-missing"),
            ('sig1=("@method")', "", "signature-missing"),
            ('sig1=("@method")', "sig2=:aGk=:", "signature-missing"),
            ("sig1", "sig1=:aGk=:", "signature-malformed"),
            ('sig1="text"', "sig1=:aGk=:", "signature-malformed"),
            ('sig1=("@method"', "sig1=:aGk=:", "signature-malformed"),
            ('sig1=("@method" "@method")', "sig1=:aGk=:", "signature-malformed"),
            ("sig1=(method)", "sig1=:aGk=:", "signature-malformed"),
            ('sig1=("@method"), sig1=("date")', "sig1=:aGk=:", "signature-malformed"),
            ('sig1=("@method")', "sig1=aGk", "signature-malformed"),
            ('sig1=("@method")', "sig1=::", "signature-malformed"),
            ('sig1=("@method");created="1"', "sig1=:aGk=:", "signature-malformed"),
            ('sig1=("@method");created=-1', "sig1=:aGk=:", "signature-malformed"),
            ('sig1=("@method");created=1;created=2', "sig1=:aGk=:", "signature-malformed"),
            ('sig1=("@method");keyid=5', "sig1=:aGk=:", "signature-malformed"),
            ('sig1=("@method");alg="hmac-sha256"', "sig1=:aGk=:", "algorithm-unsupported"),
            ('sig1=("@method";req)', "sig1=:aGk=:", "component-unsupported"),
            ('sig1=("Content-Digest")', "sig1=:aGk=:", "component-unsupported"),
            ('sig1=("@status")', "sig1=:aGk=:", "component-unsupported"),
            ("sig1=" + "(" * 9000, "sig1=:aGk=:", "signature-malformed"),
            ("\xff", "sig1=:aGk=:", "signature-malformed"),
            ("\u20ac", "sig1=:aGk=:", "signature-malformed"),
        ],
    )
    def test_headers_that_cannot_be_read_in_one_way(self, ana, inputs, signatures, reason):
        request = with_header(
            make_message().arrived(), signature_input=inputs, signature=signatures
        )

        assert refusal(request, ana.public_pem) == reason

    @pytest.mark.parametrize(
        "digest",
        ["sha-256=:AAAA:, sha-256=:AAAA:", "md5=:AAAA:", "sha-256=AAAA", "x" * 2000, "", "\u20ac"],
    )
    def test_a_digest_that_says_nothing(self, ana, digest):
        request = with_header(their_request(ana.private_pem), content_digest=digest)

        assert refusal(request, ana.public_pem) == "digest-malformed"

    def test_one_good_digest_does_not_excuse_a_wrong_one(self, ana):
        message = make_message()
        message.headers["Content-Digest"] += f", sha-512=:{base64.b64encode(b'x' * 64).decode()}:"

        request = their_request(ana.private_pem, message=message)

        assert refusal(request, ana.public_pem) == "digest-mismatch"

    def test_with_both_kinds_the_newer_one_counts(self, ana):
        request = with_header(their_request(ana.private_pem), signature_input='pyhms=("@method")')

        assert refusal(request, ana.public_pem) == "required-header-unsigned"

    @settings(max_examples=500, deadline=None)
    @given(inputs=st.text(max_size=200), signatures=st.text(max_size=200))
    def test_no_header_makes_it_stumble(self, inputs, signatures):
        request = SignedRequest(
            "POST", "/inbox", "", {"signature-input": inputs, "signature": signatures}
        )

        with pytest.raises(UnverifiedError):
            read_signature(request, now=NOW, own_host="us.test")

    @settings(max_examples=500, deadline=None)
    @given(
        components=st.lists(
            st.sampled_from(["@method", "@path", "@authority", "@query", "content-digest", "date"]),
            max_size=8,
        ),
        created=st.integers(-(10**15), 10**15),
        expires=st.integers(-(10**15), 10**15),
        digest=st.text(max_size=60),
    )
    def test_no_combination_makes_it_stumble(self, components, created, expires, digest):
        named = " ".join(f'"{name}"' for name in components)
        headers = {
            "host": "us.test",
            "date": digest,
            "content-digest": digest,
            "signature-input": f'a=({named});created={created};expires={expires};keyid="{KEY_ID}"',
            "signature": "a=:aGk=:",
        }

        with pytest.raises(UnverifiedError):
            verify(SignedRequest("POST", "/inbox", "", headers, BODY), PUBLIC)
