"""Writes the public log, in the transaction of the act itself; nothing is ever changed there."""

from dataclasses import dataclass

from app.core.db import session
from app.moderation.models.log_entry import LogEntry


@dataclass(frozen=True)
class Act:
    """What was done, by whom (None: the server itself), to what, and why."""

    action: str
    actor_id: int | None = None
    community_id: int | None = None
    post_id: int | None = None
    comment_id: int | None = None
    host: str | None = None
    reason: str = ""


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
    )
    session().add(entry)
    session().flush()
    return entry
