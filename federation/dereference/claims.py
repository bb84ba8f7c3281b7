"""What others say of themselves and somebody else must confirm: another handle, another home.

A handle (FEP-2c59) is shown once WebFinger at its host leads back to the actor, and no longer when
it leads elsewhere. A `movedTo` that came without a Move (FEP-7628, pull) is followed when the new
actor, fetched for this, names the old one. Looked up again every week, as either may change.
"""

from datetime import timedelta
from typing import Final

from celery import shared_task
from sqlalchemy import exists, or_, select, update

from app.accounts.models.account import Account
from app.accounts.models.following import Following
from app.core.addresses import local_path
from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.core.settings import Federation, current_settings
from app.forum.models.community import Community
from app.forum.models.membership import MemberRole, Membership
from app.moderation.queries import is_host_refused
from federation.dereference.actors import find_owner
from federation.dereference.chase import Chase
from federation.dereference.moves import settle_move
from federation.dereference.turns import one_at_a_time
from federation.discovery.handles import Handle, parse_handle
from federation.discovery.webfinger import describe_handle
from federation.errors import FederationError, RefusedError, UnavailableError
from federation.models.actor import Actor
from federation.transport.actors import find_actor
from federation.transport.client import ActivityClient, activity_client

AT_ONCE: Final = 20
LEASE: Final = timedelta(minutes=5)
AGAIN_AFTER: Final = timedelta(days=7)
UNANSWERED_AGAIN_AFTER: Final = timedelta(days=1)
NO_SYNC: Final = {"synchronize_session": False}


@shared_task(name="federation.dereference.claims.check_claims")
@one_at_a_time
def check_claims() -> None:
    """Look up what is due, at most twenty actors at a time."""
    if current_settings().federation == Federation.OFF:
        return
    client = activity_client()
    for actor_id in _claim_due():
        try:
            _check(actor_id, client)
            again_after = AGAIN_AFTER
        except UnavailableError:
            again_after = UNANSWERED_AGAIN_AFTER
        _put_off(actor_id, again_after)


def confirm_handle(client: ActivityClient, owner: Account | Community) -> None:
    """Show somebody elsewhere by the handle it gives itself, when WebFinger there agrees.

    Uses the network, and a unit of work of its own; raises UnavailableError when nobody answers.
    """
    actor = None if owner.is_local else find_actor(owner)
    claimed = None if actor is None else actor.claimed_handle
    if claimed is None:
        return
    handle = parse_handle(claimed)
    is_true = isinstance(handle, Handle) and _leads_to(client, handle, owner.uri)
    session().rollback()
    with unit_of_work():
        session().refresh(owner)
        if is_true:
            _take_from_others(claimed, owner)
        owner.webfinger = claimed if is_true else None


def _leads_to(client: ActivityClient, handle: Handle, uri: str) -> bool:
    """Whether a handle stands for this actor, as the host of the handle says."""
    if is_host_refused(handle.host):
        return False
    try:
        return any(one.uri == uri for one in describe_handle(client, handle).actors)
    except UnavailableError:
        raise
    except FederationError:
        return False


def _take_from_others(handle: str, owner: Account | Community) -> None:
    """Let whoever had the handle before go by the name at its own host again."""
    for model in (Account, Community):
        session().execute(
            update(model)
            .where(model.webfinger == handle, model.remote_uri != owner.uri)
            .values(webfinger=None),
            execution_options=NO_SYNC,
        )


def _check(actor_id: int, client: ActivityClient) -> None:
    actor = session().get(Actor, actor_id)
    owner = None if actor is None else actor.account or actor.community
    if actor is None or owner is None or actor.gone_at is not None:
        return
    confirm_handle(client, owner)
    target = actor.moved_to
    if target is None or not _is_followed(owner):
        return
    try:
        _follow_there(client, owner.uri, target)
    except UnavailableError:
        raise
    except FederationError:
        return  # not believed, or not yet


def _follow_there(client: ActivityClient, uri: str, target: str) -> None:
    """Let our people follow the new actor; raises FederationError when it does not agree."""
    if local_path(target) is None:
        Chase(client).bring(target)
    session().rollback()
    with unit_of_work():
        old, new = find_owner(uri), find_owner(target)
        if old is None or new is None:
            raise RefusedError("move-to-nobody")
        settle_move(old, new)


def _is_followed(owner: Account | Community) -> bool:
    """Whether anybody here would go along; who moderates a group stays with it."""
    ours = Account.host.is_(None)
    if isinstance(owner, Account):
        follows = select(Following.id).join(Account, Account.id == Following.follower_id)
        found = follows.where(Following.followed_id == owner.id, ours)
    else:
        follows = select(Membership.id).join(Account, Account.id == Membership.account_id)
        is_member = Membership.role == MemberRole.MEMBER
        found = follows.where(Membership.community_id == owner.id, is_member, ours)
    return session().scalar(select(exists(found))) or False


def _claim_due() -> list[int]:
    """Take what is due; it comes back in five minutes should this run die."""
    now = utcnow()
    due = (
        select(Actor.id)
        .where(Actor.claims_check_at <= now)
        .order_by(Actor.claims_check_at, Actor.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    if session().scalar(select(Actor.id).where(Actor.claims_check_at <= now).limit(1)) is None:
        return []
    session().rollback()
    with unit_of_work():
        taken = session().execute(
            update(Actor)
            .where(Actor.id.in_(due.scalar_subquery()))
            .values(claims_check_at=now + LEASE)
            .returning(Actor.id)
            .execution_options(**NO_SYNC)
        )
        return sorted(taken.scalars())


def _put_off(actor_id: int, wait: timedelta) -> None:
    """Look again later, as long as there is something to look up."""
    claims = or_(Actor.claimed_handle.is_not(None), Actor.moved_to.is_not(None))
    session().rollback()
    with unit_of_work():
        is_claiming = session().scalar(select(exists().where(Actor.id == actor_id, claims)))
        session().execute(
            update(Actor)
            .where(Actor.id == actor_id)
            .values(claims_check_at=utcnow() + wait if is_claiming else None),
            execution_options=NO_SYNC,
        )
