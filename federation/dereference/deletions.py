"""What was deleted, or undone, before it arrived (security.md A183, A187; federation.md 5.6).

Nothing is known of it but its id, so the id is kept where ids of activities are kept: as a row of
the inbox that is finished already. What has such a row is never published, and an activity whose id
is there counts as received. Rows stay as long as all others of the inbox.
"""

from sqlalchemy import select, update

from app.core.clock import utcnow
from app.core.db import session
from federation.models.inbox_activity import InboxActivity, InboxState
from federation.models.insert import insert_once
from federation.vocab.origin import host_of

DELETED_EARLY = "deleted-before-it-arrived"
UNDONE_EARLY = "undone-before-it-arrived"


def note_early_deletion(object_uri: str, signer_uri: str) -> None:
    """Remember that `object_uri` is deleted; the signer must be of its origin."""
    _note(object_uri, signer_uri, "Delete", DELETED_EARLY)


def note_early_undo(activity_uri: str, signer_uri: str) -> None:
    """Let an activity that has not been applied yet, or not arrived, count as handled."""
    session().execute(
        update(InboxActivity)
        .where(
            InboxActivity.signer_host == host_of(activity_uri),
            InboxActivity.activity_uri == activity_uri,
            InboxActivity.state.in_([InboxState.WAITING, InboxState.FETCHING]),
        )
        .values(state=InboxState.IGNORED, reason=UNDONE_EARLY, handled_at=utcnow())
    )
    _note(activity_uri, signer_uri, "Undo", UNDONE_EARLY)


def is_deleted_already(object_uri: str) -> bool:
    """Whether a Delete of this object came before the object."""
    found = select(InboxActivity.id).where(
        InboxActivity.signer_host == host_of(object_uri),
        InboxActivity.activity_uri == object_uri,
        InboxActivity.reason == DELETED_EARLY,
    )
    return session().scalar(found) is not None


def _note(uri: str, signer_uri: str, kind: str, reason: str) -> None:
    now = utcnow()
    insert_once(
        InboxActivity,
        {
            "activity_uri": uri,
            "signer_host": host_of(uri),
            "signer_uri": signer_uri,
            "type": kind,
            "body": b"",
            "state": InboxState.IGNORED,
            "reason": reason,
            "attempts": 0,
            "fetches": 0,
            "received_at": now,
            "next_attempt_at": now,
            "handled_at": now,
        },
    )
