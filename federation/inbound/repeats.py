"""A Follow that comes again under its old id is answered again (federation.md section 3.3).

Whoever sends it has not heard our Accept. Anything else that comes twice is a mere repeat.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import update

from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.core.tasks import Queue, wake
from federation.models.inbox_activity import InboxActivity, InboxState

NOT_WITHIN: Final = timedelta(seconds=30)


def answer_again(signer_host: str, activity_uri: str, body: bytes) -> None:
    """Have a Follow that was applied applied once more, unless that was moments ago."""
    now = utcnow()
    with unit_of_work():
        session().execute(
            update(InboxActivity)
            .where(
                InboxActivity.signer_host == signer_host,
                InboxActivity.activity_uri == activity_uri,
                InboxActivity.type == "Follow",
                InboxActivity.state == InboxState.DONE,
                InboxActivity.handled_at < now - NOT_WITHIN,
            )
            .values(state=InboxState.WAITING, body=body, attempts=0, next_attempt_at=now)
            .execution_options(synchronize_session=False)
        )
        wake(Queue.INBOX)
