"""With which signature to ask, and with which to ask again (federation.md section 5.3).

Draft-cavage first, as it is what nearly every server reads; a server that answers 400 or 401 may
read only RFC 9421, or know only the other key of an actor whose key was replaced. No other answer
is about the signature, and none of them is asked again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus

from federation.models.peer import Scheme
from federation.signatures.rfc9421 import SignatureInput, parse_demand
from federation.signatures.sign import MessageSigner, SigningKey, sign_request

# These read draft-cavage and nothing else.
CAVAGE_ONLY = frozenset(
    {
        "friendica",
        "gotosocial",
        "kbin",
        "lemmy",
        "mbin",
        "misskey",
        "mobilizon",
        "nodebb",
        "peertube",
        "piefed",
        "sharkey",
    }
)
# These remember the id of an activity before they look at the signature: what brings it again is a
# repeat, answered 200 and thrown away, until they have forgotten it (PieFed: after 90 seconds).
REMEMBERS_FIRST = frozenset({"piefed"})
FORGOTTEN_AFTER = timedelta(minutes=2)
UNREADABLE = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED})
OTHER = {Scheme.CAVAGE: Scheme.RFC9421, Scheme.RFC9421: Scheme.CAVAGE}


@dataclass(frozen=True)
class Knock:
    """One way to sign a request; `is_proven` when the host took it in the last 30 days.

    `demand` is what the host asked for with Accept-Signature.
    """

    key: SigningKey
    scheme: Scheme = Scheme.CAVAGE
    demand: SignatureInput | None = None
    is_proven: bool = False

    def sign(self, method: str, url: str, body: bytes | None, now: datetime) -> dict[str, str]:
        """Return the headers that sign a request; raises MalformedError for a bad address."""
        if self.scheme == Scheme.RFC9421:
            return MessageSigner(self.key, self.demand).sign(method, url, body, now)
        return sign_request(method, url, body, self.key, now)


def scheme_of(software: str | None, remembered: str | None) -> Scheme | None:
    """Return the kind of signature that a host is known to take, by what it runs or has taken."""
    if software in CAVAGE_ONLY:
        return Scheme.CAVAGE
    return None if remembered is None else Scheme(remembered)


def waits_between(software: str | None) -> bool:
    """Whether a refused knock must be forgotten over there before the other key is shown."""
    return software in REMEMBERS_FIRST


def first_knock(key: SigningKey, scheme: Scheme | None) -> Knock:
    """Return how to ask first: as the host is known to want it, else with draft-cavage."""
    if scheme is None:
        return Knock(key)
    return Knock(key, scheme, is_proven=True)


def is_about_signature(knock: Knock, status: int) -> bool:
    """Whether an answer may mean that the signature was not understood.

    A host that takes draft-cavage means something else with a 400 (Lemmy: content it has no use
    for). That it once took RFC 9421 proves less: PieFed takes the echo of what its own people did
    whatever the signature, and answers 400 to all else that is not draft-cavage.
    """
    if knock.is_proven and knock.scheme == Scheme.CAVAGE and status == HTTPStatus.BAD_REQUEST:
        return False
    return status in UNREADABLE


def next_knocks(knock: Knock, status: int, headers: Mapping[str, str]) -> Iterator[Knock]:
    """Return the other ways to ask, after this one was answered so; one, or two with a spare key.

    With the other key first, while there are two: then that is the likelier reason. Lemmy answers
    400 to a key that it no longer believes, and it believes the present one as soon as it was told.
    """
    if knock.key.spare_pem is not None and status in UNREADABLE:
        yield replace(knock, key=knock.key.turned())
    if not is_about_signature(knock, status):
        return
    asked = headers.get("accept-signature")
    demand = parse_demand(asked) if asked else None
    scheme = OTHER[knock.scheme] if demand is None else Scheme.RFC9421
    yield Knock(knock.key, scheme, demand)
