"""Writing what came of deliveries: states, the trace of what failed, how hosts are doing."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, delete, func, insert, select, update

from app.core.clock import utcnow
from app.core.db import session
from app.core.metrics import DELIVERIES
from federation.models.delivery import Delivery, DeliveryState
from federation.models.delivery_attempt import DeliveryAttempt
from federation.models.outbox_activity import Lane
from federation.models.peer import Peer
from federation.outbound.health import note_hosts
from federation.outbound.inboxes import note_inboxes
from federation.outbound.journal import Answer
from federation.outbound.verdicts import Attempt, Past, Verdict, is_success, judge

ERROR_LENGTH: Final = 300
AT_ONCE: Final = 500
ATTEMPTS_KEPT: Final = 20

_Known = Row[int, datetime, int, int, str]


def record_answers(answers: Iterable[Answer]) -> None:
    """Write what came of deliveries; an answer that is already known changes nothing."""
    known = {answer.delivery_id: answer for answer in answers}
    now = utcnow()
    for some in batched(list(known), AT_ONCE):
        rows = session().execute(
            select(
                Delivery.id, Delivery.made_at, Delivery.attempts, Delivery.lane, Delivery.inbox_url
            ).where(Delivery.id.in_(some), Delivery.state == DeliveryState.WAITING)
        )
        new = [row for row in rows if known[row.id].attempt == row.attempts]
        _record(new, known, now)


def batched(ids: list[int], size: int) -> Iterator[list[int]]:
    """Give the ids in pieces that fit into one statement."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def _record(rows: Sequence[_Known], known: dict[int, Answer], now: datetime) -> None:
    if not rows:
        return
    past = _find_past(rows, known)
    changes = []
    for row in rows:
        answer = known[row.id]
        chance = secrets.randbelow(1000) / 1000
        changes.append(_change(answer, past[row.id], judge(answer, past[row.id], now, chance), now))
    _write(changes)
    answered = [known[row.id] for row in rows]
    _keep_traces(answered, past, now)
    note_hosts(answered, now)
    note_inboxes([(row.inbox_url, known[row.id]) for row in rows], now)


def _find_past(rows: Sequence[_Known], known: dict[int, Answer]) -> dict[int, Past]:
    """Return what came before; only what did not succeed now needs more than its own row."""
    failed = [row.id for row in rows if not is_success(known[row.id]) and not known[row.id].skipped]
    traces: dict[int, list[DeliveryAttempt]] = defaultdict(list)
    peers: dict[str, Peer] = {}
    if failed:
        for trace in session().scalars(
            select(DeliveryAttempt)
            .where(DeliveryAttempt.delivery_id.in_(failed))
            .order_by(DeliveryAttempt.id)
        ):
            traces[trace.delivery_id].append(trace)
        hosts = {known[row_id].host for row_id in failed}
        peers = {
            peer.host: peer for peer in session().scalars(select(Peer).where(Peer.host.in_(hosts)))
        }
    return {row.id: _past(row, traces[row.id], peers.get(known[row.id].host)) for row in rows}


def _past(row: _Known, traces: list[DeliveryAttempt], peer: Peer | None) -> Past:
    succeeded_at = None if peer is None else peer.succeeded_at
    return Past(
        made_at=row.made_at,
        lane=Lane(row.lane),
        count=row.attempts,
        attempts=[Attempt(trace.status, trace.answer) for trace in traces],
        software=None if peer is None else peer.software,
        works=bool(traces) and succeeded_at is not None and succeeded_at > traces[0].at,
    )


def _change(answer: Answer, past: Past, verdict: Verdict, now: datetime) -> dict[str, Any]:
    """Return the new values of a delivery's columns."""
    is_over = verdict.state != DeliveryState.WAITING
    return {
        "row_id": answer.delivery_id,
        "new_state": verdict.state,
        "new_attempts": past.count + (0 if answer.skipped else 1),
        "new_lease_until": None,
        "new_last_status": answer.status,
        "new_last_error": verdict.note or _text_of(answer) or None,
        "new_done_at": now if is_over else None,
        "new_next_attempt_at": verdict.retry_at or now,
        "new_signed_by": answer.signed_by,
    }


def _text_of(answer: Answer) -> str:
    """Return what is kept of an error; a journal of before may hold what PostgreSQL refuses."""
    return (answer.error or "").replace("\x00", "")[:ERROR_LENGTH]


def _write(changes: list[dict[str, Any]]) -> None:
    table = Delivery.__table__
    names = [name.removeprefix("new_") for name in changes[0] if name != "row_id"]
    statement = (
        update(table)  # type: ignore[arg-type]  # __table__ is typed as FromClause
        .where(table.c.id == bindparam("row_id"))
        .values({name: bindparam(f"new_{name}") for name in names})
    )
    session().connection().execute(statement, changes)
    for change in changes:
        DELIVERIES.labels(change["new_state"]).inc()


def _keep_traces(answers: list[Answer], past: dict[int, Past], now: datetime) -> None:
    """Keep what was no success, the newest twenty per delivery."""
    failed = [one for one in answers if not is_success(one) and not one.skipped]
    if not failed:
        return
    session().execute(
        insert(DeliveryAttempt),
        [
            {
                "delivery_id": answer.delivery_id,
                "at": now,
                "status": answer.status,
                "answer": _text_of(answer),
                "scheme": answer.scheme,
            }
            for answer in failed
        ],
    )
    for answer in failed:
        if len(past[answer.delivery_id].attempts) >= ATTEMPTS_KEPT:
            _trim(answer.delivery_id)


def _trim(delivery_id: int) -> None:
    of_it = DeliveryAttempt.delivery_id == delivery_id
    newest = select(DeliveryAttempt.id).where(of_it).order_by(DeliveryAttempt.id.desc())
    oldest_kept = newest.offset(ATTEMPTS_KEPT - 1).limit(1).scalar_subquery()
    session().execute(
        delete(DeliveryAttempt)
        .where(of_it, DeliveryAttempt.id < func.coalesce(oldest_kept, 0))
        .execution_options(synchronize_session=False)
    )
