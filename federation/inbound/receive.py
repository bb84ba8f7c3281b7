"""What is checked before 202: each step cheaper than the next (security.md, "Order of checks").

1 route and switch, 2 size and type (both in the view), 3 Signature header, 4 key id, host and
bucket, 5 date, 6 digest, 7 strict JSON, 8 Delete of somebody unknown, 9 key, 10 signature,
11 signer is actor, origins, suspension, 12 one INSERT and COMMIT, 13 the answer. Nothing is written
before 12, and nothing is remembered of an activity that was not verified.
"""

from collections.abc import Callable
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
from federation.errors import RefusedError, UnavailableError, UnverifiedError
from federation.inbound.arrivals import Arrival, Arrivals
from federation.inbound.forwarding import FORWARDED, PROOF, SIGNATURE, check_forwarded
from federation.inbound.lately import lately
from federation.inbound.limits import Buckets
from federation.inbound.ownership import check_objects, check_signer
from federation.inbound.proofs import find_prover
from federation.inbound.repeats import answer_again
from federation.inbound.signers import (
    Signer,
    find_signer,
    is_known_actor,
    keep_signer,
    verify_signer,
)
from federation.inbound.subjects import find_posted
from federation.inbound.synchronization import HEADER, Lookers, note_synchronization
from federation.models.delivery import Delivery, DeliveryState
from federation.models.peer import Peer
from federation.signatures.faults import Fault
from federation.signatures.verify import Here, ParsedSignature, SignedRequest, open_signature
from federation.vocab.activities import ActivityDocument
from federation.vocab.origin import host_of
from federation.vocab.parse import parse_activity, parse_json
from federation.vocab.terms import Kind

HEARD_AGAIN_AFTER = timedelta(minutes=10)
MAX_TYPE = 60
QUARANTINE_SECONDS = 3600.0
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
    lookers: Lookers = field(default_factory=Lookers)


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
    presented = open_signature(request)
    if not is_usable_uri(presented.key_id):
        raise UnverifiedError(Fault.KEY_ID_INVALID)
    host = host_of(presented.key_id)
    welcome = lately().find(presented.key_id)
    if welcome is None and is_host_refused(host):
        raise RefusedError("host-refused")
    doorkeeper.hosts.check(host)
    parsed = presented.examine(here())
    activity = parse_activity(parse_json(request.body))
    if _is_unknown_departure(activity, parsed):
        return Receipt.DROPPED
    signer = verify_signer(doorkeeper.keys, parsed, welcome)
    require_welcome(signer)
    if signer is not welcome:
        lately().keep(presented.key_id, signer)
    author, verified_by = signer, SIGNATURE
    if activity.actor != signer.uri:
        author, verified_by = _find_author(doorkeeper, activity, signer)
    check_signer(activity, activity.actor if verified_by == FORWARDED else author.uri)
    check_objects(activity)
    doorkeeper.hosts.take(host)
    receipt = _store(activity, author, request.body, verified_by)
    if author is signer and verified_by == SIGNATURE:
        note_synchronization(request.headers.get(HEADER), signer.uri, doorkeeper.lookers)
    return receipt


def here() -> Here:
    """Return where a request that comes in now arrives, for its signature."""
    settings = current_settings()
    return Here("https" if settings.is_https else "http", settings.host, utcnow())


def require_welcome(signer: Signer) -> None:
    """Raise RefusedError for who is suspended, UnavailableError while the host is quarantined."""
    if signer.is_suspended:
        raise RefusedError("actor-suspended")
    if signer.is_quarantined:
        raise UnavailableError("host-quarantined", QUARANTINE_SECONDS)


def _find_author(
    doorkeeper: Gate, activity: ActivityDocument, bringer: Signer
) -> tuple[Signer, str]:
    """Return whose word an activity is that somebody else brought, and how that is known.

    The actor's, when it is proven; else the bringer's, and then it is asked for at its origin.
    """
    if not is_usable_uri(activity.actor) or is_host_refused(host_of(activity.actor)):
        raise UnverifiedError("signer-is-not-actor")
    prover = find_prover(doorkeeper.keys, activity, utcnow())
    if prover is not None:
        require_welcome(prover)
        return prover, PROOF
    check_forwarded(activity, bringer.uri)
    return bringer, FORWARDED


def _is_unknown_departure(activity: ActivityDocument, parsed: ParsedSignature) -> bool:
    """Whether somebody of whom we have nothing is deleted: most of what large servers send.

    An unknown administrator may take away what somebody of that server wrote here.
    """
    if activity.kind is not Kind.DELETE:
        return False
    if find_signer(parsed.key_id) is not None or is_known_actor(activity.actor):
        return False
    about = activity.object_uri
    return about in {None, activity.actor} or find_posted(about or "") is None


def _store(activity: ActivityDocument, signer: Signer, body: bytes, verified_by: str) -> Receipt:
    """Keep the very bytes that were signed; whatever has the same id and origin is a repeat.

    What was brought without proof counts as its bringer's: it keeps no other copy out.
    """
    host = host_of(signer.uri)
    kind = activity.type[:MAX_TYPE]
    arrival = Arrival(activity.uri, host, signer.uri, kind, body, verified_by)
    note: Callable[[], None] | None = partial(_note, host, signer)
    if verified_by == PROOF:  # its host said nothing to us
        note = partial(keep_signer, signer)
    elif signer.document is None and _is_heard_lately(signer):
        note = None
    is_new = gate().arrivals.store(arrival, note)
    if not is_new and activity.kind is Kind.FOLLOW:
        answer_again(host, activity.uri, body)
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
