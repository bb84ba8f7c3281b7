"""Serialises writers of one row, so that counts and "once only" hold on PostgreSQL too.

SQLite has one writer at a time anyway and leaves the lock out. Rows are locked from the thread
upwards (comment, post, community), never the other way, so two writers cannot wait for each other.
Whoever writes holds the own account before all that: a ban waits for what is being written, and
what is written after it is refused.
"""

from sqlalchemy import select

from app.accounts.models.account import Account
from app.core.db import session
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post


def lock_for_writer(writer: Account, row: Post | Community) -> None:
    """Hold `row` for what `writer` does there, and let no ban on `writer` come between."""
    if has_one_writer():
        return
    mine = select(Account.id).where(Account.id == writer.id)
    session().execute(mine.with_for_update(read=True))
    lock_row(row)


def lock_row(row: Post | Comment | Community | Account) -> None:
    """Hold `row` until the end of the unit of work, and know it as the former holder left it.

    Lock first, then decide: what was read before may have changed while waiting.
    """
    if has_one_writer():
        return
    model = type(row)
    session().execute(select(model.id).where(model.id == row.id).with_for_update())
    session().refresh(row)


def has_one_writer() -> bool:
    """Whether nobody else can write now; a unit of work knows nothing from before its turn came."""
    return session().get_bind().dialect.name == "sqlite"
