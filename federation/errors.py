"""What can go wrong between servers, and what to do about it.

FederationError
├── UnverifiedError     we do not know who sent this          answer 401
├── RefusedError        we know, and the answer is no         answer 403, never try again
│   ├── MalformedError  it is not what it claims to be        answer 400, never try again
│   └── OrphanedError   what it belongs to cannot be had      wait until that comes by itself
├── UnavailableError    the other side does not answer now    answer 503, try again later
└── MissingError        another document is needed first      fetch it, then try again
"""

from http import HTTPStatus


class FederationError(Exception):
    """The root: `reason` is a short code or clause, fit for a log line and for the peer to read."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnverifiedError(FederationError):
    """The sender could not be established: no signature, a wrong one, or one for other bytes."""

    status = HTTPStatus.UNAUTHORIZED


class RefusedError(FederationError):
    """The sender is known and the request is refused for good; trying again changes nothing."""

    status = HTTPStatus.FORBIDDEN


class MalformedError(RefusedError):
    """A document breaks its own format; `field` names the member that does."""

    status = HTTPStatus.BAD_REQUEST

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


class OrphanedError(RefusedError):
    """What an activity belongs to, `uri`, cannot be had: it waits there until that arrives."""

    def __init__(self, uri: str, reason: str = "orphaned") -> None:
        super().__init__(reason)
        self.uri = uri


class UnavailableError(FederationError):
    """A peer does not answer at the moment; `retry_after` is its own advice in seconds, if any."""

    status = HTTPStatus.SERVICE_UNAVAILABLE

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class MissingError(FederationError):
    """A handler cannot go on before the document at `uri` was fetched."""

    status = HTTPStatus.SERVICE_UNAVAILABLE

    def __init__(self, uri: str) -> None:
        super().__init__(f"needs {uri}")
        self.uri = uri
