"""What an answer means for the delivery and for the host (federation.md section 5.6)."""

import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from sqlalchemy import bindparam, select, update

from app.core.clock import utcnow
from app.core.db import session
from app.core.metrics import DELIVERIES
from federation.models.delivery import Delivery, DeliveryState
from federation.models.peer import Peer
from federation.outbound.journal import Answer
from federation.transport.backoff import next_attempt, wait_before

RETRY: Final = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
)
# A peer that cannot verify us may have cached an old key, one that forbids may change its mind.
PATIENCE: Final[dict[int, tuple[int, timedelta]]] = {
    HTTPStatus.UNAUTHORIZED: (3, timedelta(hours=8)),
    HTTPStatus.FORBIDDEN: (1, timedelta(hours=1)),
}
SUCCESS_NOTED_EVERY: Final = timedelta(minutes=1)
ERROR_LENGTH: Final = 300
AT_ONCE: Final = 500


def is_success(answer: Answer) -> bool:
    """Whether the peer took it."""
    return (
        answer.status is not None and HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES
    )


def is_host_trouble(answer: Answer) -> bool:
    """Whether the host as a whole seems not to work: no answer, 5xx or "slow down"."""
    if answer.skipped or answer.refused:
        return False
    status = answer.status
    return status is None or status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in RETRY


def record_answers(answers: Iterable[Answer]) -> None:
    """Write what came of deliveries; an answer that is already known changes nothing."""
    known = {answer.delivery_id: answer for answer in answers}
    now = utcnow()
    for some in batched(list(known), AT_ONCE):
        rows = session().execute(
            select(Delivery.id, Delivery.made_at, Delivery.attempts).where(
                Delivery.id.in_(some), Delivery.state == DeliveryState.WAITING
            )
        )
        new = [row for row in rows if known[row.id].attempt == row.attempts]
        changes = [
            {"row_id": row.id, **_change(known[row.id], row.made_at, row.attempts, now)}
            for row in new
        ]
        if changes:
            _write(changes)
        _note_hosts([known[row.id] for row in new], now)


def batched(ids: list[int], size: int) -> Iterator[list[int]]:
    """Give the ids in pieces that fit into one statement."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def _write(changes: list[dict[str, Any]]) -> None:
    table = Delivery.__table__
    names = [name for name in changes[0] if name != "row_id"]
    statement = (
        update(table)  # type: ignore[arg-type]  # __table__ is typed as FromClause
        .where(table.c.id == bindparam("row_id"))
        .values({name: bindparam(f"new_{name}") for name in names})
    )
    rows = [
        {("row_id" if name == "row_id" else f"new_{name}"): value for name, value in change.items()}
        for change in changes
    ]
    session().connection().execute(statement, rows)
    for change in changes:
        DELIVERIES.labels(change["state"]).inc()


def _change(answer: Answer, made_at: datetime, attempts: int, now: datetime) -> dict[str, Any]:
    """Return the new values of a delivery's columns."""
    values: dict[str, Any] = {
        "attempts": attempts + (0 if answer.skipped else 1),
        "lease_until": None,
        "last_status": answer.status,
        "last_error": (answer.error or "")[:ERROR_LENGTH] or None,
        "done_at": now,
        "next_attempt_at": now,
    }
    if answer.skipped:
        return {**values, "state": DeliveryState.SKIPPED}
    if is_success(answer):
        return {**values, "state": DeliveryState.DONE}
    retry_at = _retry_at(answer, made_at, attempts + 1, now)
    if retry_at is not None:
        return {
            **values,
            "state": DeliveryState.WAITING,
            "done_at": None,
            "next_attempt_at": retry_at,
        }
    final = DeliveryState.EXPIRED if is_host_trouble(answer) else DeliveryState.DROPPED
    return {**values, "state": final}


def _retry_at(answer: Answer, made_at: datetime, attempt: int, now: datetime) -> datetime | None:
    if is_host_trouble(answer):
        chance = secrets.randbelow(1000) / 1000
        return next_attempt(now, made_at, attempt, chance=chance, retry_after=answer.retry_after)
    times, pause = PATIENCE.get(answer.status or 0, (0, timedelta()))
    return now + pause if attempt <= times else None


def _note_hosts(answers: list[Answer], now: datetime) -> None:
    """Note per host whether it works: one row per host and batch, and only when that is news.

    A host that answered one of several in the batch works.
    """
    told = [answer for answer in answers if not answer.skipped and not answer.refused]
    last = {answer.host: answer for answer in sorted(told, key=lambda a: not is_host_trouble(a))}
    for answer in sorted(last.values(), key=lambda a: a.host):
        peer = session().get(Peer, answer.host)
        if peer is None:
            peer = ensure_peer(answer.host)
        if is_host_trouble(answer):
            _note_trouble(peer, answer, now)
        elif _is_news(peer, now):
            peer.succeeded_at = now
            peer.failing_since = peer.retry_at = peer.last_error = None
            peer.failures = 0


def _is_news(peer: Peer, now: datetime) -> bool:
    if peer.failing_since is not None or peer.retry_at is not None or peer.succeeded_at is None:
        return True
    return now - peer.succeeded_at > SUCCESS_NOTED_EVERY


def _note_trouble(peer: Peer, answer: Answer, now: datetime) -> None:
    if peer.retry_at is not None and peer.retry_at > now:
        return  # its neighbours in flight failed with it: that is one failure, not eight
    peer.failures += 1
    peer.failing_since = peer.failing_since or now
    chance = secrets.randbelow(1000) / 1000
    wait = wait_before(peer.failures, chance=chance, retry_after=answer.retry_after)
    peer.retry_at = now + wait
    peer.last_error = (answer.error or f"status {answer.status}")[:ERROR_LENGTH]


def ensure_peer(host: str) -> Peer:
    """Return the row of a host, made when missing."""
    peer = session().get(Peer, host)
    if peer is None:
        peer = Peer(host=host, failures=0)
        session().add(peer)
        session().flush()
    return peer
