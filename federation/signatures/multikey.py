"""Public keys as one word of text: Multikey in base58 (CID 1.0 section 2.2.2, FEP-521a).

A code in front of the bytes says which kind of key they are (multicodec). Base58 is written out
here because it is twenty lines, and bounded because converting is quadratic in the length.
"""

from functools import lru_cache

from federation.errors import UnverifiedError
from federation.signatures.faults import Fault

ED25519_CODE = b"\xed\x01"
RSA_CODE = b"\x85\x24"
BASE58_MARK = "z"
MAX_LENGTH = 2048

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}


def encode_base58(content: bytes) -> str:
    """Return bytes in multibase base58btc: `z` and the digits, a 1 for each leading zero byte."""
    number = int.from_bytes(content, "big")
    digits = []
    while number:
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    zeros = len(content) - len(content.lstrip(b"\0"))
    return BASE58_MARK + _ALPHABET[0] * zeros + "".join(reversed(digits))


def decode_base58(text: str) -> bytes:
    """Return the bytes of a multibase base58btc text; raises ValueError when it is none."""
    if not text.startswith(BASE58_MARK) or len(text) > MAX_LENGTH:
        raise ValueError("not multibase base58btc")
    digits, number = text[1:], 0
    for character in digits:
        value = _VALUES.get(character)
        if value is None:
            raise ValueError("not a digit of base58btc")
        number = number * len(_ALPHABET) + value
    zeros = len(digits) - len(digits.lstrip(_ALPHABET[0]))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


@lru_cache(maxsize=4096)
def read_multikey(text: str) -> tuple[bytes, bytes]:
    """Return code and bytes of a Multikey; raises UnverifiedError when it is none we know."""
    try:
        content = decode_base58(text)
    except ValueError as error:
        raise UnverifiedError(Fault.KEY_INVALID) from error
    code, key = content[:2], content[2:]
    if code not in {ED25519_CODE, RSA_CODE} or not key:
        raise UnverifiedError(Fault.KEY_INVALID)
    return code, key
