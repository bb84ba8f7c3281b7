"""Actor documents into accounts and communities with their keys and inboxes."""

from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy import or_, select

from app.accounts.models.account import Account
from app.accounts.queries import find_account_by_uri
from app.accounts.services import remote as remote_accounts
from app.core.addresses import is_local_host, local_path
from app.core.clock import utcnow
from app.core.db import session
from app.core.plain_text import clean_plain_text
from app.forum.models.community import Community
from app.forum.queries.communities import find_community_by_uri
from app.forum.services import communities
from federation.dereference.documents import is_usable_uri
from federation.dereference.key_changes import keep_former_key, note_key_change
from federation.discovery.handles import Handle, parse_handle
from federation.errors import MalformedError, RefusedError
from federation.models.actor import Actor, ActorKind
from federation.transport.actors import find_actor
from federation.vocab.actors import ActorDocument
from federation.vocab.origin import host_of, same_origin
from federation.vocab.terms import Kind

STALE_AFTER = timedelta(days=1)
MOVE_COMES_WITHIN = timedelta(minutes=10)  # after the document that says so
MAX_NAME = 255
BOT_TYPES = frozenset({"Service", "Application", "Organization"})


def find_owner(uri: str) -> Account | Community | None:
    """Return the account or community with this id, ours or remote."""
    return find_account_by_uri(uri) or find_community_by_uri(uri)


def find_remote_actor(uri: str) -> Actor | None:
    """Return what we know of the actor with this foreign id."""
    if local_path(uri) is not None:
        return None
    return session().scalar(
        select(Actor)
        .outerjoin(Account, Account.id == Actor.account_id)
        .outerjoin(Community, Community.id == Actor.community_id)
        .where(or_(Account.remote_uri == uri, Community.remote_uri == uri))
    )


def is_stale(actor: Actor) -> bool:
    """Whether a remote actor was fetched more than a day ago."""
    return actor.fetched_at is None or utcnow() - actor.fetched_at > STALE_AFTER


def keep_actor(document: ActorDocument) -> Actor:
    """Store or refresh a remote actor, inside a unit of work.

    The document must have been fetched from its own id: its key is believed. Raises RefusedError
    for one of ours, for a kind we have no place for, and when a person became a group.
    """
    if not is_usable_uri(document.uri):
        raise RefusedError("actor-not-foreign")
    owner = _keep_owner(document)
    actor = find_actor(owner)
    if actor is None:
        actor = Actor(host=host_of(document.uri), made_at=utcnow())
        if isinstance(owner, Account):
            actor.kind, actor.account = ActorKind.PERSON, owner
        else:
            actor.kind, actor.community = ActorKind.COMMUNITY, owner
        session().add(actor)
    _set_key(actor, document)
    _set_addresses(actor, document)
    actor.also_known_as = list(document.also_known_as)
    _note_claims(actor, owner, document)
    actor.fetched_at = utcnow()
    actor.gone_at = None
    session().flush()
    return actor


def _note_claims(actor: Actor, owner: Account | Community, document: ActorDocument) -> None:
    """Keep what the actor says of itself that others must confirm, to be looked up when it is new.

    Another handle than its name at its host (FEP-2c59), and where it moved to (FEP-7628).
    """
    claimed, moved_to = _claimed_handle(document, owner), document.moved_to
    if claimed != actor.claimed_handle:
        owner.webfinger = None
    if moved_to not in {None, actor.moved_to}:
        actor.claims_check_at = utcnow() + MOVE_COMES_WITHIN
    elif claimed not in {None, actor.claimed_handle}:
        actor.claims_check_at = utcnow()
    actor.claimed_handle, actor.moved_to = claimed, moved_to


def _claimed_handle(document: ActorDocument, owner: Account | Community) -> str | None:
    """Return the handle in a document unless it is what we would call the actor anyway."""
    try:
        handle = parse_handle(document.webfinger or "")
    except MalformedError:
        return None
    if not isinstance(handle, Handle) or is_local_host(handle.host):
        return None
    claimed = f"{handle.name}@{handle.host}"
    is_usual = claimed.lower() == f"{owner.name}@{owner.host}".lower()
    return None if is_usual or len(claimed) > MAX_NAME else claimed


def note_actor_gone(actor: Actor) -> None:
    """Keep that the actor's own server says 404 or 410 for it, inside a unit of work."""
    if actor.gone_at is None:
        actor.gone_at = utcnow()


def note_departure(actor: Actor) -> None:
    """Forget somebody whose own server says 410, inside a unit of work (federation.md 1.6)."""
    note_actor_gone(actor)
    if actor.account is not None:
        remote_accounts.mark_remote_account_deleted(actor.account)
    elif actor.community is not None:
        communities.close_remote_community(actor.community)


def _keep_owner(document: ActorDocument) -> Account | Community:
    host = host_of(document.uri)
    if document.kind is Kind.GROUP:
        if find_account_by_uri(document.uri) is not None:
            raise RefusedError("actor-changed-kind")
        return communities.upsert_remote_community(
            communities.RemoteCommunity(
                uri=document.uri,
                name=_name(document),
                host=host,
                url=document.url,
                title=document.name or _name(document),
                description_html=document.summary or "",
                language=document.language or "",
                is_posting_restricted=document.posting_restricted,
            )
        )
    if document.kind not in {Kind.PERSON, Kind.APPLICATION}:
        raise RefusedError("actor-of-no-use")
    if find_community_by_uri(document.uri) is not None:
        raise RefusedError("actor-changed-kind")
    return remote_accounts.upsert_remote_account(
        remote_accounts.RemoteProfile(
            uri=document.uri,
            name=_name(document),
            host=host,
            url=document.url or "",
            display_name=document.name or "",
            bio_html=document.summary or "",
            is_bot=document.type in BOT_TYPES,
            discoverable=document.discoverable is not False,
        )
    )


def _name(document: ActorDocument) -> str:
    """Return what stands before the @; the last part of the id when the peer names nothing."""
    name = document.preferred_username or urlsplit(document.uri).path.strip("/").rpartition("/")[2]
    shown = clean_plain_text(name, max_length=len(name))
    cleaned = "".join(c for c in shown if c not in "@/ ")[:MAX_NAME]
    return cleaned or urlsplit(document.uri).netloc


def _set_key(actor: Actor, document: ActorDocument) -> None:
    """Take the keys that the actor claims for itself on its own server (FEP-fe34)."""
    former = actor.public_key
    if former is not None and _bare(former) != _bare(document.public_key_pem or ""):
        keep_former_key(actor, former)
    actor.proof_keys = dict(document.proof_keys)
    key_id = document.public_key_id
    if key_id is None or not document.owns_key(key_id) or not same_origin(key_id, document.uri):
        actor.key_id = actor.public_key = None
        return
    actor.key_id, actor.public_key = key_id, document.public_key_pem
    if former is not None and _bare(former) != _bare(actor.public_key or ""):
        note_key_change(actor)


def _bare(pem: str) -> str:
    """Return a key without its line breaks: another width of lines is no other key."""
    return "".join(pem.split())


def _set_addresses(actor: Actor, document: ActorDocument) -> None:
    """Take inboxes and collections; none may point at this server, and they share the origin.

    Inboxes elsewhere would let one server have our deliveries sent to another.
    """
    own = {
        "inbox_url": document.inbox,
        "shared_inbox_url": document.shared_inbox,
        "outbox_url": document.outbox,
        "followers_url": document.followers,
        "moderators_url": document.moderators,
        "featured_url": document.featured,
    }
    for column, url in own.items():
        is_own = url is not None and is_usable_uri(url) and same_origin(url, document.uri)
        setattr(actor, column, url if is_own else None)
