import pytest

from federation.errors import UnverifiedError
from federation.signatures.keys import (
    Algorithm,
    fingerprint,
    generate_proof_key_pair,
    is_proof_key,
    multikey_of,
    sign_ed25519,
    sign_rsa,
    verify_message,
)
from federation.signatures.multikey import decode_base58, encode_base58, read_multikey

ALICE = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "z"),
        (b"\0", "z1"),
        (b"\0\0\1", "z112"),
        (b"Hello World!", "z2NEpo7TZRRrLZSi2U"),
        (bytes.fromhex("0000287fb4cd"), "z11233QC4"),
    ],
)
def test_base58_goes_both_ways(content: bytes, text: str) -> None:
    assert encode_base58(content) == text
    assert decode_base58(text) == content


@pytest.mark.parametrize("text", ["", "1", "m1", "z0", "zO", "zI", "zl", "z ", "zé", "z" * 3000])
def test_what_is_not_base58_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="base58btc"):
        decode_base58(text)


@pytest.mark.parametrize("text", ["z", "z11", ALICE[:-1] + "0", "z6M", "x" + ALICE])
def test_what_is_no_key_we_know_is_refused(text: str) -> None:
    with pytest.raises(UnverifiedError, match="key-invalid"):
        read_multikey(text)


def test_the_key_of_the_specification_is_read_and_written_the_same() -> None:
    code, key = read_multikey(ALICE)

    assert (code, len(key)) == (b"\xed\x01", 32)
    assert multikey_of(ALICE) == ALICE
    assert is_proof_key(ALICE)


def test_an_rsa_key_is_the_same_key_as_multikey_and_as_pem(ana) -> None:
    multikey = multikey_of(ana.public_pem)

    assert multikey.startswith("z4MXj1wBzi9jUsty")  # how every such key of 2048 bits begins
    assert fingerprint(multikey) == fingerprint(ana.public_pem)
    assert verify_message(multikey, sign_rsa(ana.private_pem, b"x"), b"x", None) is True
    assert not is_proof_key(multikey)


def test_a_key_verifies_only_its_own_kind(ana) -> None:
    pair = generate_proof_key_pair()
    made = sign_ed25519(pair.private_pem, b"x")

    assert verify_message(pair.multikey, made, b"x", None) is True
    assert verify_message(pair.multikey, made, b"y", None) is False
    assert verify_message(ana.public_pem, made, b"x", None) is False
    with pytest.raises(UnverifiedError, match="algorithm-unsupported"):
        verify_message(pair.multikey, made, b"x", Algorithm.RSA_V15)
    with pytest.raises(UnverifiedError, match="algorithm-unsupported"):
        verify_message(ana.public_pem, made, b"x", Algorithm.ED25519)


def test_each_kind_of_private_key_makes_its_own_kind_of_signature(ana) -> None:
    with pytest.raises(TypeError):
        sign_ed25519(ana.private_pem, b"x")
    with pytest.raises(TypeError):
        sign_rsa(generate_proof_key_pair().private_pem, b"x")


@pytest.mark.parametrize("text", ["", "x", "z", "z" * 9000, "-----BEGIN PUBLIC KEY-----"])
def test_nothing_else_is_a_key_for_proofs(text: str) -> None:
    assert not is_proof_key(text)
