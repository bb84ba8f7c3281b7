"""Whose key is this, and is that somebody we listen to? One query for all that is known here."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update

from app.accounts.models.account import Account, AccountState
from app.accounts.queries import find_account_by_uri
from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.forum.models.community import Community
from federation.dereference.actors import find_owner, keep_actor
from federation.dereference.keys import KeyRing
from federation.errors import RefusedError, UnverifiedError
from federation.models.actor import Actor
from federation.models.peer import Peer
from federation.signatures.verify import ParsedSignature, check_signature
from federation.transport.client import activity_client
from federation.vocab.actors import ActorDocument

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
    )
    .outerjoin(Account, Account.id == Actor.account_id)
    .outerjoin(Community, Community.id == Actor.community_id)
    .outerjoin(Peer, Peer.host == Actor.host)
    .where(Actor.key_id == bindparam("wanted"), Actor.host.is_not(None))
)


@dataclass(frozen=True)
class Signer:
    """An actor whose key is at hand; `document` is set while no row holds this key yet."""

    uri: str
    public_key: str
    actor_id: int | None = None
    document: ActorDocument | None = None
    is_suspended: bool = False
    heard_at: datetime | None = None
    is_peer_failing: bool = False


def find_signer(key_id: str) -> Signer | None:
    """Return the known actor that signs with `key_id`."""
    row = session().execute(_KNOWN, {"wanted": key_id}).first()
    if row is None or row[1] is None:
        return None
    return Signer(
        uri=row[2] or row[4] or "",
        public_key=row[1],
        actor_id=row[0],
        is_suspended=row[3] == AccountState.SUSPENDED,
        heard_at=row[5],
        is_peer_failing=row[6] is not None or row[7] is not None,
    )


def is_known_actor(uri: str) -> bool:
    """Whether anything is known of the actor with this id."""
    return find_owner(uri) is not None


def verify_signer(ring: KeyRing, parsed: ParsedSignature) -> Signer:
    """Return who made the signature.

    Keys come from the database, else from one budgeted fetch. When a known key does not fit, it may
    have changed: it is fetched again, at most once in five minutes. Raises UnverifiedError,
    RefusedError or (the peer does not answer) UnavailableError.
    """
    known = find_signer(parsed.key_id)
    signer = known or _fetched(ring.get_owner(activity_client, parsed.key_id))
    try:
        check_signature(parsed, signer.public_key)
    except UnverifiedError:
        signer = _refetched(ring, parsed, signer)
        check_signature(parsed, signer.public_key)
    return signer


def keep_signer(signer: Signer) -> None:
    """Store a signer that no row holds yet, or its new key; inside a unit of work."""
    if signer.document is not None:
        keep_actor(signer.document)


def _fetched(document: ActorDocument) -> Signer:
    """Return a signer that is not stored (yet): a suspended account may come with a new key."""
    assert document.public_key_pem is not None
    account = find_account_by_uri(document.uri)
    return Signer(
        uri=document.uri,
        public_key=document.public_key_pem,
        document=document,
        is_suspended=account is not None and account.state == AccountState.SUSPENDED,
    )


def _refetched(ring: KeyRing, parsed: ParsedSignature, tried: Signer) -> Signer:
    if not _may_refetch(ring, parsed.key_id, tried):
        raise UnverifiedError("signature-mismatch")
    try:
        found = _fetched(ring.fetch_owner(activity_client, parsed.key_id))
    except RefusedError as error:
        raise UnverifiedError("key-unknown") from error
    if found.uri != tried.uri or found.public_key == tried.public_key:
        raise UnverifiedError("signature-mismatch")
    return found


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
