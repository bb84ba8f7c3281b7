"""Who follows whom across servers, by id: the two lists that servers compare (FEP-8fcf)."""

import hashlib
from collections.abc import Iterable

from sqlalchemy import Select, select

from app.accounts.models.account import Account, AccountState
from app.accounts.models.following import Following, FollowState
from app.core.db import session
from app.forum.models.community import Community
from app.forum.models.membership import Membership, MembershipState

_DIGEST_BYTES = 32


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
