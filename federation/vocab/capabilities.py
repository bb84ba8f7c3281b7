"""What this software can do that no document shows by itself (FEP-844e: capability discovery).

Only what peers cannot read from the types and members we send: the FEP forbids listing the rest.
"""

from typing import Final

from federation.vocab.terms import JsonValue

CAPABILITIES: Final = (
    ("https://datatracker.ietf.org/doc/html/rfc9421", "RFC-9421: HTTP Message Signatures"),
    ("https://w3id.org/fep/1b12", "FEP-1b12: Group federation"),
    ("https://w3id.org/fep/8b32", "FEP-8b32: Object Integrity Proofs"),
    ("https://w3id.org/fep/8fcf", "FEP-8fcf: Followers collection synchronization"),
    ("https://w3id.org/fep/7628", "FEP-7628: Move actor"),
    ("https://w3id.org/fep/baf5", "FEP-baf5: Administrator Collection"),
)


def write_implements() -> list[JsonValue]:
    """Return the value of `implements`: links, each with the address and name of a standard."""
    return [{"type": "Link", "href": href, "name": name} for href, name in CAPABILITIES]
