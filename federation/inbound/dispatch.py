"""From a stored row to the one service that its activity asks for, and the outcome on the row."""

import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import InterfaceError, OperationalError

from app.core.clock import utcnow
from app.core.db import session
from app.core.errors import AppError
from app.core.metrics import OUTCOMES
from app.core.tasks import Queue, wake
from app.moderation.queries import is_host_refused
from federation.dereference.chase import BUDGET
from federation.dereference.orphans import keep_orphan, need
from federation.dereference.refusals import refusal_from
from federation.dereference.tasks import GONE, UNREACHABLE
from federation.dereference.withdrawals import is_undone_already
from federation.errors import (
    FederationError,
    MissingError,
    OrphanedError,
    RefusedError,
    UnavailableError,
)
from federation.inbound import turned_away
from federation.inbound.context import IgnoredError, InboxContext
from federation.inbound.forwarding import FORWARDED, PROOF, apply_forwarded
from federation.inbound.handlers import announce, echo
from federation.inbound.proofs import proven_at
from federation.inbound.table import ANNOUNCED, find_handler
from federation.models.inbox_activity import InboxActivity, InboxState
from federation.provenance import applying
from federation.transport.backoff import wait_before
from federation.vocab.activities import ActivityDocument, Embedded
from federation.vocab.objects import ObjectDocument
from federation.vocab.origin import host_of
from federation.vocab.parse import parse_activity, parse_json
from federation.vocab.terms import Kind

log = logging.getLogger(__name__)
MAX_ATTEMPTS = 5
MAX_REASON = 500
MAX_ANNOUNCED = 100
CREATE = "Create"
# What an Undo may have overtaken.
UNDOABLE = frozenset({Kind.FOLLOW, Kind.LIKE, Kind.DISLIKE, Kind.DELETE, Kind.LOCK, Kind.BLOCK})


@dataclass(frozen=True)
class Outcome:
    """What came of a row that is done with, to be written before the commit."""

    row_id: int
    state: InboxState
    reason: str | None
    handled_at: datetime


def apply_row(row: InboxActivity, activity: ActivityDocument | None = None) -> Outcome | None:
    """Apply one row in a savepoint; return what came of it, or None when it will come back.

    `activity` is what the row says, when that was read already. Inside a unit of work, which also
    writes the outcome: effects and outcome are committed together, so a kill in between loses and
    doubles nothing. Only trouble with the database itself is raised.
    """
    try:
        with session().begin_nested(), applying(row.id):
            failure = _apply(row, activity)
    except (FederationError, AppError) as error:
        return _settle(row, error)
    except Exception as error:
        if isinstance(error, OperationalError | InterfaceError):
            raise
        log.exception("applying an activity failed unexpectedly", extra={"reason": row.type})
        return _try_later(row, type(error).__name__)
    return _settle(row, failure)


def write_outcomes(outcomes: Sequence[Outcome]) -> None:
    """Write what came of a batch, in one statement, before its unit of work ends."""
    if outcomes:
        session().execute(update(InboxActivity), [_values(outcome) for outcome in outcomes])


def _values(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": outcome.row_id,
        "state": outcome.state,
        "reason": outcome.reason,
        "handled_at": outcome.handled_at,
    }


def apply_activity(context: InboxContext, activity: ActivityDocument) -> FederationError | None:
    """Hand an activity to its handler; what a group passes on is unwrapped first (FEP-1b12).

    Of a batch that a group passes on, what can be applied is applied at once: returned is what
    must be fetched for the rest, or why nothing was of use. Otherwise raises what handlers raise.
    """
    if activity.kind is Kind.ANNOUNCE:
        group = announce.get_announcer(context, activity)
        things = activity.objects[:MAX_ANNOUNCED]
        errors = [_apply_announced(context.announced(group), thing) for thing in things]
        missing = next((e for e in errors if isinstance(e, MissingError)), None)
        orphan = next((e for e in errors if isinstance(e, OrphanedError)), None)
        return missing or orphan or (errors[0] if errors and all(errors) else None)
    handler = find_handler(activity)
    if handler is None:
        raise IgnoredError("verb-of-no-use")
    if activity.kind in UNDOABLE and _is_undone(context, activity):
        raise IgnoredError("undone-already")
    handler(context, activity)
    return None


def _is_undone(context: InboxContext, activity: ActivityDocument) -> bool:
    said_by = (activity.actor, context.sender_uri)
    return bool(activity.uri) and is_undone_already(activity.uri, *said_by)


def _apply(row: InboxActivity, activity: ActivityDocument | None) -> FederationError | None:
    """Return what went wrong, if it did, when what was written meanwhile is to stay.

    Raises what undoes everything that was written.
    """
    if not row.signer_uri:
        raise RefusedError("no-signer")
    if is_host_refused(host_of(row.signer_uri)):
        raise RefusedError("host-refused")
    activity = activity or parse_activity(parse_json(row.body))
    try:
        if row.verified_by == FORWARDED:
            apply_forwarded(_context_of(row), activity)
            return None
        if activity.actor != row.signer_uri:
            raise RefusedError("no-signer")
        return apply_activity(_timed(_context_of(row), row, activity), activity)
    except IgnoredError as error:
        return error


def _context_of(row: InboxActivity) -> InboxContext:
    reason = row.reason or ""
    return InboxContext(
        sender_uri=row.signer_uri,
        now=utcnow(),
        fetched=row.needs_uri,
        unreachable=row.needs_uri if reason.startswith(UNREACHABLE) else None,
        gone=row.needs_uri if reason.startswith(GONE) else None,
        is_exhausted=row.fetches >= BUDGET,
    )


def _timed(context: InboxContext, row: InboxActivity, activity: ActivityDocument) -> InboxContext:
    """Return the context with the time of the proof by which an activity was taken, if any."""
    if row.verified_by != PROOF:
        return context
    return replace(context, said_at=proven_at(activity, context.now) or row.received_at)


def _apply_announced(context: InboxContext, thing: Embedded) -> FederationError | None:
    """Apply one thing that a group passes on; in a batch a bad one does not spoil the others."""
    try:
        with session().begin_nested():
            return _noted(context, thing)
    except MissingError as missing:
        return _judge_missing(context, thing, missing)
    except RefusedError as error:
        return error
    except AppError as error:
        refusal = refusal_from(error)
        if not isinstance(refusal, RefusedError):
            raise refusal from error
        return refusal


def _noted(context: InboxContext, thing: Embedded) -> IgnoredError | None:
    """Apply one thing; of what is ignored stays what was noted for later (an early Undo)."""
    try:
        _apply_one(context, thing)
    except IgnoredError as error:
        return error
    return None


def _judge_missing(
    context: InboxContext, thing: Embedded, missing: MissingError
) -> FederationError:
    """Return whether to fetch what is missing, to wait until it comes, or to give up."""
    is_actor = isinstance(thing, ActivityDocument) and thing.actor == missing.uri
    if missing.uri == context.unreachable and not is_actor:
        return OrphanedError(missing.uri, "cannot-be-fetched")
    if context.is_exhausted or missing.uri == context.fetched:
        return RefusedError("cannot-be-fetched")
    return missing


def _apply_one(context: InboxContext, thing: Embedded) -> None:
    if echo.note_echo(context, thing):
        return
    if isinstance(thing, str | ObjectDocument):
        announce.take_over(context, thing)
        return
    if not isinstance(thing, ActivityDocument) or thing.kind not in ANNOUNCED:
        raise IgnoredError("verb-of-no-use")
    if is_host_refused(host_of(thing.actor)):
        raise RefusedError("host-refused")
    if not context.vouches_for(thing.actor) and (at := proven_at(thing, context.now)) is not None:
        context = context.proven(thing.actor, at)
    apply_activity(context, thing)


def _ask_for(row: InboxActivity, uri: str) -> Outcome | None:
    """Let the document be fetched, unless it was, or the row has cost enough already."""
    if uri == row.needs_uri:
        is_told = (row.reason or "").startswith(UNREACHABLE)
        return _finish(row, InboxState.REFUSED, row.reason if is_told else "fetch-did-not-help")
    if row.fetches >= BUDGET:
        return _finish(row, InboxState.REFUSED, "too-many-documents")
    row.state, row.reason, row.next_attempt_at = InboxState.FETCHING, None, utcnow()
    need(row, uri)
    wake(Queue.FETCH)
    return None


def _settle(row: InboxActivity, failure: FederationError | AppError | None) -> Outcome | None:
    """Return the outcome, or None when the row waits for something and comes back."""
    refusal = refusal_from(failure) if isinstance(failure, AppError) else failure
    if refusal is None:
        return _finish(row, InboxState.DONE, None)
    if isinstance(refusal, MissingError):
        return _ask_for(row, refusal.uri)
    if isinstance(refusal, OrphanedError):
        told = row.reason or refusal.reason
        keep_orphan(row, refusal.uri, told[:MAX_REASON])
        return None
    if isinstance(refusal, UnavailableError):
        return _try_later(row, refusal.reason)
    is_ignored = isinstance(refusal, IgnoredError)
    if row.type == CREATE and failure is not None and not is_ignored:
        _tell_author(row, failure)
    state = InboxState.IGNORED if is_ignored else InboxState.REFUSED
    return _finish(row, state, refusal.reason)


def _tell_author(row: InboxActivity, failure: FederationError | AppError) -> None:
    """Let the author know why; an accident there changes nothing of the outcome."""
    try:
        with session().begin_nested():
            turned_away.tell_author(row, failure)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("telling an author failed unexpectedly")


def _try_later(row: InboxActivity, reason: str) -> Outcome | None:
    row.attempts += 1
    if not (row.reason or "").startswith((UNREACHABLE, GONE)):  # that is not tried again
        row.reason = reason[:MAX_REASON]
    if row.attempts >= MAX_ATTEMPTS:
        return _finish(row, InboxState.FAILED, reason)
    chance = random.random()  # noqa: S311 - spreads retries, protects nothing
    row.next_attempt_at = utcnow() + wait_before(row.attempts, chance=chance)
    return None


def _finish(row: InboxActivity, state: InboxState, reason: str | None) -> Outcome:
    OUTCOMES.labels(state.value).inc()
    told = None if reason is None else reason[:MAX_REASON]
    return Outcome(row.id, state, told, utcnow())
