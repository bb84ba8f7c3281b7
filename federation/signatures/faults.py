"""Why a signature is not accepted: the reason codes of UnverifiedError in this room.

A peer reads them in our 401, and an administrator in the log.
"""

from enum import StrEnum


class Fault(StrEnum):
    """One reason for not accepting a signature, in the order in which they are looked for."""

    SIGNATURE_MISSING = "signature-missing"
    SIGNATURE_MALFORMED = "signature-malformed"
    ALGORITHM_UNSUPPORTED = "algorithm-unsupported"
    COMPONENT_UNSUPPORTED = "component-unsupported"
    HEADER_UNSIGNED = "required-header-unsigned"
    HEADER_MISSING = "signed-header-missing"
    KEY_ID_INVALID = "key-id-invalid"
    DATE_MALFORMED = "date-malformed"
    DATE_OUTSIDE_WINDOW = "date-outside-window"
    DIGEST_MALFORMED = "digest-malformed"
    DIGEST_MISMATCH = "digest-mismatch"
    HOST_MISMATCH = "host-mismatch"
    KEY_INVALID = "key-invalid"
    SIGNATURE_MISMATCH = "signature-mismatch"
