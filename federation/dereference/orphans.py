"""Activities that wait for a document that could not be had: applied when it comes by itself.

An answer whose parent is nowhere, a vote on a text that has not arrived: the row is kept as
ORPHANED, and whoever stores the missing document, by whatever way it came, wakes it.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from sqlalchemy import and_, bindparam, or_, select, update

from app.core.batches import update_some
from app.core.clock import utcnow
from app.core.db import after_commit, session, unit_of_work
from app.core.foresight import Foresight
from app.core.tasks import Queue, wake
from app.forum.queries.comments import find_posted_by_uri
from federation.models.inbox_activity import InboxActivity, InboxState

KEPT_FOR: Final = timedelta(days=7)
NEVER_CAME: Final = "never-came"


# By document: whether any activity waits for it.
_NEEDED: Foresight[str, bool] = Foresight("documents needed")
# Made once: asked for everything that comes in.
_ANY = select(InboxActivity.needs_uri).where(
    InboxActivity.needs_uri.in_(bindparam("wanted", expanding=True))
)
_NEEDING = select(InboxActivity.id).where(InboxActivity.needs_uri == bindparam("wanted")).limit(1)


def keep_orphan(row: InboxActivity, uri: str, reason: str) -> None:
    """Let an activity wait until `uri` arrives; inside a unit of work.

    Looks once more after the commit: on PostgreSQL it may have arrived in between.
    """
    row.state, row.reason = InboxState.ORPHANED, reason
    need(row, uri)
    after_commit(lambda: _look_again(uri), key=f"orphan of {uri}")


def need(row: InboxActivity, uri: str) -> None:
    """Write on a row that it cannot be applied before `uri` is here."""
    row.needs_uri = uri
    _NEEDED.forget(uri)


def foresee_orphans(uris: Iterable[str]) -> None:
    """Ask ahead which of these documents an activity waits for."""
    wanted = sorted(set(uris))
    needed = set(session().scalars(_ANY, {"wanted": wanted}))
    _NEEDED.note({uri: uri in needed for uri in wanted})


def wake_orphans(uri: str) -> None:
    """Let what waits for `uri` be applied, also what waits for an attempt to fetch it."""
    if _NEEDED.find(uri) is False or session().scalar(_NEEDING, {"wanted": uri}) is None:
        return
    now = utcnow()
    waits = or_(
        InboxActivity.state == InboxState.ORPHANED,
        and_(
            InboxActivity.state == InboxState.FETCHING,
            or_(InboxActivity.lease_until.is_(None), InboxActivity.lease_until < now),
        ),
    )
    woken = session().execute(
        update(InboxActivity)
        .where(InboxActivity.needs_uri == uri, waits)
        .values(
            state=InboxState.WAITING,
            needs_uri=None,
            reason=None,
            lease_until=None,
            next_attempt_at=now,
        )
        .returning(InboxActivity.id)
        .execution_options(synchronize_session="fetch")
    )
    if woken.first() is not None:
        wake(Queue.INBOX)


def drop_orphans(limit: int) -> int:
    """Give up what has waited for seven days; return how many."""
    is_orphan = InboxActivity.state == InboxState.ORPHANED
    old = is_orphan & (InboxActivity.received_at < utcnow() - KEPT_FOR)
    given_up = {"state": InboxState.IGNORED, "reason": NEVER_CAME, "handled_at": utcnow()}
    return update_some(InboxActivity.id, old, given_up, limit)


def _look_again(uri: str) -> None:
    with unit_of_work():
        if find_posted_by_uri(uri) is not None:
            wake_orphans(uri)
