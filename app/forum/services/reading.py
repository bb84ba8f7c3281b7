"""Remembers how far somebody has read, and says so."""

from sqlalchemy.exc import IntegrityError

from app.core.clock import utcnow
from app.core.db import session
from app.core.events import emit
from app.forum.events import ThreadRead
from app.forum.models.read_mark import ReadMark


def mark_read(account_id: int, post_id: int, comment_count: int) -> None:
    """Note that the account has opened the post just now, with so many comments."""
    _keep_mark(account_id, post_id, comment_count)
    emit(ThreadRead(account_id, post_id))


def _keep_mark(account_id: int, post_id: int, comment_count: int) -> None:
    mark = session().get(ReadMark, (account_id, post_id))
    if mark is not None:
        mark.read_at = utcnow()
        mark.comment_count = comment_count
        return
    mark = ReadMark(account_id=account_id, post_id=post_id, comment_count=comment_count)
    try:
        with session().begin_nested():
            session().add(mark)
    except IntegrityError:  # the same person opened it twice at the same moment
        return
