"""Requests signed with the cryptography library alone: our own signing would prove nothing."""

import base64
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from federation.errors import UnverifiedError
from federation.signatures.digest import digest_of
from federation.signatures.verify import SignedRequest, check_signature, read_signature

NOW = datetime(2026, 8, 1, 10, 0, tzinfo=UTC)
BODY = b'{"type":"Create"}'
KEY_ID = "https://peer.test/u/bob#main-key"
POST_NAMES = "(request-target) host date digest content-type"


def make_request(pair, *, names=POST_NAMES, method="POST", target="/inbox", **changed):
    """Return a signed request; `changed` are headers (with _ for -) and `parameters`."""
    headers = {
        "host": "us.test",
        "date": format_datetime(NOW, usegmt=True),
        "digest": digest_of(BODY),
        "content-type": "application/activity+json",
        "content-length": str(len(BODY)),
    }
    headers.update({n.replace("_", "-"): v for n, v in changed.items() if n != "parameters"})
    parameters = changed.get("parameters", {})
    special = {"(request-target)": f"{method.lower()} {target}"}
    special |= {f"({name})": value for name, value in parameters.items()}
    text = "\n".join(f"{name}: {special.get(name, headers.get(name))}" for name in names.split())
    private = serialization.load_pem_private_key(pair.private_pem.encode(), None)
    signature = private.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    extra = "".join(f",{name}={value}" for name, value in parameters.items())
    headers["signature"] = (
        f'keyId="{KEY_ID}",algorithm="rsa-sha256",headers="{names}"{extra},'
        f'signature="{base64.b64encode(signature).decode()}"'
    )
    path, _, query = target.partition("?")
    return SignedRequest(method, path, query, headers, BODY)


def verify(request, pair, now=NOW, own_host="us.test"):
    check_signature(read_signature(request, now=now, own_host=own_host), pair.public_pem)


def with_header(request, **headers):
    changed = {**request.headers, **{n.replace("_", "-"): v for n, v in headers.items()}}
    return replace(request, headers={n: v for n, v in changed.items() if v is not None})


def refusal(request, pair, **circumstances):
    with pytest.raises(UnverifiedError) as raised:
        verify(request, pair, **circumstances)
    return raised.value.reason
