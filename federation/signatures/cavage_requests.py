"""Reading a request that is signed by draft-cavage-http-signatures-12."""

from dataclasses import dataclass

from federation.errors import UnverifiedError
from federation.signatures import cavage
from federation.signatures.digest import check_digest
from federation.signatures.faults import Fault
from federation.signatures.requests import (
    Here,
    ParsedSignature,
    SignedRequest,
    check_host,
    check_key_id,
    check_window,
    read_http_date,
    read_unix_time,
)


@dataclass(frozen=True, slots=True)
class CavageSignature:
    """A Signature header that covers what it must."""

    request: SignedRequest
    parameters: cavage.SignatureParameters
    messages: tuple[bytes, ...]

    @property
    def key_id(self) -> str:
        """The address of the key."""
        return self.parameters.key_id

    def examine(self, here: Here) -> ParsedSignature:
        """Check times, digest and host; raises UnverifiedError with a Fault as its reason."""
        request, parameters = self.request, self.parameters
        moments = []
        if "date" in parameters.headers:
            moments.append(read_http_date(request.headers["date"]))
        if cavage.CREATED in parameters.headers:
            moments.append(read_unix_time(parameters.created))
        expires = None if parameters.expires is None else read_unix_time(parameters.expires)
        check_window(moments, expires, here.now)
        if "digest" in parameters.headers:
            check_digest(request.headers["digest"], request.body)
        check_host(request, here.host)
        return ParsedSignature(
            parameters.key_id, parameters.signature, self.messages, parameters.algorithm
        )


def open_cavage(request: SignedRequest) -> CavageSignature:
    """Read the Signature header and require that it covers enough, by a key with an address."""
    header = request.headers.get("signature")
    if not header:
        raise UnverifiedError(Fault.SIGNATURE_MISSING)
    parameters = cavage.parse_header(header)
    _require_headers(request, parameters.headers)
    messages = _messages(request, parameters)
    check_key_id(parameters.key_id)
    return CavageSignature(request, parameters, messages)


def _require_headers(request: SignedRequest, signed: tuple[str, ...]) -> None:
    """Require that the signature covers what would otherwise be free to change."""
    required = {cavage.REQUEST_TARGET, "host"}
    if request.has_body:
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
