"""Bytes to text when the label on the bytes is wrong, as it often is.

Order of belief: byte order mark, then what the bytes themselves prove, then the HTTP charset,
then the XML declaration, then UTF-8 with stray windows-1252 bytes repaired one by one.
Sources: XML 1.0 appendix F, RFC 7303 section 3, the WHATWG Encoding Standard (latin-1 labels
mean windows-1252).
"""

import codecs
import re
from dataclasses import dataclass

_MARKS = (
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
)
_FIRST_BYTES = (
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<\x00", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)
_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,39}", re.ASCII)
_DECLARATION = re.compile(
    rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"'<>]{1,40})[\"']", re.IGNORECASE
)
_DECLARATION_WINDOW = 1_024
_LATIN = frozenset({"ascii", "iso8859-1", "cp1252", "iso8859-15"})
# Not charsets of documents: slow on hostile input, or escapes that hide markup from us.
_NOT_FOR_DOCUMENTS = frozenset(
    {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7"}
)
_FIRST_UNDEFINED = 0x80


@dataclass(frozen=True, slots=True)
class DecodedText:
    """The text, the charset it turned out to be in, and what was wrong with the label."""

    text: str
    charset: str
    warnings: tuple[str, ...] = ()


def _repair_byte(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    stray = error.object[error.start : error.start + 1]
    return stray.decode("cp1252", "replace"), error.start + 1


codecs.register_error("verbindplaats-windows-1252", _repair_byte)


def http_charset(content_type: str) -> str | None:
    """Find the charset parameter of a Content-Type header (RFC 9110 section 8.3.1), or None."""
    for parameter in content_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'") or None
    return None


def _codec(label: str | None) -> str | None:
    """Python's name of a charset we are willing to decode, or None."""
    if not label or not _LABEL.fullmatch(label):
        return None
    try:
        name = codecs.lookup(label).name
        b"".decode(name)
    except (LookupError, ValueError):
        return None
    if name.replace("_", "-") in _NOT_FOR_DOCUMENTS:
        return None
    return {"gb2312": "gb18030", "gbk": "gb18030"}.get(name, name)


def _proven(body: bytes) -> tuple[str, int] | None:
    """Charset and length of the mark, when the first bytes leave no doubt."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            return name, len(mark)
    for first, name in _FIRST_BYTES:
        if body.startswith(first):
            return name, 0
    return None


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _claimed(body: bytes, content_type: str) -> list[str]:
    declared = _DECLARATION.search(body[:_DECLARATION_WINDOW])
    labels = (
        http_charset(content_type),
        declared[1].decode("ascii", "replace") if declared else None,
    )
    names = [name for name in map(_codec, labels) if name]
    # Without a mark, two- and four-byte charsets would already have been recognised. A latin label
    # fits any bytes and is often a server's default, so every other label is tried before it.
    narrow = [name for name in names if not name.startswith(("utf-16", "utf-32"))]
    return sorted(narrow, key=lambda name: name in _LATIN)


def _decode_claimed(body: bytes, claimed: list[str]) -> DecodedText | None:
    for name in claimed:
        if name in _LATIN:
            return _decode_latin(body, name)
        try:
            text = body.decode(name)
        except (UnicodeError, LookupError, ValueError):
            continue
        return DecodedText(text, name)
    return None


def _decode_latin(body: bytes, name: str) -> DecodedText:
    charset = "cp1252" if name != "iso8859-15" else name
    return DecodedText(body.decode(charset, "replace"), charset)


def decode_text(body: bytes, content_type: str = "") -> DecodedText:
    """Turn a response body into text; never fails, says in `warnings` what it had to repair."""
    proven = _proven(body)
    if proven:
        name, skip = proven
        if name == "utf-8":
            return _decode_as_utf8(body[skip:])
        return DecodedText(body[skip:].decode(name, "replace"), name)
    claimed = _claimed(body, content_type)
    first = claimed[0] if claimed else "utf-8"
    if (first == "utf-8" or first in _LATIN) and _is_utf8(body):
        return _decode_as_utf8(body, claimed=first)
    others = [name for name in claimed if name != "utf-8"]
    return _decode_claimed(body, others) or _decode_as_utf8(body, claimed=first)


def _decode_as_utf8(body: bytes, claimed: str = "utf-8") -> DecodedText:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        repaired = body.decode("utf-8", "verbindplaats-windows-1252")
        line = body.count(b"\n", 0, error.start) + 1
        note = f"the bytes are not {claimed} as declared (line {line}); read as windows-1252"
        return DecodedText(repaired, "windows-1252", (note,))
    if claimed != "utf-8" and any(byte >= _FIRST_UNDEFINED for byte in body):
        return DecodedText(text, "utf-8", (f"declared as {claimed}, but the bytes are utf-8",))
    return DecodedText(text, "utf-8")
