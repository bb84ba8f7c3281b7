"""RFC 9421 as Mastodon checks it: the method, the address and the digest, RSA with SHA-256."""

import base64
import hashlib
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from tests.readers.signatures import Delivered, UnsignedError

_INPUT = re.compile(r"(?P<label>[a-z][a-z0-9_.*-]*)=(?P<inner>\((?P<names>[^)]*)\)(?P<rest>.*))")
_KEY_ID = re.compile(r'keyid="(?P<key_id>[^"]+)"')
REQUIRED = frozenset({"@method", "@target-uri", "content-digest"})


def key_id_of(delivered: Delivered) -> str:
    """Return with which key it says it is signed."""
    found = _KEY_ID.search(delivered.header("signature-input"))
    if found is None:
        raise UnsignedError("no keyid")
    return found["key_id"]


def check(delivered: Delivered, pem: str) -> None:
    """Verify a POST; raises UnsignedError."""
    match = _INPUT.fullmatch(delivered.header("signature-input"))
    if match is None or "created=" not in match["rest"]:
        raise UnsignedError("unreadable")
    names = [name.strip('"') for name in match["names"].split()]
    if not set(names) >= REQUIRED:
        raise UnsignedError("too little is covered")
    digest = base64.b64encode(hashlib.sha256(delivered.body).digest()).decode()
    if delivered.header("content-digest") != f"sha-256=:{digest}:":
        raise UnsignedError("the digest differs")
    lines = [f'"{name}": {_value(delivered, name)}' for name in names]
    lines.append(f'"@signature-params": {match["inner"]}')
    written = delivered.header("signature").removeprefix(f"{match['label']}=:").removesuffix(":")
    key = load_pem_public_key(pem.encode())
    assert isinstance(key, RSAPublicKey)
    try:
        signed = "\n".join(lines).encode()
        key.verify(base64.b64decode(written, validate=True), signed, PKCS1v15(), SHA256())
    except InvalidSignature as error:
        raise UnsignedError("made over something else") from error


def _value(delivered: Delivered, name: str) -> str:
    derived = {
        "@method": delivered.method,
        "@target-uri": f"http://{delivered.header('host')}{delivered.path}",
    }
    return derived[name] if name in derived else delivered.header(name)
