"""Asking that a thread of a remote community be read (again), once for all who look at it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, or_, select, update

from app.core.clock import utcnow
from app.core.db import session
from app.forum.models.community import Community
from app.forum.models.post import Post
from federation.models.backfill import BackfillState, ThreadCheck
from federation.models.insert import insert_once

STALE_AFTER: Final = timedelta(minutes=15)
ASKED_AT_MOST_EVERY: Final = timedelta(minutes=5)
RECENT: Final = timedelta(hours=48)
MAX_THREADS: Final = 500


def request_checks(community: Community, *, is_first: bool) -> int:
    """Have the threads of a remote community read: all (`is_first`), or those of the last 48 hours.

    Returns how many. Inside a unit of work.
    """
    statement = select(Post.id).where(
        Post.community_id == community.id, Post.remote_uri.is_not(None)
    )
    if not is_first:
        statement = statement.where(_is_lively(utcnow() - RECENT))
    ids = session().scalars(statement.order_by(Post.sort_at.desc()).limit(MAX_THREADS)).all()
    _make_rows(ids)
    return _set_due(ThreadCheck.post_id.in_(ids))


def request_check(post: Post) -> bool:
    """Have one thread read when nobody has asked for five minutes and it is a quarter stale.

    Returns whether it will be. Inside a unit of work; several readers at once are one request.
    """
    if post.is_local or post.community.is_local:
        return False
    _make_rows([post.id], is_new=True)
    now = utcnow()
    is_stale = or_(ThreadCheck.checked_at.is_(None), ThreadCheck.checked_at < now - STALE_AFTER) & (
        ThreadCheck.asked_at < now - ASKED_AT_MOST_EVERY
    )
    return _set_due((ThreadCheck.post_id == post.id) & is_stale) > 0


def find_check(post: Post) -> ThreadCheck | None:
    """Return how far the reading of a thread is, None when nobody ever asked for it."""
    return session().scalar(select(ThreadCheck).where(ThreadCheck.post_id == post.id))


def is_check_due(post: Post) -> bool:
    """Whether `request_check` would do something; reads only."""
    if post.is_local or post.community.is_local:
        return False
    row = find_check(post)
    if row is None:
        return True
    now = utcnow()
    is_stale = row.checked_at is None or row.checked_at < now - STALE_AFTER
    is_idle = row.state != BackfillState.WAITING and row.asked_at < now - ASKED_AT_MOST_EVERY
    return is_stale and is_idle


def _is_lively(since: datetime) -> ColumnElement[bool]:
    """Condition on Post: it, or something in its thread, is newer than `since`."""
    return or_(Post.sort_at > since, Post.received_at > since, Post.last_comment_at > since)


def _make_rows(post_ids: Iterable[int], *, is_new: bool = False) -> None:
    """Make the rows that are not there; `is_new`: as if nobody had asked for a long time."""
    now = utcnow()
    for post_id in post_ids:
        insert_once(
            ThreadCheck,
            {
                "post_id": post_id,
                "state": BackfillState.DONE,
                "left": [],
                "seen": 0,
                "actors": 0,
                "attempts": 0,
                "asked_at": now - 2 * ASKED_AT_MOST_EVERY if is_new else now,
                "next_attempt_at": now,
            },
        )


def _set_due(condition: ColumnElement[bool]) -> int:
    """Start over with those that are not being read already; returns how many."""
    now = utcnow()
    started = session().execute(
        update(ThreadCheck)
        .where(ThreadCheck.state != BackfillState.WAITING, condition)
        .values(
            state=BackfillState.WAITING,
            next_url=None,
            left=[],
            seen=0,
            actors=0,
            attempts=0,
            reason=None,
            asked_at=now,
            next_attempt_at=now,
        )
        .returning(ThreadCheck.id)
        .execution_options(synchronize_session=False)
    )
    return len(started.all())
