"""A request as it came over the wire, and what both kinds of signature have in common."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol

from federation.errors import MalformedError, UnverifiedError
from federation.signatures.faults import Fault
from federation.signatures.keys import Algorithm
from federation.vocab.origin import origin_of

MAX_AGE = timedelta(hours=12)
MAX_AHEAD = timedelta(hours=1)
MAX_DATE_LENGTH = 64
BODILESS = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A request as it came over the wire.

    `path` is raw (still percent-encoded), `query` without its question mark, `headers` lower-cased
    names to values, `body` the bytes before any decoding.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def has_body(self) -> bool:
        """Whether what it carries must be signed too."""
        return self.method.upper() not in BODILESS


@dataclass(frozen=True, slots=True)
class Here:
    """Where a request arrived: scheme and host as written in our ids, and our clock."""

    scheme: str
    host: str
    now: datetime


@dataclass(frozen=True, slots=True)
class ParsedSignature:
    """A signature that passed every check but the last.

    `messages` are the byte strings it may be over: for draft-cavage with the query, and for PieFed
    without it. Never with another query, so trying both accepts nothing else. `algorithm` is what
    was named; None leaves it to the key.
    """

    key_id: str
    signature: bytes
    messages: tuple[bytes, ...]
    algorithm: Algorithm | None = None

    @property
    def key_document(self) -> str:
        """The address where the key's document may be fetched: the key id without its fragment."""
        return self.key_id.partition("#")[0]


class Presented(Protocol):
    """A signature that can be read, covers enough, and names a key that has an address."""

    @property
    def key_id(self) -> str:
        """The address of the key."""

    def examine(self, here: Here) -> ParsedSignature:
        """Check times, digest and host; raises UnverifiedError with a Fault as its reason."""


def check_key_id(key_id: str) -> None:
    """Require an http(s) address; `acct:`, `data:` and plain words name no origin."""
    try:
        origin_of(key_id)
    except MalformedError as error:
        raise UnverifiedError(Fault.KEY_ID_INVALID) from error


def check_window(moments: Iterable[datetime], expires: datetime | None, now: datetime) -> None:
    """Require that every signed time lies within the window, and that it has not expired."""
    if not all(now - MAX_AGE <= moment <= now + MAX_AHEAD for moment in moments):
        raise UnverifiedError(Fault.DATE_OUTSIDE_WINDOW)
    if expires is not None and expires < now - MAX_AHEAD:
        raise UnverifiedError(Fault.DATE_OUTSIDE_WINDOW)


def check_host(request: SignedRequest, host: str) -> None:
    """Require that the request was sent to us, under the name in our ids."""
    if normal_host(request.headers.get("host", "")) != normal_host(host):
        raise UnverifiedError(Fault.HOST_MISMATCH)


def normal_host(host: str) -> str:
    """Return a Host header in the spelling of our ids."""
    return host.strip().lower().removesuffix(":443").removesuffix(":80")


def read_http_date(text: str) -> datetime:
    """Read a Date header (RFC 9110 section 5.6.7) in UTC."""
    if len(text) > MAX_DATE_LENGTH:
        raise UnverifiedError(Fault.DATE_MALFORMED)
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        raise UnverifiedError(Fault.DATE_MALFORMED) from error


def read_unix_time(seconds: str | int | None) -> datetime:
    """Read `created` or `expires`; a signed one that is absent is malformed."""
    try:
        return datetime.fromtimestamp(int(seconds or ""), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UnverifiedError(Fault.DATE_MALFORMED) from error
