"""Is this request from the holder of that key? Cheap questions first, arithmetic last.

`read_signature` asks everything that costs nothing: the header, the key's address, the date, the
digest of the raw bytes, the host. Only then is the key worth having, and `check_signature` tells.
Both raise UnverifiedError; coming back without an exception is the only success there is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from federation.errors import MalformedError, UnverifiedError
from federation.signatures import cavage, keys
from federation.signatures.digest import check_digest
from federation.signatures.faults import Fault
from federation.vocab.origin import origin_of

MAX_AGE = timedelta(hours=12)
MAX_AHEAD = timedelta(hours=1)
MAX_DATE_LENGTH = 64


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


@dataclass(frozen=True, slots=True)
class ParsedSignature:
    """A signature that passed every check but the last.

    `messages` are the byte strings it may be over: with the query, and for PieFed without it. Never
    with another query, so trying both accepts nothing else.
    """

    key_id: str
    signature: bytes
    messages: tuple[bytes, ...]

    @property
    def key_document(self) -> str:
        """The address where the key's document may be fetched: the key id without its fragment."""
        return self.key_id.partition("#")[0]


def read_signature(request: SignedRequest, *, now: datetime, own_host: str) -> ParsedSignature:
    """Check everything about a signature that needs no key.

    `own_host` is our host as written in our ids, with its port when that is not the default one.
    Raises UnverifiedError with a Fault as its reason.
    """
    header = request.headers.get("signature")
    if not header:
        raise UnverifiedError(Fault.SIGNATURE_MISSING)
    parameters = cavage.parse_header(header)
    _require_headers(request.method, parameters.headers)
    messages = _messages(request, parameters)
    _check_key_id(parameters.key_id)
    _check_dates(request, parameters, now)
    if "digest" in parameters.headers:
        check_digest(request.headers["digest"], request.body)
    if _without_default_port(request.headers["host"]) != _without_default_port(own_host):
        raise UnverifiedError(Fault.HOST_MISMATCH)
    return ParsedSignature(parameters.key_id, parameters.signature, messages)


def check_signature(parsed: ParsedSignature, public_key_pem: str) -> None:
    """Raise UnverifiedError unless this key made this signature.

    Anything but an explicit True from the arithmetic is a no (GHSA-x9g5-vwhc-pxm7).
    """
    for message in parsed.messages:
        if keys.verify_rsa(public_key_pem, parsed.signature, message) is True:
            return
    raise UnverifiedError(Fault.SIGNATURE_MISMATCH)


def _require_headers(method: str, signed: tuple[str, ...]) -> None:
    """Require that the signature covers what would otherwise be free to change."""
    required = {cavage.REQUEST_TARGET, "host"}
    if method.upper() not in ("GET", "HEAD"):
        required.add("digest")
    if not required.issubset(signed) or not {"date", cavage.CREATED}.intersection(signed):
        raise UnverifiedError(Fault.HEADER_UNSIGNED)


def _messages(request: SignedRequest, parameters: cavage.SignatureParameters) -> tuple[bytes, ...]:
    """Return what may have been signed: the full target, and the target without its query."""
    values = dict(request.headers)
    for name, value in (
        (cavage.CREATED, parameters.created),
        (cavage.EXPIRES, parameters.expires),
    ):
        values.pop(name, None)
        if value is not None:
            values[name] = value
    messages = []
    for query in dict.fromkeys((request.query, "")):
        target = cavage.request_target(request.method, request.path, query)
        values[cavage.REQUEST_TARGET] = target
        messages.append(cavage.signing_string(parameters.headers, values))
    return tuple(messages)


def _check_key_id(key_id: str) -> None:
    """Require an http(s) address; `acct:`, `data:` and plain words name no origin."""
    try:
        origin_of(key_id)
    except MalformedError as error:
        raise UnverifiedError(Fault.KEY_ID_INVALID) from error


def _check_dates(
    request: SignedRequest, parameters: cavage.SignatureParameters, now: datetime
) -> None:
    """Require that every signed time lies within the window, and that it has not expired."""
    moments = []
    if "date" in parameters.headers:
        moments.append(_http_date(request.headers["date"]))
    if cavage.CREATED in parameters.headers:
        moments.append(_unix_time(parameters.created))
    if not all(now - MAX_AGE <= moment <= now + MAX_AHEAD for moment in moments):
        raise UnverifiedError(Fault.DATE_OUTSIDE_WINDOW)
    if parameters.expires is not None and _unix_time(parameters.expires) < now - MAX_AHEAD:
        raise UnverifiedError(Fault.DATE_OUTSIDE_WINDOW)


def _http_date(text: str) -> datetime:
    """Read a Date header (RFC 9110 section 5.6.7) in UTC."""
    if len(text) > MAX_DATE_LENGTH:
        raise UnverifiedError(Fault.DATE_MALFORMED)
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        raise UnverifiedError(Fault.DATE_MALFORMED) from error


def _unix_time(text: str | None) -> datetime:
    """Read the seconds of `created` or `expires`; a signed one that is absent is malformed."""
    try:
        return datetime.fromtimestamp(int(text or ""), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UnverifiedError(Fault.DATE_MALFORMED) from error


def _without_default_port(host: str) -> str:
    """Return a Host header in the spelling of our ids."""
    return host.strip().lower().removesuffix(":443").removesuffix(":80")
