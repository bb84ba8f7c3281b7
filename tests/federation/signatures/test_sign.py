import base64
from datetime import UTC, datetime

import pytest

from federation.errors import MalformedError
from federation.signatures.cavage import parse_header
from federation.signatures.keys import sign_rsa
from federation.signatures.sign import SigningKey, sign_request
from federation.signatures.verify import SignedRequest, check_signature, read_signature

NOW = datetime(2026, 8, 1, 10, 0, tzinfo=UTC)
BODY = b'{"type":"Follow"}'


@pytest.fixture
def key(ana):
    return SigningKey("https://us.test/u/ana#main-key", ana.private_pem)


def test_a_delivery_carries_what_every_peer_needs(key):
    headers = sign_request("POST", "https://peer.test/inbox", BODY, key, NOW)

    assert set(headers) == {"Host", "Date", "Digest", "Content-Type", "Signature"}
    assert headers["Host"] == "peer.test"
    assert headers["Date"] == "Sat, 01 Aug 2026 10:00:00 GMT"
    assert headers["Digest"].startswith("SHA-256=")
    assert headers["Content-Type"] == "application/activity+json"
    assert ", " not in headers["Signature"]
    assert headers["Signature"].startswith(
        'keyId="https://us.test/u/ana#main-key",algorithm="rsa-sha256",'
        'headers="(request-target) host date digest content-type",signature="'
    )


def test_the_signed_text_and_its_header_are_these_to_the_byte(ana, key):
    """PieFed and Mbin split at commas without trimming; no blank may follow one."""
    url = "https://peer.test/c/toetsing/inbox?x=1"
    headers = sign_request("POST", url, BODY, key, NOW)
    arrived = {name.lower(): value for name, value in headers.items()}
    request = SignedRequest("POST", "/c/toetsing/inbox", "x=1", arrived, BODY)

    parsed = read_signature(request, now=NOW, own_host="peer.test")

    assert parsed.messages[0] == (
        b"(request-target): post /c/toetsing/inbox?x=1\n"
        b"host: peer.test\n"
        b"date: Sat, 01 Aug 2026 10:00:00 GMT\n"
        b"digest: SHA-256=GYwYnH3BiO6aICFt0ThC5bUIJ4byvqdpWtR8m5fNkww=\n"
        b"content-type: application/activity+json"
    )
    made = base64.b64encode(sign_rsa(ana.private_pem, parsed.messages[0])).decode()
    assert headers["Signature"] == (
        'keyId="https://us.test/u/ana#main-key",algorithm="rsa-sha256",'
        'headers="(request-target) host date digest content-type",'
        f'signature="{made}"'
    )


def test_a_question_signs_target_host_and_date(key):
    headers = sign_request("GET", "https://peer.test:8443/u/bob", None, key, NOW)

    assert set(headers) == {"Host", "Date", "Signature"}
    assert headers["Host"] == "peer.test:8443"
    assert parse_header(headers["Signature"]).headers == ("(request-target)", "host", "date")


@pytest.mark.parametrize(
    ("url", "path", "query"),
    [
        ("https://peer.test/inbox", "/inbox", ""),
        ("https://peer.test", "/", ""),
        ("https://peer.test/?author=0", "/", "author=0"),
        ("https://peer.test/wp-json/a?b=c&d=%20", "/wp-json/a", "b=c&d=%20"),
        ("https://peer.test/ü/~x(1)", "/%C3%BC/~x(1)", ""),
    ],
)
def test_what_we_sign_can_be_verified(ana, key, url, path, query):
    headers = sign_request("POST", url, BODY, key, NOW)

    request = SignedRequest(
        "POST", path, query, {name.lower(): value for name, value in headers.items()}, BODY
    )
    check_signature(read_signature(request, now=NOW, own_host="peer.test"), ana.public_pem)


def test_for_piefed_the_query_is_not_signed(ana):
    key = SigningKey("https://us.test/u/ana#main-key", ana.private_pem, covers_query=False)

    with_query = sign_request("POST", "https://peer.test/inbox?x=1", BODY, key, NOW)
    without = sign_request("POST", "https://peer.test/inbox", BODY, key, NOW)

    assert with_query["Signature"] == without["Signature"]


def test_every_attempt_has_its_own_signature(key):
    first = sign_request("POST", "https://peer.test/inbox", BODY, key, NOW)
    second = sign_request("POST", "https://peer.test/inbox", BODY, key, NOW.replace(minute=1))

    assert first["Signature"] != second["Signature"]


def test_nothing_is_signed_for_an_address_that_is_none(key):
    with pytest.raises(MalformedError):
        sign_request("POST", "https://us@evil.test/inbox", BODY, key, NOW)
