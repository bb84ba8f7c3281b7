"""Requests signed by RFC 9421 with an independent library, or by hand."""

import base64
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPSignatureKeyResolver,
    algorithms,
)

from federation.errors import UnverifiedError
from federation.signatures.digest import content_digest_of
from federation.signatures.keys import generate_proof_key_pair
from federation.signatures.verify import SignedRequest, check_signature, read_signature

NOW = datetime(2026, 8, 1, 10, 0, tzinfo=UTC)
BODY = b'{"type":"Create"}'
KEY_ID = "https://peer.test/u/bob#main-key"
MINIMUM = ("@method", "@target-uri", "content-digest")
ED25519 = generate_proof_key_pair()


@dataclass
class Message:
    """What the library on the other side signs and verifies."""

    method: str = "POST"
    url: str = "https://us.test/inbox"
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = BODY

    def arrived(self, **changed):
        target = self.url.split("us.test", 1)[1]
        path, _, query = target.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = SignedRequest(self.method, path, query, headers, self.body)
        return replace(request, **changed)


class Keys(HTTPSignatureKeyResolver):
    def __init__(self, private_pem):
        self.key = serialization.load_pem_private_key(private_pem.encode(), None)

    def resolve_private_key(self, key_id):
        return self.key

    def resolve_public_key(self, key_id):
        return self.key.public_key()


def make_message(**changed):
    headers = {
        "Host": "us.test",
        "Date": "Sat, 01 Aug 2026 10:00:00 GMT",
        "Content-Type": "application/activity+json",
        "Content-Digest": content_digest_of(BODY),
    }
    return Message(headers=headers, **changed)


def their_request(private_pem, algorithm=algorithms.RSA_V1_5_SHA256, message=None, **options):
    message = message or make_message()
    signer = HTTPMessageSigner(signature_algorithm=algorithm, key_resolver=Keys(private_pem))
    options = {"covered_component_ids": MINIMUM, "created": NOW, "key_id": KEY_ID} | options
    options.setdefault("use_existing_digest", message.method == "POST")
    signer.sign(message, **options)
    return message.arrived()


def verify(request, public_key, now=NOW, **here):
    parsed = read_signature(request, now=now, own_host="us.test", **here)
    check_signature(parsed, public_key)
    return parsed


def refusal(request, public_key, **circumstances):
    with pytest.raises(UnverifiedError) as raised:
        verify(request, public_key, **circumstances)
    return raised.value.reason


def with_header(request, **headers):
    changed = {**request.headers, **{n.replace("_", "-"): v for n, v in headers.items()}}
    return replace(request, headers={n: v for n, v in changed.items() if v is not None})


def signed_by_hand(pair, written, base):
    """A request signed with the cryptography library alone, over any text."""
    private = serialization.load_pem_private_key(pair.private_pem.encode(), None)
    signature = private.sign(base.encode(), padding.PKCS1v15(), hashes.SHA256())
    message = make_message()
    message.headers["Signature-Input"] = f"sig1={written}"
    message.headers["Signature"] = f"sig1=:{base64.b64encode(signature).decode()}:"
    return message.arrived()
