"""The published ways round a signature (Misskey, Fedify, Mbin, GoToSocial, ...), each refused."""

import base64
import timeit
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from federation.errors import UnverifiedError
from federation.signatures import keys
from federation.signatures.digest import digest_of
from federation.signatures.verify import SignedRequest, check_signature, read_signature
from tests.federation.signatures.signed_requests import (
    KEY_ID,
    NOW,
    POST_NAMES,
    make_request,
    refusal,
    verify,
    with_header,
)


@pytest.mark.parametrize(
    "names",
    [
        POST_NAMES,
        "(request-target) host date digest",
        "digest date host (request-target)",
        "(request-target) content-length host date digest",
        "(Request-Target) Host Date Digest",
    ],
)
def test_a_genuine_signature_is_recognised(ana, names):
    signed = make_request(ana, names=names.lower())
    shouted = with_header(
        signed, signature=signed.headers["signature"].replace(names.lower(), names)
    )

    verify(shouted, ana)


def test_the_vector_of_the_draft_is_recognised(ana):
    """draft-cavage-http-signatures-12 appendix C.3, its text signed with a key of 2048 bits."""
    text = (
        b"(request-target): post /foo?param=value&pet=dog\n"
        b"host: example.com\n"
        b"date: Sun, 05 Jan 2014 21:31:40 GMT\n"
        b"content-type: application/json\n"
        b"digest: SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=\n"
        b"content-length: 18"
    )
    private = serialization.load_pem_private_key(ana.private_pem.encode(), None)
    signature = private.sign(text, padding.PKCS1v15(), hashes.SHA256())
    request = SignedRequest(
        "POST",
        "/foo",
        "param=value&pet=dog",
        {
            "host": "example.com",
            "date": "Sun, 05 Jan 2014 21:31:40 GMT",
            "content-type": "application/json",
            "digest": "SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=",
            "content-length": "18",
            "signature": (
                'keyId="https://example.com/key",algorithm="rsa-sha256",headers="(request-target) '
                'host date content-type digest content-length",'
                f'signature="{base64.b64encode(signature).decode()}"'
            ),
        },
        b'{"hello": "world"}',
    )
    moment = datetime(2014, 1, 5, 21, 31, 40, tzinfo=UTC)

    parsed = read_signature(request, now=moment, own_host="example.com")
    check_signature(parsed, ana.public_pem)

    assert parsed.messages[0] == text


def test_the_key_document_is_the_key_id_without_its_fragment(ana):
    parsed = read_signature(make_request(ana), now=NOW, own_host="us.test")

    assert parsed.key_id == KEY_ID
    assert parsed.key_document == "https://peer.test/u/bob"


def test_a_replayed_signature_carries_no_other_body_host_or_digest(ana):
    genuine = make_request(ana)

    assert refusal(replace(genuine, body=b"{}"), ana) == "digest-mismatch"
    assert refusal(with_header(genuine, host="other.test"), ana) == "host-mismatch"
    assert refusal(genuine, ana, own_host="other.test") == "host-mismatch"
    assert refusal(with_header(genuine, digest=None), ana) == "signed-header-missing"
    forged = with_header(replace(genuine, body=b"{}"), digest=digest_of(b"{}"))
    assert refusal(forged, ana) == "signature-mismatch"


@pytest.mark.parametrize("missing", ["(request-target)", "host", "date", "digest"])
def test_what_is_not_signed_could_be_anything(ana, missing):
    names = " ".join(name for name in POST_NAMES.split() if name != missing)

    assert refusal(make_request(ana, names=names), ana) == "required-header-unsigned"


def test_a_signature_over_nothing_is_worth_nothing(ana):
    request = make_request(ana)
    signature = request.headers["signature"]

    emptied = with_header(request, signature=signature.replace(POST_NAMES, ""))
    left_out = with_header(request, signature=signature.replace(f'headers="{POST_NAMES}",', ""))

    assert refusal(emptied, ana) == "required-header-unsigned"
    assert refusal(left_out, ana) == "required-header-unsigned"


@pytest.mark.parametrize("signature", [None, ""])
def test_an_unsigned_request_is_refused(ana, signature):
    assert refusal(with_header(make_request(ana), signature=signature), ana) == "signature-missing"


@pytest.mark.parametrize(
    "key_id",
    [
        "acct:bob@victim.test",
        "bob",
        "data:text/plain,x",
        "javascript:x",
        "//peer.test/key",
        "https://peer.test@evil.test/key",
        "https://peer.te\\st/key",
    ],
)
def test_a_key_has_a_web_address(ana, key_id):
    request = make_request(ana)
    moved = with_header(request, signature=request.headers["signature"].replace(KEY_ID, key_id))

    assert refusal(moved, ana) == "key-id-invalid"


@pytest.mark.parametrize(
    ("target", "arrives_at"),
    [
        ("/inbox", "/c/besloten/inbox"),
        ("/inbox", "/inbox/"),
        ("/inbox", "/INBOX"),
        ("/inbox?x=1", "/inbox?x=2"),
        ("/inbox?x=1", "/inbox"),
        ("/inbox?x=1", "/inbox?x=1&y=2"),
    ],
)
def test_a_signature_holds_for_its_own_address_only(ana, target, arrives_at):
    path, _, query = arrives_at.partition("?")
    request = replace(make_request(ana, target=target), path=path, query=query)

    assert refusal(request, ana) == "signature-mismatch"


@pytest.mark.parametrize("signed", ["/inbox?x=1", "/inbox"])
def test_a_query_may_be_left_out_when_signing(ana, signed):
    verify(replace(make_request(ana, target=signed), query="x=1"), ana)


def test_a_signature_holds_for_its_own_method_only(ana):
    question = make_request(ana, method="GET", names="(request-target) host date")

    verify(question, ana)
    assert refusal(replace(question, method="POST"), ana) == "required-header-unsigned"
    put = replace(make_request(ana), method="PUT")
    assert refusal(put, ana) == "signature-mismatch"


@pytest.mark.parametrize("host", ["us.test", "US.Test", "us.test:443"])
def test_our_host_is_recognised_however_it_is_written(ana, host):
    verify(make_request(ana, host=host), ana)


def test_in_the_laboratory_the_port_is_part_of_the_host(ana):
    request = make_request(ana, host="127.0.0.1:8000")

    verify(request, ana, own_host="127.0.0.1:8000")
    assert refusal(request, ana, own_host="127.0.0.1:8001") == "host-mismatch"


def test_another_key_did_not_sign_this(ana, mal):
    assert refusal(make_request(mal), ana) == "signature-mismatch"


@pytest.mark.parametrize("answer", [None, 0, -1, 1, "yes", object(), False])
def test_only_an_explicit_yes_is_a_yes(ana, monkeypatch, answer):
    monkeypatch.setattr(keys, "verify_rsa", lambda *_: answer)

    assert refusal(make_request(ana), ana) == "signature-mismatch"


def test_an_unusable_key_is_no_proof(ana):
    parsed = read_signature(make_request(ana), now=NOW, own_host="us.test")

    with pytest.raises(UnverifiedError, match="key-invalid"):
        check_signature(parsed, "-----BEGIN PUBLIC KEY-----")


def test_the_cheap_questions_come_first_and_in_one_order(ana):
    wrong = make_request(ana, host="other.test", date="yesterday", digest="md5=x")
    repairs = [
        ("algorithm-unsupported", {"algorithm": "hs2019"}),
        ("signature-malformed", {"headers": "host"}),
        ("required-header-unsigned", {"headers": "(request-target) host date digest x"}),
        ("signed-header-missing", {"headers": "(request-target) host date digest"}),
        ("key-id-invalid", {"keyId": KEY_ID}),
    ]
    parts = {"keyId": "bob", "algorithm": "none", "headers": "host host", "signature": "AAAA"}
    faults = []
    for _, repair in repairs:
        header = ",".join(f'{name}="{value}"' for name, value in parts.items())
        faults.append(refusal(with_header(wrong, signature=header), ana))
        parts |= repair

    assert faults == [fault for fault, _ in repairs]

    wrong = with_header(
        wrong, signature=",".join(f'{name}="{value}"' for name, value in parts.items())
    )
    assert refusal(wrong, ana) == "date-malformed"
    wrong = with_header(wrong, date=format_datetime(NOW, usegmt=True))
    assert refusal(wrong, ana) == "digest-malformed"
    wrong = with_header(wrong, digest=digest_of(wrong.body))
    assert refusal(wrong, ana) == "host-mismatch"
    wrong = with_header(wrong, host="us.test")
    assert refusal(wrong, ana) == "signature-mismatch"


def test_verifying_costs_well_below_a_millisecond(ana):
    request = make_request(ana)

    fastest = min(timeit.repeat(lambda: verify(request, ana), number=10, repeat=20)) / 10

    assert fastest < 0.001
