"""Errors that carry a safe text for people, an HTTP status, and whether a retry can help.

AppError
├── NotFoundError        404  nothing there, or not for this reader
├── GoneError            410  it was there and has been taken away for good
├── NotAllowedError      403  signed in, but not permitted
├── SignInNeededError    401  nobody is signed in
├── InvalidInputError    422  a named field is wrong
├── ConflictError        409  the state has changed meanwhile
├── TooManyError         429  slow down
└── UnavailableError     503  try again later (the only kind a task retries)
"""

from http import HTTPStatus


class AppError(Exception):
    """Something a person or peer may be told about; `text` is safe to show."""

    status: HTTPStatus = HTTPStatus.INTERNAL_SERVER_ERROR
    may_retry = False

    def __init__(self, text: str, *, cause: str | None = None) -> None:
        super().__init__(text if cause is None else f"{text} ({cause})")
        self.text = text
        self.cause = cause


class NotFoundError(AppError):
    """Nothing is there, or this reader may not know that it is."""

    status = HTTPStatus.NOT_FOUND


class GoneError(AppError):
    """It was there and has been taken away for good."""

    status = HTTPStatus.GONE


class NotAllowedError(AppError):
    """The account is known and may not do this."""

    status = HTTPStatus.FORBIDDEN


class SignInNeededError(AppError):
    """Nobody is signed in."""

    status = HTTPStatus.UNAUTHORIZED


class InvalidInputError(AppError):
    """A named field holds something it may not hold."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


class ConflictError(AppError):
    """The state has changed since the caller looked."""

    status = HTTPStatus.CONFLICT


class TooManyError(AppError):
    """The caller asks too much in too little time."""

    status = HTTPStatus.TOO_MANY_REQUESTS


class UnavailableError(AppError):
    """Something we depend on does not answer at the moment."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    may_retry = True
