import gzip
import zlib

import brotli
import pytest

from app.core.http_body import read_body
from app.core.http_client import FetchLimits, HttpClient
from app.core.http_errors import BadResponseError, TooLargeError
from tests.support.hostile_server import answer, serve_raw

TEXT = b"".join(b"regel %d van een gewoon stuk\n" % number for number in range(5000))


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


ENCODED = [
    ("", TEXT),
    ("identity", TEXT),
    ("gzip", gzip.compress(TEXT)),
    ("GZIP", gzip.compress(TEXT)),
    ("x-gzip", gzip.compress(TEXT)),
    ("gzip, identity", gzip.compress(TEXT)),
    ("gzip", gzip.compress(TEXT[:999]) + gzip.compress(TEXT[999:])),
    ("gzip", gzip.compress(TEXT) + b"\0" * 100),
    ("deflate", zlib.compress(TEXT)),
    ("deflate", bare_deflate(TEXT)),
    ("br", brotli.compress(TEXT)),
]


def pieces(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


@pytest.mark.parametrize("size", [1, 17, 4096, 10**6])
@pytest.mark.parametrize(("encoding", "coded"), ENCODED)
def test_every_coding_unpacks_whatever_the_chunks(encoding, coded, size):
    assert read_body(pieces(coded, size), encoding, len(TEXT)) == TEXT


@pytest.mark.parametrize(("encoding", "coded"), ENCODED)
def test_one_byte_over_the_limit_is_refused(encoding, coded):
    with pytest.raises(TooLargeError):
        read_body(pieces(coded, 4096), encoding, len(TEXT) - 1)


@pytest.mark.parametrize("encoding", ["gzip, gzip", "gzip,br", "compress", "zstd", "gzip; q=1"])
def test_nested_and_unknown_codings_are_refused(encoding):
    with pytest.raises(BadResponseError) as caught:
        read_body([gzip.compress(gzip.compress(TEXT))], encoding, 10**6)

    assert caught.value.code == "bad_encoding"


@pytest.mark.parametrize(
    ("encoding", "bomb"),
    [
        ("gzip", gzip.compress(b"\0" * 30_000_000)),
        ("deflate", zlib.compress(b"\0" * 30_000_000)),
        ("br", brotli.compress(b"\0" * 30_000_000)),
    ],
)
def test_a_bomb_is_refused_by_its_ratio_long_before_the_limit(encoding, bomb):
    with pytest.raises(TooLargeError, match="unpack"):
        read_body(pieces(bomb, 65536), encoding, 10**9)


def test_a_small_repetitive_page_is_no_bomb():
    page = b"a" * 200_000

    assert read_body([gzip.compress(page)], "gzip", 10**6) == page


@pytest.mark.parametrize(
    ("encoding", "coded"),
    [
        ("gzip", gzip.compress(TEXT)[:-20]),
        ("gzip", b"geen gzip"),
        ("deflate", b"\xff\xff\xff"),
        ("br", brotli.compress(TEXT)[:-20]),
        ("br", b"\xff\xff\xff\xff"),
    ],
)
def test_broken_and_shortened_codings_are_refused(encoding, coded):
    with pytest.raises(BadResponseError):
        read_body([coded], encoding, 10**6)


def test_an_answer_without_body_may_name_a_coding():
    assert read_body([], "gzip", 10) == b""


def test_bombs_from_a_server_are_refused():
    client = HttpClient("Test/0", allow_private=True)
    once = gzip.compress(b"\0" * 50_000_000)
    bodies = {b"/een": ("gzip", once), b"/twee": ("gzip, gzip", gzip.compress(once))}

    def script(request: bytes):
        encoding, body = bodies[request.split(b" ")[1]]
        return [answer(body, headers=[f"Content-Encoding: {encoding}"])]

    with serve_raw(script) as site:
        with pytest.raises(TooLargeError):
            client.get(site.url("/een"), limits=FetchLimits(max_bytes=10**9))
        with pytest.raises(BadResponseError):
            client.get(site.url("/twee"), limits=FetchLimits(max_bytes=10**9))
