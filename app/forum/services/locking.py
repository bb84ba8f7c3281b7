"""Serialises writers of one row, so that counts and "once only" hold on PostgreSQL too.

SQLite has one writer at a time anyway and leaves the lock out. Rows are locked from the thread
upwards (comment, post, community), never the other way, so two writers cannot wait for each other.
Whoever writes holds the own account before all that: a ban waits for what is being written, and
what is written after it is refused.
"""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import event, select
from sqlalchemy.orm import Session, SessionTransaction

from app.accounts.models.account import Account
from app.core.db import session
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post

HELD: Final = "rows_held"  # in Session.info: what this unit of work has locked already


def lock_for_writer(writer: Account, row: Post | Community) -> None:
    """Hold `row` for what `writer` does there, and let no ban on `writer` come between."""
    if has_one_writer():
        return
    if _is_new(writer, "share"):
        mine = select(Account.id).where(Account.id == writer.id)
        session().execute(mine.with_for_update(read=True))
    lock_row(row)


def lock_row(row: Post | Comment | Community | Account) -> None:
    """Hold `row` until the end of the unit of work, and know it as the former holder left it.

    Lock first, then decide: what was read before may have changed while waiting.
    """
    if has_one_writer() or not _is_new(row, "update"):
        return
    session().refresh(row, with_for_update={"of": type(row)})


def _is_new(row: Post | Comment | Community | Account, strength: str) -> bool:
    """Note that `row` gets locked; False when it was: nobody else can have changed it since."""
    held: set[tuple[str, int, str]] = session().info.setdefault(HELD, set())
    key = (type(row).__name__, row.id, strength)
    is_new = key not in held
    held.add(key)
    return is_new


@event.listens_for(Session, "after_soft_rollback")
def _forget_what_went(current: Session, _ended: SessionTransaction) -> None:
    """Know nothing as held any more: a savepoint that is rolled back lets go of its locks."""
    current.info.pop(HELD, None)


@event.listens_for(Session, "after_transaction_end")
def _forget_everything(current: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        current.info.pop(HELD, None)


def hold_ahead(writers: Iterable[Account], rows: Iterable[Post | Comment]) -> None:
    """Hold at once what a batch will write to, as `lock_for_writer` would one by one.

    What is asked about them afterwards stays true for the rest of the unit of work.
    """
    if has_one_writer():
        return
    things = list(rows)
    shared = _new_ids(writers, "share")
    if shared:
        mine = select(Account.id).where(Account.id.in_(shared)).order_by(Account.id)
        session().execute(mine.with_for_update(read=True))
    for model in (Comment, Post):
        taken = _new_ids((thing for thing in things if isinstance(thing, model)), "update")
        if taken:
            anew = select(model).where(model.id.in_(taken)).order_by(model.id)
            session().scalars(
                anew.with_for_update(of=model).execution_options(populate_existing=True)
            ).all()


def _new_ids(rows: Iterable[Post | Comment | Account], strength: str) -> list[int]:
    return sorted({row.id for row in rows if _is_new(row, strength)})


def has_one_writer() -> bool:
    """Whether nobody else can write now; a unit of work knows nothing from before its turn came."""
    return session().get_bind().dialect.name == "sqlite"
