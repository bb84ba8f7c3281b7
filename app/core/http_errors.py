"""What can go wrong when we ask another server something.

AppError
└── HttpClientError            a code for machines, a text for people, the cause for the log
    ├── BadUrlError            the address itself is not one we fetch
    ├── AddressRefusedError    the name leads to a private or reserved address
    ├── ConnectError           no connection: name unknown, refused, unreachable, broken off
    │   └── TlsError           the certificate or the handshake is wrong; the code says how
    ├── TooSlowError           the time limit passed, wherever the time went
    ├── TooLargeError          more bytes than the limit, before or after decompression
    ├── TooManyRedirectsError  more hops than the limit, or a circle
    └── BadResponseError       an answer that is not valid HTTP or not validly encoded

4xx and 5xx answers are answers and not errors.
"""

from http import HTTPStatus
from typing import ClassVar

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.core.errors import AppError

CERTIFICATE_EXPIRED = "tls_expired"
CERTIFICATE_WRONG_HOST = "tls_wrong_host"
CERTIFICATE_INCOMPLETE = "tls_incomplete_chain"
CERTIFICATE_SELF_SIGNED = "tls_self_signed"
TLS_FAILED = "tls_failed"


class HttpClientError(AppError):
    """A fetch that brought no answer; `code` is stable and stored, `text` may be shown."""

    status = HTTPStatus.BAD_GATEWAY
    code: str = "http_failed"
    sentences: ClassVar[dict[str, LazyString]] = {}
    sentence: ClassVar[LazyString] = _l("De andere website gaf geen bruikbaar antwoord.")

    def __init__(self, cause: str, *, code: str | None = None) -> None:
        self.code = code or self.code
        super().__init__(str(self.sentences.get(self.code, self.sentence)), cause=cause)


class BadUrlError(HttpClientError):
    """The address is malformed, or its scheme, port or host is not one we fetch."""

    status = HTTPStatus.BAD_REQUEST
    code = "bad_url"
    sentence = _l("Dit adres kunnen we niet openen. Controleer of het klopt.")


class AddressRefusedError(HttpClientError):
    """The name resolves to an address that is not on the public internet."""

    status = HTTPStatus.BAD_REQUEST
    code = "address_refused"
    sentence = _l("Dit adres staat niet op het openbare internet.")


class ConnectError(HttpClientError):
    """There is no connection, or it broke before the answer was complete."""

    code = "connect_failed"
    may_retry = True
    sentence = _l("De andere website is niet bereikbaar.")


class TlsError(ConnectError):
    """The secure connection failed; the code names the cause, so that the owner can mend it."""

    code = TLS_FAILED
    sentence = _l("De beveiligde verbinding met de andere website lukt niet.")
    sentences: ClassVar[dict[str, LazyString]] = {
        CERTIFICATE_EXPIRED: _l("Het certificaat van de andere website is verlopen."),
        CERTIFICATE_WRONG_HOST: _l(
            "Het certificaat van de andere website hoort bij een ander adres."
        ),
        CERTIFICATE_INCOMPLETE: _l(
            "Het certificaat van de andere website is niet te controleren. "
            "Vaak ontbreekt het tussencertificaat op die server."
        ),
        CERTIFICATE_SELF_SIGNED: _l("De andere website heeft haar certificaat zelf ondertekend."),
    }


class TooSlowError(HttpClientError):
    """The total time limit of the fetch passed."""

    status = HTTPStatus.GATEWAY_TIMEOUT
    code = "too_slow"
    may_retry = True
    sentence = _l("De andere website antwoordde niet op tijd.")


class TooLargeError(HttpClientError):
    """The answer is larger than the limit, or unpacks to far more than was sent."""

    code = "too_large"
    sentence = _l("Het antwoord van de andere website is te groot.")


class TooManyRedirectsError(HttpClientError):
    """The answer kept pointing elsewhere."""

    code = "too_many_redirects"
    sentence = _l("De andere website verwijst te vaak door.")


class BadResponseError(HttpClientError):
    """The answer is not valid HTTP, is cut short, or has an encoding we refuse."""

    code = "bad_response"
    may_retry = True
    sentence = _l("De andere website gaf geen bruikbaar antwoord.")
