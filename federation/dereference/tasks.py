"""Fetching for activities that wait for a document, and refreshing actors that are a day old."""

import logging
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

from celery import shared_task
from flask import Flask
from flask.globals import app_ctx
from sqlalchemy import select, update

from app.accounts.models.account import Account
from app.accounts.services.remote import mark_remote_account_deleted
from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.core.tasks import Queue, wake
from app.forum.models.community import Community
from app.forum.queries.comments import find_posted_by_uri
from app.forum.queries.communities import find_community_by_uri
from federation.dereference.actors import STALE_AFTER, note_actor_gone
from federation.dereference.chase import BUDGET, Chase
from federation.dereference.lookup_rows import answer_due_lookups
from federation.dereference.objects import Placing, is_followed_here
from federation.errors import FederationError, RefusedError, UnavailableError
from federation.models.actor import Actor
from federation.models.inbox_activity import InboxActivity, InboxState
from federation.transport.backoff import wait_before
from federation.transport.client import VanishedError, activity_client
from federation.vocab.origin import host_of

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)
CLAIMED_AT_ONCE = 8
PARALLEL = 4
MAX_WAITS = 10
REFRESHED_AT_ONCE = 10
REFRESH_AGAIN_AFTER = timedelta(hours=1)
UNREACHABLE = "unreachable"
GONE = f"{UNREACHABLE}: gone"
GONE_FOR_GOOD = "status-410"
NOT_FOUND = "status-404"
MISSED_ONCE = "missed-once"
LOOK_AGAIN_AFTER = timedelta(hours=6)
"""A 404 may be an accident; of what is here it counts when it is still there after this time."""


@dataclass(frozen=True)
class Errand:
    """What one inbox row waits for; `reason` is what came of it so far."""

    row_id: int
    uri: str
    signer_uri: str
    fetches: int
    attempts: int
    reason: str = ""

    @property
    def was_missed(self) -> bool:
        """Whether its own server said once, hours ago, that it has no such thing."""
        return self.reason.startswith(MISSED_ONCE)


@shared_task(name="federation.dereference.tasks.fetch_due")
def fetch_due() -> None:
    """Fetch what people and activities wait for, until nothing is due.

    Slow peers do not stop the others.
    """
    app = app_ctx.app
    with ThreadPoolExecutor(PARALLEL) as pool:
        while answer_due_lookups(app, pool):
            pass
        while errands := _claim_errands():
            list(pool.map(lambda errand: _run_in_context(app, errand), errands))


@shared_task(name="federation.dereference.tasks.refresh_stale_actors")
def refresh_stale_actors() -> None:
    """Fetch again some actors that were heard lately and whose document is a day old."""
    client = activity_client()
    for actor_id, uri in _list_stale():
        try:
            Chase(client, left=1).bring(uri)
        except FederationError as error:
            _note_failed_refresh(actor_id, error)


def _claim_errands() -> list[Errand]:
    """Take some due rows for a minute; several workers may do so side by side."""
    now = utcnow()
    due = (
        select(InboxActivity.id)
        .where(InboxActivity.state == InboxState.FETCHING, InboxActivity.next_attempt_at <= now)
        .where(InboxActivity.lease_until.is_(None) | (InboxActivity.lease_until < now))
        .order_by(InboxActivity.next_attempt_at, InboxActivity.id)
        .limit(CLAIMED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    with unit_of_work():
        rows = session().execute(
            update(InboxActivity)
            .where(InboxActivity.id.in_(due.scalar_subquery()))
            .values(lease_until=now + LEASE)
            .returning(
                InboxActivity.id,
                InboxActivity.needs_uri,
                InboxActivity.signer_uri,
                InboxActivity.fetches,
                InboxActivity.attempts,
                InboxActivity.reason,
            )
            .execution_options(synchronize_session=False)
        )
        errands = (Errand(row[0], row[1] or "", *row[2:5], row[5] or "") for row in rows)
        return sorted(errands, key=lambda errand: errand.row_id)


def _run_in_context(app: Flask, errand: Errand) -> None:
    """Run one errand with a session of its own; whatever goes wrong, the others go on."""
    with app.app_context():
        try:
            _run(errand)
        except Exception as error:
            log.exception("a fetch for an activity failed unexpectedly")
            session().rollback()
            _settle_unavailable(errand, 0, UnavailableError(type(error).__name__))


def _run(errand: Errand) -> None:
    """Fetch for one row and give it back to the applier, or let it wait when a peer is silent."""
    placing = Placing(announced_by=_announcer(errand.signer_uri))
    left, bringer = BUDGET - errand.fetches, host_of(errand.signer_uri)
    chase = Chase(activity_client(), left=left, placing=placing, bringer=bringer)
    try:
        chase.bring(errand.uri)
    except UnavailableError as error:
        _settle_unavailable(errand, BUDGET - chase.left, error)
    except VanishedError as error:
        if error.reason == NOT_FOUND and not errand.was_missed and _is_here(errand.uri):
            _look_again(errand)
        else:
            _settle(errand, BUDGET - chase.left, f"{GONE}: {error.reason}")
    except RefusedError as error:
        _settle(errand, BUDGET - chase.left, f"{UNREACHABLE}: {error.reason}")
    else:
        _settle(errand, BUDGET - chase.left, None)


def _announcer(signer_uri: str) -> Community | None:
    """Return the remote community that sent the row, to which announced things belong.

    None for one that nobody here follows: it may bring what others said, but shows nothing here.
    """
    community = find_community_by_uri(signer_uri)
    if community is None or community.is_local or not is_followed_here(community):
        return None
    return community


def _is_here(uri: str) -> bool:
    """Whether it is shown here, so that somebody asks whether it should not be."""
    return find_posted_by_uri(uri) is not None or find_community_by_uri(uri) is not None


def _look_again(errand: Errand) -> None:
    """Ask once more in some hours before a thing is taken for gone; until then it stays."""
    at = utcnow() + LOOK_AGAIN_AFTER
    _write(errand, next_attempt_at=at, reason=f"{MISSED_ONCE}: {NOT_FOUND}")


def _settle(errand: Errand, fetches: int, reason: str | None) -> None:
    """Let the row be applied again; it still says what was fetched, and why that failed."""
    _write(errand, state=InboxState.WAITING, reason=reason, fetches=fetches, attempts=0)


def _settle_unavailable(errand: Errand, fetches: int, error: UnavailableError) -> None:
    attempts = errand.attempts + 1
    if attempts > MAX_WAITS:
        _settle(errand, fetches, f"{UNREACHABLE}: {error.reason}")
        return
    wait = wait_before(
        attempts,
        chance=random.random(),  # noqa: S311 - spreads retries, protects nothing
        retry_after=error.retry_after,
    )
    at = utcnow() + wait
    reason = errand.reason if errand.was_missed else error.reason
    _write(errand, attempts=attempts, next_attempt_at=at, reason=reason)


def _write(errand: Errand, **values: object) -> None:
    with unit_of_work():
        session().execute(
            update(InboxActivity)
            .where(InboxActivity.id == errand.row_id, InboxActivity.state == InboxState.FETCHING)
            .values(lease_until=None, **values)
            .execution_options(synchronize_session=False)
        )
        wake(Queue.INBOX)


def _list_stale() -> list[tuple[int, str]]:
    """Return id and address of remote actors that sent something since they went stale."""
    now = utcnow()
    heard = select(InboxActivity.signer_uri).where(InboxActivity.received_at > now - STALE_AFTER)
    statement = (
        select(Actor.id, Account.remote_uri, Community.remote_uri)
        .outerjoin(Account, Account.id == Actor.account_id)
        .outerjoin(Community, Community.id == Actor.community_id)
        .where(Actor.host.is_not(None), Actor.gone_at.is_(None))
        .where(Actor.fetched_at < now - STALE_AFTER)
        .where(Account.remote_uri.in_(heard) | Community.remote_uri.in_(heard))
        .order_by(Actor.fetched_at)
        .limit(REFRESHED_AT_ONCE)
    )
    return [(row[0], row[1] or row[2] or "") for row in session().execute(statement)]


def _note_failed_refresh(actor_id: int, error: FederationError) -> None:
    """Ask again in an hour; keep that its server says the actor is gone.

    A 410 says it is gone for good (federation.md section 1.6): the person is forgotten.
    """
    with unit_of_work():
        actor = session().get_one(Actor, actor_id)
        if isinstance(error, VanishedError):
            note_actor_gone(actor)
            if error.reason == GONE_FOR_GOOD and actor.account is not None:
                mark_remote_account_deleted(actor.account)
        actor.fetched_at = utcnow() - STALE_AFTER + REFRESH_AGAIN_AFTER
