"""What one fetch may cost, what it brings, and how much of an answer is read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.core.http_body import read_body, read_excerpt
from app.core.http_connections import HEADER_BYTES
from app.core.http_errors import TooLargeError

ERROR_EXCERPT_BYTES = 64 * 1024
REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FIRST_ERROR = 400


@dataclass(frozen=True)
class FetchLimits:
    """How much one fetch may cost; bytes are counted after decompression, times in seconds."""

    max_bytes: int = 1_048_576
    total_seconds: float = 30.0
    connect_seconds: float = 5.0
    max_redirects: int = 3
    allow_http: bool = False
    allow_downgrade: bool = False


DEFAULT_LIMITS = FetchLimits()


@dataclass(frozen=True)
class FetchedResponse:
    """An answer: any status, also 304, 4xx and 5xx.

    `url` is the one that answered: the one asked for, letter by letter, when nothing redirected.
    `redirects` names each hop's status and the URL it pointed to. Header names are in lower case.
    The body of an error is cut at 64 KiB.
    """

    status: int
    url: str
    headers: dict[str, str]
    body: bytes
    redirects: tuple[tuple[int, str], ...] = ()
    elapsed: float = 0.0


@dataclass(frozen=True)
class Answer:
    """One hop's status, headers (names in lower case) and unpacked body."""

    status: int
    headers: dict[str, str]
    body: bytes


def read_answer(
    status: int, raw_headers: Mapping[str, str], chunks: Iterable[bytes], limits: FetchLimits
) -> Answer:
    """Read what is worth reading: nothing of a redirect, the beginning of an error.

    Raises TooLargeError and BadResponseError.
    """
    headers = {name.lower(): value for name, value in raw_headers.items()}
    if sum(len(name) + len(value) for name, value in headers.items()) > HEADER_BYTES:
        raise TooLargeError("headers")
    if status in REDIRECTS:
        return Answer(status, headers, b"")
    encoding = headers.get("content-encoding", "")
    if status >= _FIRST_ERROR:
        size = min(limits.max_bytes, ERROR_EXCERPT_BYTES)
        return Answer(status, headers, read_excerpt(chunks, encoding, size))
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length) > limits.max_bytes:
        raise TooLargeError(f"{length} bytes announced")
    return Answer(status, headers, read_body(chunks, encoding, limits.max_bytes))
