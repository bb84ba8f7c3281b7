"""Keys: making them, keeping them encrypted, and using them without reading the PEM every time.

RSA-2048 with PKCS#1 v1.5 and SHA-256 is what every peer verifies; Ed25519 is what proofs are made
with. A public key is a text: SPKI PEM, or a Multikey. Parsed keys are cached by that text, so
signing and verifying cost the arithmetic alone. Private keys rest encrypted: Fernet with a key
derived by HKDF from the server's secret.
"""

import base64
import hashlib
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from federation.errors import UnverifiedError
from federation.signatures.faults import Fault
from federation.signatures.multikey import (
    BASE58_MARK,
    ED25519_CODE,
    RSA_CODE,
    encode_base58,
    read_multikey,
)

KEY_BITS = 2048
PUBLIC_EXPONENT = 65_537
MIN_KEY_BITS = 2048
MAX_KEY_BITS = 8192
MAX_PEM_LENGTH = 8192
PSS_SALT_LENGTH = 64
PURPOSE = b"verbindplaats federation private keys"

PublicKey: TypeAlias = rsa.RSAPublicKey | Ed25519PublicKey


class Algorithm(StrEnum):
    """How a signature is made, by the names of RFC 9421 section 6.2.2."""

    RSA_V15 = "rsa-v1_5-sha256"
    RSA_PSS = "rsa-pss-sha512"
    ED25519 = "ed25519"


class KeyPair(NamedTuple):
    """A private key (PKCS#8 PEM, not encrypted: keep it short) and its public half (SPKI PEM)."""

    private_pem: str
    public_pem: str


class ProofKeyPair(NamedTuple):
    """An Ed25519 key: the private half as PKCS#8 PEM (not encrypted), the public as Multikey."""

    private_pem: str
    multikey: str


class KeyLockedError(Exception):
    """A stored private key cannot be opened: made with another secret, or damaged."""


def generate_key_pair() -> KeyPair:
    """Make an RSA-2048 key pair; takes some tens of milliseconds."""
    key = rsa.generate_private_key(public_exponent=PUBLIC_EXPONENT, key_size=KEY_BITS)
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return KeyPair(_pem_of(key), public.decode())


def generate_proof_key_pair() -> ProofKeyPair:
    """Make an Ed25519 key pair for proofs (FEP-8b32); takes well below a millisecond."""
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    return ProofKeyPair(_pem_of(key), encode_base58(ED25519_CODE + public))


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
    key = _private_key(private_pem)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("not an RSA private key")
    return key.sign(message, padding.PKCS1v15(), hashes.SHA256())


def sign_ed25519(private_pem: str, message: bytes) -> bytes:
    """Return the Ed25519 signature of a message (RFC 8032), 64 bytes."""
    key = _private_key(private_pem)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("not an Ed25519 private key")
    return key.sign(message)


def verify_rsa(public_key: str, signature: bytes, message: bytes) -> bool:
    """Whether a signature is this RSA key's over this message (PKCS#1 v1.5, SHA-256).

    Raises UnverifiedError when the key itself cannot be used.
    """
    return _is_made_by(_public_key(public_key), signature, message, Algorithm.RSA_V15)


def verify_message(
    public_key: str, signature: bytes, message: bytes, algorithm: Algorithm | None
) -> bool:
    """Whether a signature is this key's over this message.

    The key decides how it was made; an `algorithm` that was named must be one for such a key, or
    UnverifiedError is raised, as it is for a key that cannot be used.
    """
    key = _public_key(public_key)
    if isinstance(key, rsa.RSAPublicKey) and algorithm in {None, Algorithm.RSA_V15}:
        return verify_rsa(public_key, signature, message)
    return _is_made_by(key, signature, message, algorithm or Algorithm.ED25519)


def is_proof_key(public_key: str) -> bool:
    """Whether this text is an Ed25519 key, with which proofs are made; raises nothing."""
    try:
        return isinstance(_public_key(public_key), Ed25519PublicKey)
    except UnverifiedError:
        return False


def fingerprint(public_key: str) -> str:
    """Return the hex SHA-256 of a public key, however its text is written."""
    spki = _public_key(public_key).public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return hashlib.sha256(spki).hexdigest()


@lru_cache(maxsize=1024)
def multikey_of(public_key: str) -> str:
    """Return a public key as Multikey; raises UnverifiedError when it cannot be used."""
    key = _public_key(public_key)
    if isinstance(key, Ed25519PublicKey):
        return encode_base58(ED25519_CODE + key.public_bytes_raw())
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1)
    return encode_base58(RSA_CODE + der)


def _is_made_by(key: PublicKey, signature: bytes, message: bytes, algorithm: Algorithm) -> bool:
    """Do the arithmetic; False is a wrong signature, and no other failure is."""
    try:
        if isinstance(key, Ed25519PublicKey) and algorithm is Algorithm.ED25519:
            key.verify(signature, message)
        elif isinstance(key, rsa.RSAPublicKey) and algorithm is Algorithm.RSA_V15:
            key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(key, rsa.RSAPublicKey) and algorithm is Algorithm.RSA_PSS:
            pss = padding.PSS(padding.MGF1(hashes.SHA512()), PSS_SALT_LENGTH)
            key.verify(signature, message, pss, hashes.SHA512())
        else:
            raise UnverifiedError(Fault.ALGORITHM_UNSUPPORTED)
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=4096)
def _public_key(text: str) -> PublicKey:
    """Read a public key; raises UnverifiedError unless it is Ed25519, or RSA of 2048-8192 bits."""
    if len(text) > MAX_PEM_LENGTH:
        raise UnverifiedError(Fault.KEY_INVALID)
    try:
        key = _from_multikey(text) if text.startswith(BASE58_MARK) else _from_pem(text)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UnverifiedError(Fault.KEY_INVALID) from error
    if isinstance(key, Ed25519PublicKey):
        return key
    if not isinstance(key, rsa.RSAPublicKey) or not MIN_KEY_BITS <= key.key_size <= MAX_KEY_BITS:
        raise UnverifiedError(Fault.KEY_INVALID)
    return key


def _from_pem(text: str) -> object:
    return serialization.load_pem_public_key(text.encode())


def _from_multikey(text: str) -> object:
    """Read a Multikey; the DER of RSA is that of PKCS#1."""
    code, content = read_multikey(text)
    if code == ED25519_CODE:
        return Ed25519PublicKey.from_public_bytes(content)
    return serialization.load_der_public_key(content)


@lru_cache(maxsize=2048)
def _private_key(pem: str) -> object:
    """Read one of our own private keys."""
    return serialization.load_pem_private_key(pem.encode(), password=None)


def _pem_of(key: rsa.RSAPrivateKey | Ed25519PrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


@lru_cache(maxsize=4)
def _locksmith(secret: str) -> Fernet:
    """Return the cipher for keys at rest, derived from the server's secret."""
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=PURPOSE)
    return Fernet(base64.urlsafe_b64encode(derived.derive(secret.encode())))
