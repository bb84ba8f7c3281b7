"""Keys: making them, keeping them encrypted, and using them without reading the PEM every time.

RSA-2048 with PKCS#1 v1.5 and SHA-256 is what every peer verifies. Parsed keys are cached by their
PEM text, so signing and verifying cost the arithmetic alone. Private keys rest encrypted: Fernet
with a key derived by HKDF from the server's secret.
"""

import base64
import hashlib
from functools import lru_cache
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from federation.errors import UnverifiedError
from federation.signatures.faults import Fault

KEY_BITS = 2048
PUBLIC_EXPONENT = 65_537
MIN_KEY_BITS = 2048
MAX_KEY_BITS = 8192
MAX_PEM_LENGTH = 8192
PURPOSE = b"verbindplaats federation private keys"


class KeyPair(NamedTuple):
    """A private key (PKCS#8 PEM, not encrypted: keep it short) and its public half (SPKI PEM)."""

    private_pem: str
    public_pem: str


class KeyLockedError(Exception):
    """A stored private key cannot be opened: made with another secret, or damaged."""


def generate_key_pair() -> KeyPair:
    """Make an RSA-2048 key pair; takes some tens of milliseconds."""
    key = rsa.generate_private_key(public_exponent=PUBLIC_EXPONENT, key_size=KEY_BITS)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return KeyPair(private.decode(), public.decode())


def lock_private_key(private_pem: str, secret: str) -> str:
    """Return a private key encrypted with the server's secret, as text for a column."""
    return _locksmith(secret).encrypt(private_pem.encode()).decode()


@lru_cache(maxsize=1024)
def unlock_private_key(locked: str, secret: str) -> str:
    """Return the PEM of an encrypted private key; raises KeyLockedError with the wrong secret."""
    try:
        return _locksmith(secret).decrypt(locked.encode()).decode()
    except InvalidToken as error:
        raise KeyLockedError("this private key was made with another secret key") from error


def sign_rsa(private_pem: str, message: bytes) -> bytes:
    """Return the RSA PKCS#1 v1.5 SHA-256 signature of a message."""
    return _private_key(private_pem).sign(message, padding.PKCS1v15(), hashes.SHA256())


def verify_rsa(public_pem: str, signature: bytes, message: bytes) -> bool:
    """Whether a signature is this key's over this message.

    Raises UnverifiedError when the key itself cannot be used.
    """
    key = _public_key(public_pem)
    try:
        key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def fingerprint(public_pem: str) -> str:
    """Return the hex SHA-256 of a public key, whatever the line ends of its PEM."""
    key = _public_key(public_pem)
    spki = key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return hashlib.sha256(spki).hexdigest()


@lru_cache(maxsize=4096)
def _public_key(pem: str) -> rsa.RSAPublicKey:
    """Read a public key; raises UnverifiedError unless it is RSA of 2048 to 8192 bits."""
    if len(pem) > MAX_PEM_LENGTH:
        raise UnverifiedError(Fault.KEY_INVALID)
    try:
        key = serialization.load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UnverifiedError(Fault.KEY_INVALID) from error
    if not isinstance(key, rsa.RSAPublicKey) or not MIN_KEY_BITS <= key.key_size <= MAX_KEY_BITS:
        raise UnverifiedError(Fault.KEY_INVALID)
    return key


@lru_cache(maxsize=1024)
def _private_key(pem: str) -> rsa.RSAPrivateKey:
    """Read one of our own private keys."""
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("not an RSA private key")
    return key


@lru_cache(maxsize=4)
def _locksmith(secret: str) -> Fernet:
    """Return the cipher for keys at rest, derived from the server's secret."""
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=PURPOSE)
    return Fernet(base64.urlsafe_b64encode(derived.derive(secret.encode())))
