import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from federation.errors import UnverifiedError
from federation.signatures import keys

PUBLIC_PEM = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
PRIVATE_PEM = (
    serialization.Encoding.PEM,
    serialization.PrivateFormat.PKCS8,
    serialization.NoEncryption(),
)


def test_a_pair_is_rsa_2048_in_the_formats_that_peers_read(ana):
    public = serialization.load_pem_public_key(ana.public_pem.encode())

    assert public.key_size == 2048
    assert ana.public_pem.startswith("-----BEGIN PUBLIC KEY-----")
    assert ana.private_pem.startswith("-----BEGIN PRIVATE KEY-----")


def test_what_one_half_signs_the_other_half_recognises(ana, mal):
    signature = keys.sign_rsa(ana.private_pem, b"message")

    assert keys.verify_rsa(ana.public_pem, signature, b"message") is True
    assert keys.verify_rsa(ana.public_pem, signature, b"another") is False
    assert keys.verify_rsa(mal.public_pem, signature, b"message") is False
    assert keys.verify_rsa(ana.public_pem, b"", b"message") is False


def test_a_private_key_rests_encrypted(ana):
    locked = keys.lock_private_key(ana.private_pem, "secret")

    assert "PRIVATE" not in locked
    assert keys.unlock_private_key(locked, "secret") == ana.private_pem


def test_another_secret_opens_nothing(ana):
    locked = keys.lock_private_key(ana.private_pem, "secret")

    with pytest.raises(keys.KeyLockedError):
        keys.unlock_private_key(locked, "other")
    with pytest.raises(keys.KeyLockedError):
        keys.unlock_private_key(locked[:-4] + "AAAA", "secret")
    with pytest.raises(keys.KeyLockedError):
        keys.unlock_private_key("nonsense", "secret")


def test_a_fingerprint_does_not_depend_on_line_ends(ana, mal):
    assert keys.fingerprint(ana.public_pem) == keys.fingerprint(
        ana.public_pem.replace("\n", "\r\n")
    )
    assert keys.fingerprint(ana.public_pem) != keys.fingerprint(mal.public_pem)


@pytest.mark.parametrize("pem", ["", "nonsense", "\ud800", "-----BEGIN PUBLIC KEY-----\nAAAA\n"])
def test_nonsense_is_no_key(pem):
    with pytest.raises(UnverifiedError, match="key-invalid"):
        keys.verify_rsa(pem, b"x", b"y")


def test_keys_of_another_kind_or_size_are_not_used(ana):
    small = rsa.generate_private_key(65537, keys.MIN_KEY_BITS // 2).public_key()
    curve = ec.generate_private_key(ec.SECP256R1()).public_key()
    foreign = [key.public_bytes(*PUBLIC_PEM).decode() for key in (small, curve)]

    for pem in (*foreign, ana.private_pem, ana.public_pem + " " * 9000):
        with pytest.raises(UnverifiedError, match="key-invalid"):
            keys.verify_rsa(pem, b"x", b"y")


def test_we_sign_with_rsa_only():
    curve = ec.generate_private_key(ec.SECP256R1()).private_bytes(*PRIVATE_PEM).decode()

    with pytest.raises(TypeError):
        keys.sign_rsa(curve, b"message")


def test_a_pem_is_read_once(ana):
    keys.verify_rsa(ana.public_pem, b"x", b"y")
    before = keys._public_key.cache_info().hits

    keys.verify_rsa(ana.public_pem, b"x", b"y")

    assert keys._public_key.cache_info().hits == before + 1
