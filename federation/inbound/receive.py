"""What is checked before 202: each step cheaper than the next (security.md, "Order of checks").

1 route and switch, 2 size and type (both in the view), 3 Signature header, 4 key id, host and
bucket, 5 date, 6 digest, 7 strict JSON, 8 Delete of somebody unknown, 9 key, 10 signature,
11 signer is actor, origins, suspension, 12 one INSERT and COMMIT, 13 the answer. Nothing is written
before 12, and nothing is remembered of an activity that was not verified.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import partial

from flask import current_app
from sqlalchemy import update

from app.core.clock import utcnow
from app.core.db import session
from app.core.settings import Federation, current_settings
from app.core.tasks import Queue, wake
from app.moderation.queries import is_host_refused
from federation.dereference.documents import is_usable_uri
from federation.dereference.keys import KeyRing
from federation.errors import RefusedError, UnverifiedError
from federation.inbound.arrivals import Arrival, Arrivals
from federation.inbound.limits import Buckets
from federation.inbound.ownership import check_objects, check_signer
from federation.inbound.signers import (
    Signer,
    find_signer,
    is_known_actor,
    keep_signer,
    verify_signer,
)
from federation.models.delivery import Delivery, DeliveryState
from federation.models.peer import Peer
from federation.signatures.cavage import CREATED, REQUEST_TARGET, parse_header
from federation.signatures.faults import Fault
from federation.signatures.verify import ParsedSignature, SignedRequest, read_signature
from federation.vocab.activities import ActivityDocument
from federation.vocab.origin import host_of
from federation.vocab.parse import parse_activity, parse_json
from federation.vocab.terms import Kind

HEARD_AGAIN_AFTER = timedelta(minutes=10)
MAX_TYPE = 60
EXTENSION = "federation_gate"


class Receipt(StrEnum):
    """What became of a request that is answered with 202."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    DROPPED = "dropped"


@dataclass
class Gate:
    """What the inbox of one process remembers: keys, how much each host has sent, who stores."""

    keys: KeyRing = field(default_factory=KeyRing)
    hosts: Buckets = field(default_factory=Buckets)
    arrivals: Arrivals = field(default_factory=Arrivals)
    failures: Buckets = field(default_factory=Buckets)


def gate() -> Gate:
    """Return the gate of the current application, made at first use."""
    found: Gate | None = current_app.extensions.get(EXTENSION)
    if found is None:
        found = current_app.extensions.setdefault(EXTENSION, Gate())
    return found


def receive(request: SignedRequest, remote_address: str) -> Receipt:
    """Verify and store one activity; `request.body` is already known to be of acceptable size.

    Raises UnverifiedError (401), MalformedError (400), RefusedError (403), TooManyError (429) or
    UnavailableError (503); then nothing was stored.
    """
    doorkeeper = gate()
    doorkeeper.failures.check(remote_address)
    try:
        return _receive(request, doorkeeper)
    except (UnverifiedError, RefusedError):
        doorkeeper.failures.take(remote_address)
        raise


def check_open() -> None:
    """Raise RefusedError when this server exchanges with nobody."""
    if current_settings().federation == Federation.OFF:
        raise RefusedError("federation-off")


def _receive(request: SignedRequest, doorkeeper: Gate) -> Receipt:
    host = _check_header(request)
    if is_host_refused(host):
        raise RefusedError("host-refused")
    doorkeeper.hosts.check(host)
    own_host = current_settings().host
    parsed = read_signature(request, now=utcnow(), own_host=own_host)
    activity = parse_activity(parse_json(request.body))
    if _is_unknown_departure(activity, parsed):
        return Receipt.DROPPED
    signer = verify_signer(doorkeeper.keys, parsed)
    check_signer(activity, signer.uri)
    check_objects(activity)
    if signer.is_suspended:
        raise RefusedError("actor-suspended")
    doorkeeper.hosts.take(host)
    return _store(activity, signer, request.body)


def _check_header(request: SignedRequest) -> str:
    """Return the host of the key that a Signature header names, before anything costs anything."""
    header = request.headers.get("signature")
    if not header:
        raise UnverifiedError(Fault.SIGNATURE_MISSING)
    parameters = parse_header(header)
    signed = set(parameters.headers)
    if not signed >= {REQUEST_TARGET, "host", "digest"} or not signed & {"date", CREATED}:
        raise UnverifiedError(Fault.HEADER_UNSIGNED)
    if not is_usable_uri(parameters.key_id):
        raise UnverifiedError(Fault.KEY_ID_INVALID)
    return host_of(parameters.key_id)


def _is_unknown_departure(activity: ActivityDocument, parsed: ParsedSignature) -> bool:
    """Whether somebody of whom we have nothing is deleted: most of what large servers send."""
    if activity.kind is not Kind.DELETE:
        return False
    return find_signer(parsed.key_id) is None and not is_known_actor(activity.actor)


def _store(activity: ActivityDocument, signer: Signer, body: bytes) -> Receipt:
    """Keep the very bytes that were signed; whatever has the same id and origin is a repeat."""
    host = host_of(activity.actor)
    arrival = Arrival(activity.uri, host, signer.uri, activity.type[:MAX_TYPE], body)

    is_known = signer.document is None and _is_heard_lately(signer)
    is_new = gate().arrivals.store(arrival, None if is_known else partial(_note, host, signer))
    return Receipt.ACCEPTED if is_new else Receipt.DUPLICATE


def _is_heard_lately(signer: Signer) -> bool:
    if signer.is_peer_failing or signer.heard_at is None:
        return False
    return utcnow() - signer.heard_at < HEARD_AGAIN_AFTER


def _note(host: str, signer: Signer) -> None:
    """Keep who signs, and that the host is alive: what waited for it becomes due (contract.md)."""
    keep_signer(signer)
    now = utcnow()
    peer = session().get(Peer, host)
    if peer is None:
        peer = Peer(host=host, known_since=now)
        session().add(peer)
    is_failing = peer.retry_at is not None or peer.failing_since is not None
    peer.heard_at = now
    if not is_failing:
        return
    if peer.retry_at is not None and peer.retry_at > now:
        peer.retry_at = now
    session().execute(
        update(Delivery)
        .where(Delivery.host == host, Delivery.state == DeliveryState.WAITING)
        .where(Delivery.next_attempt_at > now)
        .values(next_attempt_at=now)
        .execution_options(synchronize_session=False)
    )
    wake(Queue.DELIVER)
