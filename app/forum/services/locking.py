"""Serialises writers of one row, so that counts and "once only" hold on PostgreSQL too.

SQLite has one writer at a time anyway and leaves the lock out. Rows are locked from the thread
upwards (comment, post, community), never the other way, so two writers cannot wait for each other.
"""

from sqlalchemy import select

from app.core.db import session
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post


def lock_row(row: Post | Comment | Community) -> None:
    """Hold `row` until the end of the unit of work, and know it as the former holder left it.

    Lock first, then decide: what was read before may have changed while waiting.
    """
    model = type(row)
    session().execute(select(model.id).where(model.id == row.id).with_for_update())
    if session().get_bind().dialect.name != "sqlite":
        session().refresh(row)
