"""Unpacks the body of an answer while counting, so that no bomb is ever held in memory.

The limit counts bytes after decompression (RFC 9110, section 8.4). One content coding is
understood at a time: nested ones are only ever sent to make a bomb. Pure: takes chunks of bytes.
"""

import zlib
from collections.abc import Iterable
from typing import Protocol

import brotli

from app.core.http_errors import BadResponseError, TooLargeError

MAX_RATIO = 200
# Below this size a high ratio is harmless: a page of repeated lines may well reach it.
RATIO_COUNTS_FROM = 256 * 1024
_STEP = 64 * 1024
_GZIP = 16 + zlib.MAX_WBITS
_ZLIB_HEADER = 2
_IDENTITY = frozenset({"", "identity"})


class Decoder(Protocol):
    """Turns coded chunks into plain ones, never more than `_STEP` bytes at a time."""

    def feed(self, chunk: bytes) -> Iterable[bytes]:
        """Yield what the chunk unpacks to."""

    def is_finished(self) -> bool:
        """Whether the coded stream came to its proper end."""


class PlainDecoder:
    """No coding at all."""

    def feed(self, chunk: bytes) -> Iterable[bytes]:
        """Yield the chunk as it is."""
        yield chunk

    def is_finished(self) -> bool:
        """Return True: the length was checked by whoever read the chunks."""
        return True


class GzipDecoder:
    """gzip (RFC 1952), also several members in a row and padding after the last."""

    def __init__(self) -> None:
        self._inflater = zlib.decompressobj(_GZIP)

    def feed(self, chunk: bytes) -> Iterable[bytes]:
        """Yield the unpacked bytes; raises BadResponseError for what is not gzip data."""
        rest = chunk
        while rest:
            if self._inflater.eof:
                rest = rest.lstrip(b"\0")
                if not rest:
                    return
                self._inflater = zlib.decompressobj(_GZIP)
            yield _inflate(self._inflater, rest)
            rest = self._inflater.unconsumed_tail or self._inflater.unused_data

    def is_finished(self) -> bool:
        """Whether the last member came to its end."""
        return self._inflater.eof


class DeflateDecoder:
    """deflate: zlib's format (RFC 1950), or what some servers send by that name (RFC 1951)."""

    def __init__(self) -> None:
        self._head = b""
        self._inflater: zlib._Decompress | None = None

    def feed(self, chunk: bytes) -> Iterable[bytes]:
        """Yield the unpacked bytes; raises BadResponseError for what is neither."""
        rest = chunk
        if self._inflater is None:
            rest = self._head = self._head + chunk
            if len(rest) < _ZLIB_HEADER:
                return
            self._inflater = zlib.decompressobj(_choose_window(rest))
        while rest and not self._inflater.eof:
            yield _inflate(self._inflater, rest)
            rest = self._inflater.unconsumed_tail

    def is_finished(self) -> bool:
        """Whether the stream came to its end."""
        return self._inflater is not None and self._inflater.eof


def _choose_window(head: bytes) -> int:
    """Tell zlib's header (method 8, check sum over two bytes) from none."""
    is_zlib = head[0] & 0x0F == zlib.DEFLATED and int.from_bytes(head[:2], "big") % 31 == 0
    return zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS


def _inflate(inflater: "zlib._Decompress", coded: bytes) -> bytes:
    try:
        return inflater.decompress(coded, _STEP)
    except zlib.error as error:
        raise BadResponseError(f"compressed body: {error}", code="bad_encoding") from error


class BrotliDecoder:
    """Brotli (RFC 7932)."""

    def __init__(self) -> None:
        self._inflater = brotli.Decompressor()

    def feed(self, chunk: bytes) -> Iterable[bytes]:
        """Yield the unpacked bytes; raises BadResponseError for what is not brotli data."""
        coded = chunk
        while plain := self._step(coded):
            yield plain
            coded = b""  # the rest of the chunk is kept inside until there is room for it

    def _step(self, coded: bytes) -> bytes:
        try:
            return bytes(self._inflater.process(coded, output_buffer_limit=_STEP))
        except brotli.error as error:
            raise BadResponseError(f"compressed body: {error}", code="bad_encoding") from error

    def is_finished(self) -> bool:
        """Whether the stream came to its end."""
        return bool(self._inflater.is_finished())


def choose_decoder(content_encoding: str) -> Decoder:
    """Return the decoder for a Content-Encoding header; BadResponseError for what we refuse."""
    codings = [
        coding
        for part in content_encoding.split(",")
        if (coding := part.strip().lower()) not in _IDENTITY
    ]
    if not codings:
        return PlainDecoder()
    if codings in (["gzip"], ["x-gzip"]):
        return GzipDecoder()
    if codings == ["deflate"]:
        return DeflateDecoder()
    if codings == ["br"]:
        return BrotliDecoder()
    raise BadResponseError(f"Content-Encoding {content_encoding[:80]!r}", code="bad_encoding")


def read_body(chunks: Iterable[bytes], content_encoding: str, max_bytes: int) -> bytes:
    """Return the whole unpacked body.

    Raises TooLargeError beyond `max_bytes` after unpacking or a ratio above 200, and
    BadResponseError for a coding that is unknown, nested, broken or cut short.
    """
    decoder = choose_decoder(content_encoding)
    plain = bytearray()
    coded_size = 0
    for chunk in chunks:
        coded_size += len(chunk)
        for piece in decoder.feed(chunk):
            plain += piece
            if len(plain) > max_bytes:
                raise TooLargeError(f"more than {max_bytes} bytes")
            if len(plain) > max(RATIO_COUNTS_FROM, MAX_RATIO * coded_size):
                raise TooLargeError(f"{coded_size} bytes unpack to more than {len(plain)}")
    if coded_size and not decoder.is_finished():
        raise BadResponseError("compressed body ends early", code="bad_encoding")
    return bytes(plain)


def read_excerpt(chunks: Iterable[bytes], content_encoding: str, max_bytes: int) -> bytes:
    """Return the first bytes of an error page, or what could be unpacked of them."""
    plain = bytearray()
    try:
        decoder = choose_decoder(content_encoding)
        for chunk in chunks:
            for piece in decoder.feed(chunk):
                plain += piece
                if len(plain) >= max_bytes:
                    return bytes(plain[:max_bytes])
    except BadResponseError:
        return bytes(plain)
    return bytes(plain)
