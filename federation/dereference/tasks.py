"""Fetching for activities that wait for a document, and refreshing actors that are a day old."""

import logging
import random
import time
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from celery import shared_task
from flask import Flask
from flask.globals import app_ctx
from sqlalchemy import Select, or_, select, update

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
from federation.dereference.turns import in_turn, one_at_a_time
from federation.errors import FederationError, RefusedError, UnavailableError
from federation.models.actor import Actor
from federation.models.inbox_activity import InboxActivity, InboxState
from federation.transport.backoff import wait_before
from federation.transport.client import VanishedError, activity_client
from federation.vocab.origin import host_of, registered_domain

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)
PARALLEL = 8
MOST_PER_DOMAIN = 3
ERRAND_SECONDS = 30.0  # the document at hand included it ends before the lease does
LOOK_SECONDS = 1.0
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
    def domain(self) -> str:
        """Whose word makes us go: wildcard names are endless, domains are not."""
        return registered_domain(host_of(self.signer_uri))

    @property
    def was_missed(self) -> bool:
        """Whether its own server said once, hours ago, that it has no such thing."""
        return self.reason.startswith(MISSED_ONCE)


@shared_task(name="federation.dereference.tasks.fetch_due")
def fetch_due() -> None:
    """Fetch what people and activities wait for, until nothing is due.

    Slow peers do not stop the others: of what one domain has us fetch little is under way at once,
    and a second call while one runs leaves the work to that one.
    """
    app = app_ctx.app
    _look_up(app)
    _run_errands(app)


@shared_task(name="federation.dereference.tasks.refresh_stale_actors")
@one_at_a_time
def refresh_stale_actors() -> None:
    """Fetch again some actors that were heard lately and whose document is a day old."""
    client = activity_client()
    for actor_id, uri in _list_stale():
        try:
            Chase(client, left=1).bring(uri)
        except FederationError as error:
            _note_failed_refresh(actor_id, error)


@in_turn(Lock())
def _look_up(app: Flask) -> None:
    with ThreadPoolExecutor(PARALLEL) as pool:
        while answer_due_lookups(app, pool):
            pass


@in_turn(Lock())
def _run_errands(app: Flask) -> None:
    """Run what is due, a few at once; returns when nothing is due or under way any more."""
    under_way: dict[Future[None], str] = {}
    with ThreadPoolExecutor(PARALLEL) as pool:
        while True:
            for errand in _claim_errands(Counter(under_way.values())):
                under_way[pool.submit(_run_in_context, app, errand)] = errand.domain
            if not under_way:
                return
            for done in wait(under_way, LOOK_SECONDS, FIRST_COMPLETED).done:
                del under_way[done]


def _claim_errands(busy: Counter[str]) -> list[Errand]:
    """Take due rows for a minute, as many as there is room for beside those of `busy` domains.

    Several workers may do so side by side.
    """
    now, errands = utcnow(), list[Errand]()
    if busy.total() == PARALLEL or session().scalar(_due(now, busy)) is None:
        session().rollback()  # nothing is held while others are waited for
        return errands
    with unit_of_work():
        while busy.total() + len(errands) < PARALLEL:
            taken = busy + Counter(errand.domain for errand in errands)
            row_id = session().scalar(_due(now, taken).with_for_update(skip_locked=True))
            if row_id is None:
                break
            errands.append(_take(row_id, now))
    return errands


def _due(now: datetime, busy: Counter[str]) -> Select[int]:
    """Select what waits the longest of domains for which not enough is under way."""
    full = [domain for domain, count in busy.items() if count >= MOST_PER_DOMAIN]
    host = InboxActivity.signer_host
    of_full = (or_(host == name, host.endswith(f".{name}", autoescape=True)) for name in full)
    return (
        select(InboxActivity.id)
        .where(InboxActivity.state == InboxState.FETCHING, InboxActivity.next_attempt_at <= now)
        .where(InboxActivity.lease_until.is_(None) | (InboxActivity.lease_until < now))
        .where(*(~is_of_it for is_of_it in of_full))
        .order_by(InboxActivity.next_attempt_at, InboxActivity.id)
        .limit(1)
    )


def _take(row_id: int, now: datetime) -> Errand:
    taken = session().execute(
        update(InboxActivity)
        .where(InboxActivity.id == row_id)
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
    row = taken.one()
    return Errand(row[0], row[1] or "", *row[2:5], row[5] or "")


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
    until = time.monotonic() + ERRAND_SECONDS
    chase = Chase(activity_client(), left=left, placing=placing, bringer=bringer, until=until)
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
