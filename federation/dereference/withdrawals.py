"""What was taken back before it arrived (security.md A183, A187; federation.md 5.6).

Of such a thing nothing is known but its id, and who said so. A deletion holds for 30 days and
counts when it comes from the object's own origin; what was undone counts for a day, for the actor
who did it, or for what the group passes on that told us.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from sqlalchemy import and_, bindparam, delete, or_, select

from app.core.batches import delete_some
from app.core.clock import utcnow
from app.core.db import session
from app.core.foresight import Foresight
from federation.models.insert import insert_once
from federation.models.withdrawal import Withdrawal, WithdrawalKind
from federation.vocab.origin import same_origin

DELETIONS_FOR: Final = timedelta(days=30)
UNDOINGS_FOR: Final = timedelta(days=1)


# By object or activity: whether there is any note of a withdrawal, of whatever kind and age.
_NOTED: Foresight[str, bool] = Foresight("withdrawals noted")
# Made once: asked for everything that comes in.
_ANY = select(Withdrawal.uri).where(Withdrawal.uri.in_(bindparam("wanted", expanding=True)))
_DELETED = select(Withdrawal.by_uri).where(
    Withdrawal.uri == bindparam("wanted"),
    Withdrawal.kind == WithdrawalKind.DELETED,
    Withdrawal.noted_at >= bindparam("since"),
)
_UNDONE = select(Withdrawal.id).where(
    Withdrawal.uri == bindparam("wanted"),
    Withdrawal.by_uri.in_(bindparam("said_by", expanding=True)),
    Withdrawal.kind == WithdrawalKind.UNDONE,
    Withdrawal.noted_at >= bindparam("since"),
)


def note_deletion(object_uri: str, by_uri: str) -> None:
    """Remember that `object_uri` is deleted; only its own origin may say so, others are not heard.

    Inside a unit of work.
    """
    if same_origin(object_uri, by_uri):
        _note(WithdrawalKind.DELETED, object_uri, by_uri)


def note_undoing(activity_uri: str, by_uri: str) -> None:
    """Remember that an activity is undone, whether or not it came; `by_uri` signed that."""
    _note(WithdrawalKind.UNDONE, activity_uri, by_uri)


def forget_deletion(object_uri: str, by_uri: str) -> None:
    """Let an object be published after all: who deleted it early undid that."""
    session().execute(
        delete(Withdrawal)
        .where(
            Withdrawal.uri == object_uri,
            Withdrawal.by_uri == by_uri,
            Withdrawal.kind == WithdrawalKind.DELETED,
        )
        .execution_options(synchronize_session=False)
    )


def foresee_withdrawals(uris: Iterable[str]) -> None:
    """Ask ahead of which of these objects and activities a withdrawal is noted."""
    wanted = sorted(set(uris))
    noted = set(session().scalars(_ANY, {"wanted": wanted}))
    _NOTED.note({uri: uri in noted for uri in wanted})


def is_deleted_already(object_uri: str) -> bool:
    """Whether a Delete of this object came before the object."""
    if _NOTED.find(object_uri) is False:
        return False
    found = session().scalars(_DELETED, {"wanted": object_uri, "since": utcnow() - DELETIONS_FOR})
    return any(same_origin(object_uri, by_uri) for by_uri in found)


def is_undone_already(activity_uri: str, *said_by: str) -> bool:
    """Whether one of `said_by` undid this activity in the last day."""
    if _NOTED.find(activity_uri) is False:
        return False
    asked = {"wanted": activity_uri, "said_by": said_by, "since": utcnow() - UNDOINGS_FOR}
    return session().scalar(_UNDONE, asked) is not None


def purge_withdrawals(limit: int) -> int:
    """Forget what was withdrawn too long ago for the thing itself still to come."""
    now = utcnow()
    is_undoing = Withdrawal.kind == WithdrawalKind.UNDONE
    old = or_(
        Withdrawal.noted_at < now - DELETIONS_FOR,
        and_(is_undoing, Withdrawal.noted_at < now - UNDOINGS_FOR),
    )
    return delete_some(Withdrawal.id, old, limit)


def _note(kind: WithdrawalKind, uri: str, by_uri: str) -> None:
    values = {"kind": kind, "uri": uri, "by_uri": by_uri, "noted_at": utcnow()}
    insert_once(Withdrawal, values)
    _NOTED.forget(uri)
