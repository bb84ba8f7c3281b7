"""Looking for somebody or something elsewhere in the background, as other servers may be slow.

Whoever asks gets a page that waits; the row says what became of it.
"""

import logging
import random
from concurrent.futures import Executor
from datetime import timedelta
from typing import Final

from flask import Flask
from sqlalchemy import select, update

from app.accounts.models.account import Account
from app.core.batches import delete_some
from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.core.errors import AppError, NotFoundError, UnavailableError
from app.core.tasks import Queue, wake
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from federation.dereference.lookup import find_known, look_up_actor, look_up_posted
from federation.models.lookup import Lookup, LookupState
from federation.transport.backoff import wait_before

log = logging.getLogger(__name__)
LEASE: Final = timedelta(seconds=60)
AT_ONCE: Final = 4
MAX_ATTEMPTS: Final = 3
KEPT_FOR: Final = timedelta(days=1)

Found = Account | Community | Post | Comment


def ask_elsewhere(account: Account, question: str) -> Lookup:
    """Have a handle or an address looked for; inside a unit of work.

    The same question again while it is looked for is the same row.
    """
    waiting = session().scalar(
        select(Lookup).where(
            Lookup.account_id == account.id,
            Lookup.question == question,
            Lookup.state == LookupState.WAITING,
        )
    )
    if waiting is not None:
        return waiting
    row = Lookup(account_id=account.id, question=question)
    session().add(row)
    session().flush()
    wake(Queue.FETCH)
    return row


def find_lookup(public_id: str, account: Account) -> Lookup | None:
    """Return what somebody looked for; nobody else sees it."""
    return session().scalar(
        select(Lookup).where(Lookup.public_id == public_id, Lookup.account_id == account.id)
    )


def answer_due_lookups(app: Flask, pool: Executor) -> int:
    """Look for what people wait for; return how many questions that were."""
    due = select(Lookup.id).where(
        Lookup.state == LookupState.WAITING, Lookup.next_attempt_at <= utcnow()
    )
    if session().scalar(due.limit(1)) is None:
        return 0
    rows = _claim()
    list(pool.map(_answer_in_context, [app] * len(rows), rows))
    return len(rows)


def purge_lookups(limit: int) -> int:
    """Forget questions of more than a day ago; return how many."""
    return delete_some(Lookup.id, Lookup.asked_at < utcnow() - KEPT_FOR, limit)


def find_elsewhere(question: str) -> Found:
    """Return what a handle or an address stands for; an address is first taken for a text.

    Uses the network. Raises NotFoundError or UnavailableError.
    """
    known = find_known(question)
    if known is not None:
        return known
    if question.lower().startswith(("http://", "https://")):
        try:
            return look_up_posted(question)
        except NotFoundError:
            return look_up_actor(question)
    return look_up_actor(question)


def _claim() -> list[tuple[int, str]]:
    now = utcnow()
    due = (
        select(Lookup.id)
        .where(Lookup.state == LookupState.WAITING, Lookup.next_attempt_at <= now)
        .where(Lookup.lease_until.is_(None) | (Lookup.lease_until < now))
        .order_by(Lookup.next_attempt_at, Lookup.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    with unit_of_work():
        rows = session().execute(
            update(Lookup)
            .where(Lookup.id.in_(due.scalar_subquery()))
            .values(lease_until=now + LEASE)
            .returning(Lookup.id, Lookup.question)
            .execution_options(synchronize_session=False)
        )
        return [(row_id, question) for row_id, question in rows]


def _answer_in_context(app: Flask, row: tuple[int, str]) -> None:
    """Answer one question with a session of its own; whatever goes wrong, the others go on."""
    row_id, question = row
    with app.app_context():
        try:
            found = find_elsewhere(question)
        except AppError as error:
            _write_failure(row_id, error)
        except Exception as error:
            log.exception("a search on another server failed unexpectedly")
            session().rollback()
            _write_failure(row_id, UnavailableError("", cause=type(error).__name__))
        else:
            _write(row_id, state=LookupState.FOUND, found_uri=found.uri)


def _write_failure(row_id: int, error: AppError) -> None:
    """Keep why nothing was found; a server that does not answer is asked twice more."""
    row = session().get(Lookup, row_id)
    attempts = 1 if row is None else row.attempts + 1
    if error.may_retry and attempts < MAX_ATTEMPTS:
        chance = random.random()  # noqa: S311 - spreads retries, protects nothing
        at = utcnow() + wait_before(attempts, chance=chance)
        _write(row_id, attempts=attempts, next_attempt_at=at, reason=error.text)
    else:
        _write(row_id, state=LookupState.FAILED, attempts=attempts, reason=error.text)


def _write(row_id: int, **values: object) -> None:
    with unit_of_work():
        session().execute(
            update(Lookup)
            .where(Lookup.id == row_id)
            .values(lease_until=None, **values)
            .execution_options(synchronize_session=False)
        )
