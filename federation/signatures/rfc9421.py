"""HTTP Message Signatures (RFC 9421): the headers, the signature base, and what peers ask for.

Only whole components are read: a component with parameters of its own (`;sf`, `;bs`, `;req`,
`@query-param`) could be read in more ways than one by two servers, and no peer sends one. Headers
are Structured Fields (RFC 9651); what stands twice in one is refused rather than the last taken.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from federation.errors import UnverifiedError
from federation.signatures.faults import Fault
from federation.signatures.keys import Algorithm
from federation.signatures.structured import Member, parse_dictionary, write_member

INPUT_HEADER = "signature-input"
SIGNATURE_HEADER = "signature"
LABEL = "sig1"
MINIMUM = ("@method", "@target-uri")
CONTENT_DIGEST = "content-digest"

MAX_HEADER_LENGTH = 8192
MAX_LABELS = 8
MAX_COMPONENTS = 32
MAX_SIGNATURE_LENGTH = 2048
MAX_TEXT = 2048

DERIVED = frozenset(
    {"@method", "@target-uri", "@authority", "@scheme", "@request-target", "@path", "@query"}
)
_FIELD_NAME = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]+")


@dataclass(frozen=True, slots=True)
class SignatureInput:
    """One labelled signature. `written` is its inner list with parameters, as it was signed.

    `created` and `expires` are seconds since 1970.
    """

    label: str
    components: tuple[str, ...]
    written: str
    signature: bytes = b""
    key_id: str = ""
    algorithm: Algorithm | None = None
    created: int | None = None
    expires: int | None = None
    nonce: str | None = None
    tag: str | None = None


def parse_headers(inputs: str, signatures: str) -> list[SignatureInput]:
    """Read Signature-Input and Signature: the signatures that both name, in order.

    Raises UnverifiedError when one is unreadable or ambiguous, or when no label is in both.
    """
    described, made = _parse(inputs), _parse(signatures)
    found = [
        _read_input(label, described[label], _read_signature(made[label]))
        for label in described
        if label in made
    ]
    if not found:
        raise UnverifiedError(Fault.SIGNATURE_MISSING)
    return found


def parse_demand(header: str) -> SignatureInput | None:
    """Read Accept-Signature (section 5.1): the first signature it asks for; None when unreadable.

    `created` and `expires` stand there as mere flags.
    """
    try:
        asked = _parse(header)
        label = next(iter(asked))
        return _read_input(label, _without_flags(asked[label]), b"")
    except (UnverifiedError, StopIteration):
        return None


def write_demand(*, has_body: bool) -> str:
    """Return the Accept-Signature of our 401s: what we want covered at least."""
    wanted = (*MINIMUM, CONTENT_DIGEST) if has_body else MINIMUM
    return f"{LABEL}={_write_names(wanted)};created"


def write_parameters(components: Sequence[str], parameters: Mapping[str, str | int]) -> str:
    """Return an inner list with its parameters: what is signed and what is sent."""
    written = "".join(
        f";{name}={value}" if isinstance(value, int) else f';{name}="{value}"'
        for name, value in parameters.items()
    )
    return _write_names(components) + written


def signature_base(components: Sequence[str], written: str, values: Mapping[str, str]) -> bytes:
    """Return the bytes a signature is made over (section 2.5).

    `values` maps component names to their values; raises UnverifiedError when one is missing.
    """
    lines = []
    for name in components:
        value = values.get(name)
        if value is None:
            raise UnverifiedError(Fault.HEADER_MISSING)
        lines.append(f'"{name}": {value.strip()}')
    lines.append(f'"@signature-params": {written}')
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def derived_values(method: str, scheme: str, host: str, target: str) -> dict[str, str]:
    """Return the components that follow from the request line (section 2.2).

    `target` is the raw path with its query; `host` as in our ids, in lower case.
    """
    path, mark, query = target.partition("?")
    return {
        "@method": method.upper(),
        "@target-uri": f"{scheme}://{host}{target}",
        "@authority": host,
        "@scheme": scheme,
        "@request-target": target,
        "@path": path or "/",
        "@query": f"?{query}" if mark else "?",
    }


def _parse(header: str) -> dict[str, Member]:
    found = parse_dictionary(header, max_length=MAX_HEADER_LENGTH, fault=Fault.SIGNATURE_MALFORMED)
    if len(found) > MAX_LABELS:
        raise UnverifiedError(Fault.SIGNATURE_MALFORMED)
    return found


def _read_signature(member: Member) -> bytes:
    value = member[0]
    if not isinstance(value, bytes) or not 0 < len(value) <= MAX_SIGNATURE_LENGTH:
        raise UnverifiedError(Fault.SIGNATURE_MALFORMED)
    return value


def _read_input(label: str, member: Member, signature: bytes) -> SignatureInput:
    """Read one inner list with its parameters."""
    items, parameters = member
    if not isinstance(items, list):
        raise UnverifiedError(Fault.SIGNATURE_MALFORMED)
    return SignatureInput(
        label=label,
        components=_read_names(items),
        written=write_member(member),
        signature=signature,
        key_id=_read_text(parameters, "keyid") or "",
        algorithm=_read_algorithm(parameters),
        created=_read_time(parameters, "created"),
        expires=_read_time(parameters, "expires"),
        nonce=_read_text(parameters, "nonce"),
        tag=_read_text(parameters, "tag"),
    )


def _read_names(items: list[Any]) -> tuple[str, ...]:
    """Return the names of the components; none twice, none with parameters."""
    if len(items) > MAX_COMPONENTS:
        raise UnverifiedError(Fault.SIGNATURE_MALFORMED)
    names = []
    for name, parameters in items:
        if not isinstance(name, str):
            raise UnverifiedError(Fault.SIGNATURE_MALFORMED)
        if parameters or not (name in DERIVED or _FIELD_NAME.fullmatch(name)):
            raise UnverifiedError(Fault.COMPONENT_UNSUPPORTED)
        names.append(name)
    if len(set(names)) != len(names):
        raise UnverifiedError(Fault.SIGNATURE_MALFORMED)
    return tuple(names)


def _read_algorithm(parameters: Mapping[str, object]) -> Algorithm | None:
    named = _read_text(parameters, "alg")
    if named is None:
        return None
    try:
        return Algorithm(named)
    except ValueError as error:
        raise UnverifiedError(Fault.ALGORITHM_UNSUPPORTED) from error


def _read_text(parameters: Mapping[str, object], name: str) -> str | None:
    value = parameters.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise UnverifiedError(Fault.SIGNATURE_MALFORMED)
    return value


def _read_time(parameters: Mapping[str, object], name: str) -> int | None:
    value = parameters.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise UnverifiedError(Fault.SIGNATURE_MALFORMED)
    return value


def _without_flags(member: Member) -> Member:
    """Return an inner list without the parameters that only ask for a parameter."""
    return member[0], {name: value for name, value in member[1].items() if value is not True}


def _write_names(names: Sequence[str]) -> str:
    return f"({' '.join(f'{chr(34)}{name}{chr(34)}' for name in names)})"
