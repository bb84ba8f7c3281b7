"""Signing what we send (draft-cavage-12, in the one form that every peer reads)."""

from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import quote, urlsplit

from federation.signatures import cavage
from federation.signatures.digest import digest_of
from federation.signatures.keys import sign_rsa
from federation.vocab.origin import host_of
from federation.vocab.terms import ACTIVITY_JSON

_SAFE_IN_PATH = "/%:@!$&'()*+,;=~"
_SAFE_IN_QUERY = _SAFE_IN_PATH + "?"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """Who signs, and how the receiver wants it.

    `key_id` is `{actor}#main-key`, `private_pem` its private key. `covers_query` is False for
    PieFed, which signs and verifies the path without its query.
    """

    key_id: str
    private_pem: str
    covers_query: bool = True


def sign_request(
    method: str, url: str, body: bytes | None, key: SigningKey, now: datetime
) -> dict[str, str]:
    """Return the headers to send with a request; they hold for this attempt only.

    With a body: Host, Date, Digest, Content-Type and Signature; without: Host, Date and Signature.
    Send the `url` and these headers unchanged. Sign again for every attempt: some peers (Friendica)
    allow five minutes. `now` must be aware and in UTC. Raises MalformedError for a bad `url`.
    """
    headers = {"Host": host_of(url), "Date": format_datetime(now, usegmt=True)}
    if body is not None:
        headers["Digest"] = digest_of(body)
        headers["Content-Type"] = ACTIVITY_JSON
    parts = urlsplit(url)
    query = quote(parts.query, safe=_SAFE_IN_QUERY) if key.covers_query else ""
    path = quote(parts.path, safe=_SAFE_IN_PATH) or "/"
    values = {name.lower(): value for name, value in headers.items()}
    values[cavage.REQUEST_TARGET] = cavage.request_target(method, path, query)
    names = (cavage.REQUEST_TARGET, *(name.lower() for name in headers))
    signature = sign_rsa(key.private_pem, cavage.signing_string(names, values))
    headers["Signature"] = cavage.write_header(key.key_id, names, signature)
    return headers
