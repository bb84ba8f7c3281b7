"""What the forum refuses, in the words of the protocol."""

from app.core.errors import AppError
from federation.errors import FederationError, RefusedError
from federation.errors import UnavailableError as PeerUnavailableError


def refusal_from(error: AppError) -> FederationError:
    """Return the protocol's error for one of the forum's: for good, unless a retry can help."""
    code = type(error).__name__.removesuffix("Error").lower()
    reason = f"{code}: {error.cause or error.text}"
    return PeerUnavailableError(reason) if error.may_retry else RefusedError(reason)
