"""Whose key is this, and is that somebody we listen to? One query for all that is known here."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update

from app.accounts.models.account import Account, AccountState
from app.accounts.queries import find_account_by_uri
from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.forum.models.community import Community
from federation.dereference.actors import (
    find_owner,
    find_remote_actor,
    keep_actor,
    note_departure,
)
from federation.dereference.intake import Newcomer, current_intake
from federation.dereference.key_changes import is_quarantined, list_former_keys
from federation.dereference.keys import KeyRing, OwnerGoneError
from federation.errors import RefusedError, UnverifiedError
from federation.models.actor import Actor
from federation.models.peer import Peer
from federation.signatures.verify import ParsedSignature, check_signature
from federation.transport.client import activity_client
from federation.vocab.actors import ActorDocument
from federation.vocab.origin import host_of

REFETCH_AFTER = timedelta(minutes=5)
# Made once: asked for every activity that comes in.
_KNOWN = (
    select(
        Actor.id,
        Actor.public_key,
        Account.remote_uri,
        Account.state,
        Community.remote_uri,
        Peer.heard_at,
        Peer.failing_since,
        Peer.retry_at,
        Peer.quarantined_at,
    )
    .outerjoin(Account, Account.id == Actor.account_id)
    .outerjoin(Community, Community.id == Actor.community_id)
    .outerjoin(Peer, Peer.host == Actor.host)
    .where(Actor.key_id == bindparam("wanted"), Actor.host.is_not(None))
)


@dataclass(frozen=True)
class Signer:
    """An actor whose key (PEM or Multikey) is at hand.

    `document` is set while no row holds this key yet. `is_quarantined`: nothing is taken from its
    host until an administrator has looked. `has_left`: signed with a former key, for the last time.
    """

    uri: str
    public_key: str
    actor_id: int | None = None
    document: ActorDocument | None = None
    is_suspended: bool = False
    heard_at: datetime | None = None
    is_peer_failing: bool = False
    is_quarantined: bool = False
    has_left: bool = False


def find_signer(key_id: str) -> Signer | None:
    """Return the known actor that signs with `key_id`."""
    row = session().execute(_KNOWN, {"wanted": key_id}).first()
    if row is None or row[1] is None:
        actor = find_remote_actor(key_id.partition("#")[0])
        has_key = actor is not None and key_id in actor.proof_keys
        return signer_of(actor, key_id) if actor is not None and has_key else None
    return Signer(
        uri=row[2] or row[4] or "",
        public_key=row[1],
        actor_id=row[0],
        is_suspended=row[3] == AccountState.SUSPENDED,
        heard_at=row[5],
        is_peer_failing=row[6] is not None or row[7] is not None,
        is_quarantined=row[8] is not None,
    )


def signer_of(known: Actor | ActorDocument, key_id: str) -> Signer:
    """Return an actor, stored or just fetched, as one who signs with `key_id`.

    Raises UnverifiedError when the key is not among those it lists. A suspended account may come
    with a new key, so that is asked of a fetched one as well.
    """
    key = known.proof_keys.get(key_id) if isinstance(known, Actor) else known.key_of(key_id)
    if key is None:
        raise UnverifiedError("key-unknown")
    account = find_account_by_uri(known.uri)
    return Signer(
        uri=known.uri,
        public_key=key,
        actor_id=known.id if isinstance(known, Actor) else None,
        document=None if isinstance(known, Actor) else known,
        is_suspended=account is not None and account.state == AccountState.SUSPENDED,
        is_quarantined=is_quarantined(host_of(known.uri)),
    )


def is_known_actor(uri: str) -> bool:
    """Whether anything is known of the actor with this id."""
    return find_owner(uri) is not None


def verify_signer(ring: KeyRing, parsed: ParsedSignature, welcome: Signer | None = None) -> Signer:
    """Return who made the signature; `welcome` is who was found to have this key just now.

    Keys come from the database, else from one budgeted fetch. When a known key does not fit, it may
    have changed: it is fetched again, at most once in five minutes. Of somebody who is gone by then
    a former key counts as well. Raises UnverifiedError, RefusedError or (the peer does not answer)
    UnavailableError.
    """
    known = welcome or find_signer(parsed.key_id)
    signer = known or signer_of(ring.get_owner(activity_client, parsed.key_id), parsed.key_id)
    try:
        check_signature(parsed, signer.public_key)
    except UnverifiedError:
        try:
            signer = _refetched(ring, parsed, signer)
        except OwnerGoneError as gone:
            return _departed(parsed, signer, gone)
        check_signature(parsed, signer.public_key)
    return signer


def keep_signer(signer: Signer) -> None:
    """Store a signer that no row holds yet, or its new key; inside a unit of work.

    Raises RefusedError when its domain brought in too many newcomers in the last hour.
    """
    if signer.document is not None:
        if find_owner(signer.uri) is None:
            current_intake().take(Newcomer.ACTOR, host_of(signer.uri))
        keep_actor(signer.document)


def _refetched(ring: KeyRing, parsed: ParsedSignature, tried: Signer) -> Signer:
    if not _may_refetch(ring, parsed.key_id, tried):
        raise UnverifiedError("signature-mismatch")
    try:
        found = signer_of(ring.fetch_owner(activity_client, parsed.key_id), parsed.key_id)
    except RefusedError as error:
        raise UnverifiedError("key-unknown") from error
    if found.uri != tried.uri or found.public_key == tried.public_key:
        raise UnverifiedError("signature-mismatch")
    return found


def _departed(parsed: ParsedSignature, tried: Signer, gone: OwnerGoneError) -> Signer:
    """Return who signed with a key of before, and is forgotten with that: its own server says 410.

    So nothing else that is signed with such a key has any effect.
    """
    if tried.actor_id is None or gone.owner_uri != tried.uri:
        raise gone
    told = [] if gone.public_key is None else [gone.public_key]
    for key in (*told, *list_former_keys(tried.actor_id)):
        if _fits(parsed, key):
            with unit_of_work():
                note_departure(session().get_one(Actor, tried.actor_id))
            return replace(tried, public_key=key, has_left=True)
    raise gone


def _fits(parsed: ParsedSignature, public_key: str) -> bool:
    try:
        check_signature(parsed, public_key)
    except UnverifiedError:
        return False
    return True


def _may_refetch(ring: KeyRing, key_id: str, tried: Signer) -> bool:
    """Claim the one refetch in five minutes; for stored keys every process shares the claim."""
    if not ring.may_refetch(key_id):
        return False
    if tried.actor_id is None:
        return True
    now = utcnow()
    with unit_of_work():
        claimed = session().execute(
            update(Actor)
            .where(Actor.id == tried.actor_id)
            .where(
                Actor.key_refetched_at.is_(None) | (Actor.key_refetched_at < now - REFETCH_AFTER)
            )
            .values(key_refetched_at=now)
            .returning(Actor.id)
            .execution_options(synchronize_session=False)
        )
        return claimed.first() is not None
