"""Who follows whom across servers: where they are reached, and the lists compared (FEP-8fcf)."""

import hashlib
from collections.abc import Iterable

from sqlalchemy import Select, bindparam, func, select

from app.accounts.models.account import Account, AccountState
from app.accounts.models.following import Following, FollowState
from app.core.db import session
from app.core.foresight import UNFORESEEN, Foresight
from app.forum.models.community import Community
from app.forum.models.membership import Membership, MembershipState
from federation.models.actor import Actor

_DIGEST_BYTES = 32
# A server that has a shared inbox wants one copy there, however many of its people follow.
INBOX = func.coalesce(Actor.shared_inbox_url, Actor.inbox_url)
# By community: where its followers elsewhere are reached.
_INBOXES: Foresight[int, tuple[str, ...]] = Foresight("inboxes", Membership, Account, Actor)
# Made once: asked for every activity that a community may pass on.
_OF_COMMUNITIES = (
    select(Membership.community_id, INBOX)
    .join(Account, Account.id == Membership.account_id)
    .join(Actor, Actor.account_id == Account.id)
    .where(
        Membership.community_id.in_(bindparam("communities", expanding=True)),
        Membership.state == MembershipState.APPROVED,
        Account.host.is_not(None),
        Account.state == AccountState.ACTIVE,
        Actor.gone_at.is_(None),
    )
    .distinct()
)


def list_follower_inboxes(community_id: int) -> tuple[str, ...]:
    """Return the inboxes of the servers where somebody follows one of our communities."""
    known = _INBOXES.find(community_id)
    return _inboxes_of([community_id])[community_id] if known is UNFORESEEN else known


def foresee_follower_inboxes(community_ids: Iterable[int]) -> None:
    """Ask ahead for the inboxes of all these communities (app/core/foresight.py)."""
    _INBOXES.note(_inboxes_of(community_ids))


def _inboxes_of(community_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, dict[str, None]] = {community_id: {} for community_id in community_ids}
    if not found:
        return {}
    rows = session().execute(_OF_COMMUNITIES, {"communities": sorted(found)})
    for community_id, inbox in rows:
        if inbox:
            found[community_id][inbox] = None
    return {community_id: tuple(inboxes) for community_id, inboxes in found.items()}


def digest_of(uris: Iterable[str]) -> str:
    """Return the digest of a list of followers: the SHA-256 of each id, all combined with XOR."""
    combined = 0
    for uri in uris:
        combined ^= int.from_bytes(hashlib.sha256(uri.encode("utf-8")).digest(), "big")
    return combined.to_bytes(_DIGEST_BYTES, "big").hex()


def list_followers_at(owner: Account | Community, hosts: Iterable[str]) -> dict[str, list[str]]:
    """Return per host the ids of those who follow one of ours from there."""
    found: dict[str, list[str]] = {host: [] for host in hosts}
    statement = _follower_rows(owner).where(
        Account.host.in_(list(found)), Account.state == AccountState.ACTIVE
    )
    for host, uri in session().execute(statement):
        if host is not None and uri is not None:
            found[host].append(uri)
    return {host: sorted(uris) for host, uris in found.items()}


def list_followers_here(owner: Account | Community) -> dict[str, Membership | Following]:
    """Return by id those of us who follow somebody elsewhere, as far as that was accepted."""
    rows: list[tuple[Account, Membership | Following]] = []
    if isinstance(owner, Community):
        rows += session().execute(
            select(Account, Membership)
            .join(Account, Account.id == Membership.account_id)
            .where(Membership.community_id == owner.id, Account.host.is_(None))
            .where(Membership.state == MembershipState.APPROVED)
        )
    else:
        rows += session().execute(
            select(Account, Following)
            .join(Account, Account.id == Following.follower_id)
            .where(Following.followed_id == owner.id, Account.host.is_(None))
            .where(Following.state == FollowState.APPROVED)
        )
    return {account.uri: row for account, row in rows}


def _follower_rows(owner: Account | Community) -> Select[str | None, str | None]:
    columns = select(Account.host, Account.remote_uri)
    if isinstance(owner, Community):
        return columns.join(Membership, Membership.account_id == Account.id).where(
            Membership.community_id == owner.id, Membership.state == MembershipState.APPROVED
        )
    return columns.join(Following, Following.follower_id == Account.id).where(
        Following.followed_id == owner.id, Following.state == FollowState.APPROVED
    )
