"""Inboxes that are missing: asking whether their owners have moved, and letting go.

The documents of who lives there are fetched once; where they name another inbox, what waits goes
there. An inbox that was missing on three days is given up: its people follow us no longer
(federation.md section 5.6).
"""

from typing import Final

from celery import shared_task
from sqlalchemy import delete, func, select, update

from app.accounts.models.following import Following, FollowState
from app.accounts.services import followings
from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.forum.models.membership import Membership, MembershipState
from app.forum.services import memberships
from federation.dereference.actors import note_actor_gone
from federation.dereference.chase import Chase
from federation.dereference.turns import one_at_a_time
from federation.errors import FederationError
from federation.models.actor import Actor
from federation.models.delivery import Delivery, DeliveryState
from federation.models.failing_inbox import FailingInbox
from federation.transport.client import VanishedError, activity_client
from federation.vocab.origin import same_origin

GIVE_UP_AFTER_DAYS: Final = 3
AT_ONCE: Final = 10
ASKED_PER_INBOX: Final = 5
INBOX: Final = func.coalesce(Actor.shared_inbox_url, Actor.inbox_url)
NO_SYNC: Final = {"synchronize_session": False}


@shared_task(name="federation.dereference.inboxes.check_missing_inboxes")
@one_at_a_time
def check_missing_inboxes() -> None:
    """Ask about inboxes that went missing, and let go of those that stay away."""
    for url in _list_unchecked():
        asked = _ask(url)
        with unit_of_work():
            _settle(url, asked)
    for url in _list_given_up():
        with unit_of_work():
            _let_go(url)


def _list_unchecked() -> list[str]:
    unchecked = select(FailingInbox.inbox_url).where(FailingInbox.checked_at.is_(None))
    return list(session().scalars(unchecked.order_by(FailingInbox.id).limit(AT_ONCE)))


def _list_given_up() -> list[str]:
    gone = select(FailingInbox.inbox_url).where(FailingInbox.days >= GIVE_UP_AFTER_DAYS)
    return list(session().scalars(gone.order_by(FailingInbox.id).limit(AT_ONCE)))


def _ask(url: str) -> list[int]:
    """Fetch the documents of some who live at an inbox; return who they are."""
    client = activity_client()
    residents = _list_residents(url, ASKED_PER_INBOX)
    for actor in residents:
        try:
            Chase(client, left=1).bring(actor.uri)
        except VanishedError:
            with unit_of_work():
                note_actor_gone(session().get_one(Actor, actor.id))
        except FederationError:
            continue  # it cannot be asked now; the days go on counting
    return [actor.id for actor in residents]


def _list_residents(url: str, limit: int | None = None) -> list[Actor]:
    at_it = (Actor.shared_inbox_url == url) | (Actor.inbox_url == url)
    statement = select(Actor).where(at_it, Actor.host.is_not(None), Actor.gone_at.is_(None))
    return list(session().scalars(statement.order_by(Actor.id).limit(limit)))


def _settle(url: str, asked: list[int]) -> None:
    """Let what waits go to where its receivers live now, when they were found elsewhere."""
    row = session().scalar(select(FailingInbox).where(FailingInbox.inbox_url == url))
    if row is None:
        return
    row.checked_at = utcnow()
    at_home = Actor.id.in_(asked), Actor.gone_at.is_(None)
    found = set(session().scalars(select(INBOX).where(*at_home)))
    if url in found:
        return
    moved_to = sorted(inbox for inbox in found if inbox and same_origin(inbox, url))
    if moved_to:
        _forward(url, moved_to[0])
    session().delete(row)


def _forward(url: str, moved_to: str) -> None:
    """Send what waits for an inbox to another of the same server; what goes there anyway stays."""
    there = select(Delivery.outbox_activity_id).where(Delivery.inbox_url == moved_to)
    session().execute(
        update(Delivery)
        .where(Delivery.inbox_url == url, Delivery.state == DeliveryState.WAITING)
        .where(Delivery.outbox_activity_id.not_in(there))
        .values(inbox_url=moved_to, next_attempt_at=utcnow())
        .execution_options(**NO_SYNC)
    )


def _let_go(url: str) -> None:
    """End the follows of all who live at an inbox that is not there."""
    residents = [actor.account_id for actor in _list_residents(url) if actor.account_id]
    joined = select(Membership).where(
        Membership.account_id.in_(residents), Membership.state == MembershipState.APPROVED
    )
    for membership in session().scalars(joined).all():
        if membership.community.is_local:
            memberships.end_membership(membership)
    followed = select(Following).where(
        Following.follower_id.in_(residents), Following.state == FollowState.APPROVED
    )
    for following in session().scalars(followed).all():
        if following.followed.is_local:
            followings.end_follow(following.follower, following.followed)
    session().execute(
        delete(FailingInbox).where(FailingInbox.inbox_url == url).execution_options(**NO_SYNC)
    )
