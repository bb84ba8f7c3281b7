"""Writes the public log, in the transaction of the act itself; nothing is ever changed there."""

from dataclasses import dataclass
from datetime import datetime

from app.core.db import session
from app.moderation.models.log_entry import LogEntry


@dataclass(frozen=True)
class Act:
    """What was done, by whom (None: the server itself), to what or whom, why, until when."""

    action: str
    actor_id: int | None = None
    community_id: int | None = None
    post_id: int | None = None
    comment_id: int | None = None
    host: str | None = None
    reason: str = ""
    account_id: int | None = None
    expires_at: datetime | None = None


def log_act(act: Act) -> LogEntry:
    """Append one act to the log."""
    entry = LogEntry(
        action=act.action,
        actor_id=act.actor_id,
        community_id=act.community_id,
        post_id=act.post_id,
        comment_id=act.comment_id,
        host=act.host,
        reason=act.reason,
        account_id=act.account_id,
        expires_at=act.expires_at,
    )
    session().add(entry)
    session().flush()
    return entry
