"""Reading a request that is signed by RFC 9421 (HTTP Message Signatures)."""

from dataclasses import dataclass

from federation.errors import UnverifiedError
from federation.signatures.digest import check_content_digest
from federation.signatures.faults import Fault
from federation.signatures.requests import (
    Here,
    ParsedSignature,
    SignedRequest,
    check_host,
    check_key_id,
    check_window,
    normal_host,
    read_http_date,
    read_unix_time,
)
from federation.signatures.rfc9421 import (
    CONTENT_DIGEST,
    DERIVED,
    INPUT_HEADER,
    SIGNATURE_HEADER,
    SignatureInput,
    derived_values,
    parse_headers,
    signature_base,
)


@dataclass(frozen=True, slots=True)
class MessageSignature:
    """One of the signatures of a request, covering what it must."""

    request: SignedRequest
    chosen: SignatureInput

    @property
    def key_id(self) -> str:
        """The address of the key."""
        return self.chosen.key_id

    def examine(self, here: Here) -> ParsedSignature:
        """Check times, digest and host; raises UnverifiedError with a Fault as its reason."""
        request, chosen = self.request, self.chosen
        moments = [] if chosen.created is None else [read_unix_time(str(chosen.created))]
        if "date" in chosen.components:
            moments.append(read_http_date(request.headers["date"]))
        expires = None if chosen.expires is None else read_unix_time(str(chosen.expires))
        check_window(moments, expires, here.now)
        if CONTENT_DIGEST in chosen.components:
            check_content_digest(request.headers[CONTENT_DIGEST], request.body)
        check_host(request, here.host)
        base = signature_base(chosen.components, chosen.written, _values(request, here))
        return ParsedSignature(chosen.key_id, chosen.signature, (base,), chosen.algorithm)


def open_rfc9421(request: SignedRequest) -> MessageSignature:
    """Choose the first signature that covers enough by a key with an address.

    A proxy may have added one of its own. Raises UnverifiedError with what is wrong with the first.
    """
    signatures = request.headers.get(SIGNATURE_HEADER)
    if not signatures:
        raise UnverifiedError(Fault.SIGNATURE_MISSING)
    faults = []
    for candidate in parse_headers(request.headers[INPUT_HEADER], signatures):
        try:
            _require_components(request, candidate)
            check_key_id(candidate.key_id)
        except UnverifiedError as fault:
            faults.append(fault)
        else:
            return MessageSignature(request, candidate)
    raise faults[0]


def _require_components(request: SignedRequest, candidate: SignatureInput) -> None:
    """Require that the signature covers what would otherwise be free to change."""
    covered = set(candidate.components)
    is_dated = candidate.created is not None or "date" in covered
    is_whole = CONTENT_DIGEST in covered or not request.has_body
    if "@method" not in covered or not _covers_target(request, covered):
        raise UnverifiedError(Fault.HEADER_UNSIGNED)
    if not is_dated or not is_whole:
        raise UnverifiedError(Fault.HEADER_UNSIGNED)
    if any(name not in request.headers for name in covered - DERIVED):
        raise UnverifiedError(Fault.HEADER_MISSING)


def _covers_target(request: SignedRequest, covered: set[str]) -> bool:
    """Whether host, path and query are all signed, in one of the ways to say so."""
    if "@target-uri" in covered:
        return True
    if not covered & {"@authority", "host"}:
        return False
    if "@request-target" in covered:
        return True
    return "@path" in covered and ("@query" in covered or not request.query)


def _values(request: SignedRequest, here: Here) -> dict[str, str]:
    target = f"{request.path}?{request.query}" if request.query else request.path
    derived = derived_values(request.method, here.scheme, normal_host(here.host), target)
    return {**request.headers, **derived}
