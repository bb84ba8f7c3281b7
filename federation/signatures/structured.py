"""Structured Fields (RFC 9651) in headers, as far as signatures need them: dictionaries."""

from typing import Any, NoReturn, TypeAlias, cast

import http_sf

from federation.errors import UnverifiedError
from federation.signatures.faults import Fault

Member: TypeAlias = tuple[Any, dict[str, Any]]
"""A value, or for an inner list the list of its members; and its parameters."""


def parse_dictionary(header: str, *, max_length: int, fault: Fault) -> dict[str, Member]:
    """Read a dictionary; raises UnverifiedError with `fault` when it is unreadable.

    What stands there twice is refused as well: not every reader takes the last one.
    """
    if len(header) > max_length:
        raise UnverifiedError(fault)

    def refuse(_name: str, _context: str) -> NoReturn:
        raise UnverifiedError(fault)

    try:
        raw = header.encode("latin-1")
        found = http_sf.parse(raw, tltype="dictionary", on_duplicate_key=refuse)
    except (http_sf.StructuredFieldError, UnicodeEncodeError) as error:
        raise UnverifiedError(fault) from error
    return cast(dict[str, Member], found)


def write_member(member: Member) -> str:
    """Return the canonical text of a member (RFC 9651 section 4.1.2)."""
    return http_sf.ser({"x": cast(Any, member)}).partition("=")[2]
