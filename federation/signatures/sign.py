"""Signing what we send: draft-cavage-12 in the one form that every peer reads, or RFC 9421."""

import base64
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import quote, urlsplit

from federation.signatures import cavage, rfc9421
from federation.signatures.digest import content_digest_of, digest_of
from federation.signatures.keys import Algorithm, sign_rsa
from federation.signatures.rfc9421 import SignatureInput
from federation.vocab.origin import host_of
from federation.vocab.terms import ACTIVITY_JSON

_SAFE_IN_PATH = "/%:@!$&'()*+,;=~"
_SAFE_IN_QUERY = _SAFE_IN_PATH + "?"
_QUOTES = {'"', "\\"}


@dataclass(frozen=True, slots=True)
class SigningKey:
    """Who signs, and how the receiver wants it.

    `key_id` is `{actor}#main-key`, `private_pem` its private key. `covers_query` is False for
    PieFed, which signs and verifies the path without its query. `spare_pem` is the other key of an
    actor whose key was replaced lately, under the same id: for a peer that knows only that one.
    `name` and `spare_name` tell the two apart. `also` are headers that are sent and signed along.
    """

    key_id: str
    private_pem: str
    covers_query: bool = True
    spare_pem: str | None = None
    also: tuple[tuple[str, str], ...] = ()
    name: str = ""
    spare_name: str = ""

    def turned(self) -> "SigningKey":
        """Return the other key, with this one as its spare; itself when there is no other."""
        if self.spare_pem is None:
            return self
        return replace(
            self,
            private_pem=self.spare_pem,
            name=self.spare_name,
            spare_pem=self.private_pem,
            spare_name=self.name,
        )


def sign_request(
    method: str, url: str, body: bytes | None, key: SigningKey, now: datetime
) -> dict[str, str]:
    """Return the headers to send with a request (draft-cavage); they hold for this attempt only.

    With a body: Host, Date, Digest, Content-Type and Signature; without: Host, Date and Signature.
    Send the `url` and these headers unchanged. Sign again for every attempt: some peers (Friendica)
    allow five minutes. `now` must be aware and in UTC. Raises MalformedError for a bad `url`.
    """
    headers = {**_dated(url, now), **dict(key.also)}
    if body is not None:
        headers["Digest"] = digest_of(body)
        headers["Content-Type"] = ACTIVITY_JSON
    path, query = _target(url)
    values = {name.lower(): value for name, value in headers.items()}
    query = query if key.covers_query else ""
    values[cavage.REQUEST_TARGET] = cavage.request_target(method, path, query)
    names = (cavage.REQUEST_TARGET, *(name.lower() for name in headers))
    signature = sign_rsa(key.private_pem, cavage.signing_string(names, values))
    headers["Signature"] = cavage.write_header(key.key_id, names, signature)
    return headers


@dataclass(frozen=True, slots=True)
class MessageSigner:
    """Signs by RFC 9421: the method, the address and the digest, and what a peer asks for besides.

    `demand` is what it asked for with Accept-Signature; what we cannot give of it is left out, and
    the peer refuses again.
    """

    key: SigningKey
    demand: SignatureInput | None = None

    def sign(self, method: str, url: str, body: bytes | None, now: datetime) -> dict[str, str]:
        """Return the headers to send with a request; arguments and errors as `sign_request`."""
        headers = {**_dated(url, now), **dict(self.key.also)}
        if body is not None:
            headers["Content-Digest"] = content_digest_of(body)
            headers["Content-Type"] = ACTIVITY_JSON
        path, query = _target(url)
        target = f"{path}?{query}" if query else path
        scheme = urlsplit(url).scheme.lower()
        values = {name.lower(): value for name, value in headers.items()}
        values |= rfc9421.derived_values(method, scheme, headers["Host"], target)
        names = self._components(values, has_body=body is not None)
        written = rfc9421.write_parameters(names, self._parameters(now))
        base = rfc9421.signature_base(names, written, values)
        signature = base64.b64encode(sign_rsa(self.key.private_pem, base)).decode()
        label = rfc9421.LABEL if self.demand is None else self.demand.label
        headers["Signature-Input"] = f"{label}={written}"
        headers["Signature"] = f"{label}=:{signature}:"
        return headers

    def _components(self, values: dict[str, str], *, has_body: bool) -> tuple[str, ...]:
        least = rfc9421.MINIMUM + ((rfc9421.CONTENT_DIGEST,) if has_body else ())
        asked = () if self.demand is None else self.demand.components
        also = tuple(name.lower() for name, _ in self.key.also)
        return tuple(dict.fromkeys((*least, *also, *(name for name in asked if name in values))))

    def _parameters(self, now: datetime) -> dict[str, str | int]:
        """Return the parameters; those of a peer are repeated only when they are plain text."""
        found: dict[str, str | int] = {"created": int(now.timestamp()), "keyid": self.key.key_id}
        if self.demand is None:
            return found
        if self.demand.algorithm is Algorithm.RSA_V15:
            found["alg"] = self.demand.algorithm.value
        asked = {"nonce": self.demand.nonce, "tag": self.demand.tag}
        plain = {n: v for n, v in asked.items() if v is not None and not set(v) & _QUOTES}
        return {**found, **plain}


def _dated(url: str, now: datetime) -> dict[str, str]:
    return {"Host": host_of(url), "Date": format_datetime(now, usegmt=True)}


def _target(url: str) -> tuple[str, str]:
    """Return path and query as they go over the wire."""
    parts = urlsplit(url)
    path = quote(parts.path, safe=_SAFE_IN_PATH) or "/"
    return path, quote(parts.query, safe=_SAFE_IN_QUERY)
