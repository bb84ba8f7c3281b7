"""What an actor of ours has said, for its outbox collection and at each activity's own id."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select

from app.accounts.models.account import Account
from app.core.db import session
from app.forum.models.community import Community
from federation.models.outbox_activity import OutboxActivity
from federation.transport.actors import find_actor

OUTBOX_PAGE: Final = 50  # what Lemmy and PieFed take at most (federation.md section 4.1)


@dataclass(frozen=True)
class OutboxPage:
    """Activities as stored, newest first; the next page starts before row `next_before`."""

    bodies: tuple[bytes, ...]
    next_before: int | None


def list_outbox(owner: Account | Community, before: int | None) -> OutboxPage:
    """Return a page of what `owner` said in public."""
    actor = find_actor(owner)
    if actor is None:
        return OutboxPage((), None)
    statement = select(OutboxActivity).where(
        OutboxActivity.actor_id == actor.id,
        OutboxActivity.is_listed.is_(True),
        OutboxActivity.is_public.is_(True),
    )
    if before is not None:
        statement = statement.where(OutboxActivity.id < before)
    rows = list(
        session().scalars(statement.order_by(OutboxActivity.id.desc()).limit(OUTBOX_PAGE + 1))
    )
    shown = rows[:OUTBOX_PAGE]
    has_more = len(rows) > OUTBOX_PAGE
    return OutboxPage(tuple(row.body for row in shown), shown[-1].id if has_more else None)


def count_listed(owner: Account | Community) -> int:
    """Return how many activities the outbox of `owner` holds."""
    actor = find_actor(owner)
    if actor is None:
        return 0
    statement = select(func.count()).where(
        OutboxActivity.actor_id == actor.id,
        OutboxActivity.is_listed.is_(True),
        OutboxActivity.is_public.is_(True),
    )
    return session().scalar(statement) or 0


def find_public_activity(verb: str, public_id: str) -> OutboxActivity | None:
    """Return an activity that anybody may read, by the two parts of its id."""
    row = session().scalar(select(OutboxActivity).where(OutboxActivity.public_id == public_id))
    if row is None or not row.is_public or row.type.lower() != verb:
        return None
    return row
