"""Turns what the network libraries raise into our own errors with a stable code. Pure."""

import http.client
import ssl
from collections.abc import Iterator

from urllib3.exceptions import HTTPError, IncompleteRead, LocationValueError
from urllib3.exceptions import TimeoutError as PoolTimeoutError

from app.core.http_errors import (
    CERTIFICATE_EXPIRED,
    CERTIFICATE_INCOMPLETE,
    CERTIFICATE_SELF_SIGNED,
    CERTIFICATE_WRONG_HOST,
    TLS_FAILED,
    BadResponseError,
    BadUrlError,
    ConnectError,
    HttpClientError,
    TlsError,
    TooSlowError,
)

BROKEN_OFF = "broken_off"
CUT_SHORT = "cut_short"

# X509_V_ERR_* of OpenSSL's x509_vfy.h
_VERIFY_CODES = {
    10: CERTIFICATE_EXPIRED,
    18: CERTIFICATE_SELF_SIGNED,
    19: CERTIFICATE_SELF_SIGNED,
    20: CERTIFICATE_INCOMPLETE,
    21: CERTIFICATE_INCOMPLETE,
    62: CERTIFICATE_WRONG_HOST,
    64: CERTIFICATE_WRONG_HOST,
}


def translate_failure(error: BaseException, url: str) -> HttpClientError:
    """Return our error for one of urllib3, http.client, ssl or the socket."""
    for cause in _causes(error):
        if (known := _recognise(cause, url)) is not None:
            return known
    if isinstance(error, ValueError) and not isinstance(error, HTTPError):
        return BadUrlError(f"{url}: {error}", code="bad_header")
    return BadResponseError(f"{url}: {error}")


def is_broken_off(error: HttpClientError) -> bool:
    """Whether the server hung up before it said anything: a kept connection grown stale."""
    return error.code == BROKEN_OFF


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the innermost known cause first: libraries wrap errors in arguments and causes."""
    inner = [argument for argument in error.args if isinstance(argument, BaseException)]
    for argument in inner:
        yield from _causes(argument)
    yield error


def _recognise(error: BaseException, url: str) -> HttpClientError | None:
    text = f"{url}: {error}"
    known: HttpClientError | None = None
    if isinstance(error, ssl.SSLError):
        known = _tls_failure(error, text)
    elif isinstance(error, (TimeoutError, PoolTimeoutError)):
        known = TooSlowError(text)
    elif isinstance(error, (IncompleteRead, http.client.IncompleteRead)):
        known = BadResponseError(text, code=CUT_SHORT)
    elif isinstance(error, (ConnectionResetError, BrokenPipeError)):  # also RemoteDisconnected
        known = ConnectError(text, code=BROKEN_OFF)
    elif isinstance(error, http.client.HTTPException):
        known = BadResponseError(text)
    elif isinstance(error, OSError):
        known = ConnectError(text)
    elif isinstance(error, LocationValueError):
        known = BadUrlError(text)
    return known


def _tls_failure(error: ssl.SSLError, text: str) -> HttpClientError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return TlsError(text, code=_VERIFY_CODES.get(error.verify_code, TLS_FAILED))
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return TooSlowError(text)
    return TlsError(text)
