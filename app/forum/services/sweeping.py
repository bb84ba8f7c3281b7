"""Taking away all that a banned person wrote, and bringing exactly that back.

All rows are locked before the first is changed, comments before posts, each by id: a removal also
counts in its thread and community, and those rows come last in the order of locks.
"""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, or_, select, true

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session
from app.core.visibility import State
from app.forum.models.ban import Ban
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.queries.bans import SWEPT, find_unfinished_ban, untouched_since
from app.forum.services import verdicts
from app.forum.services.locking import lock_row

T = TypeVar("T", Post, Comment)
BATCH = 100


def remove_written(ban: Ban) -> None:
    """Take away what the banned person wrote where the ban is in force, in the name of its maker.

    The newest texts, at most BATCH of each kind: a background task does the rest, so that nobody
    waits for somebody who wrote a lot. What waits for a moderator is refused. All get the moment of
    the ban, by which they are known when it is lifted.
    """
    comments = and_(Comment.state.in_(SWEPT), untouched_since(Comment, ban.made_at))
    posts = and_(Post.state.in_(SWEPT), untouched_since(Post, ban.made_at))
    for thing in _locked(ban, comments, posts, BATCH):
        if thing.is_held:
            verdicts.turn_down(thing, ban.by, ban.reason)
        elif thing.is_published:
            verdicts.take_away(thing, ban.by, ban.reason)
            thing.state_at = ban.made_at
    session().flush()


def sweep_on() -> bool:
    """Take away a next batch of what a ban was to remove; False when nothing is left.

    Inside a unit of work. Nothing is to be done for a ban that is over.
    """
    ban = find_unfinished_ban()
    if ban is None:
        return False
    lock_row(ban.account)
    session().refresh(ban)
    if ban.is_in_force(utcnow()):
        remove_written(ban)
    return True


def restore_written(ban: Ban, by: Account | None, reason: str = "") -> None:
    """Bring back what went with the ban, but not what was taken away for itself."""
    comments = and_(Comment.state == State.REMOVED, Comment.state_at == ban.made_at)
    posts = and_(Post.state == State.REMOVED, Post.state_at == ban.made_at)
    for thing in _locked(ban, comments, posts):
        if thing.state == State.REMOVED:
            verdicts.bring_back(thing, by, reason)


def _locked(
    ban: Ban,
    comment_is: ColumnElement[bool],
    post_is: ColumnElement[bool],
    limit: int | None = None,
) -> list[Post | Comment]:
    """Return the writings of the banned person that a condition fits, locked, posts first."""
    here = true() if ban.community_id is None else Post.community_id == ban.community_id
    answered = and_(Comment.author_id == ban.account_id, comment_is, here)
    started = and_(Post.author_id == ban.account_id, post_is, here)
    answers = select(Comment.id).join(Comment.post).where(answered)
    answers = answers.order_by(Comment.id.desc()).limit(limit)
    starters = select(Post.id).where(started).order_by(Post.id.desc()).limit(limit)
    threads = select(Comment.post_id).where(Comment.id.in_(answers))
    comments = _lock(select(Comment).where(Comment.id.in_(answers)), Comment)
    _lock(select(Post).where(or_(Post.id.in_(starters), Post.id.in_(threads))), Post)
    posts = session().scalars(select(Post).where(Post.id.in_(starters)).order_by(Post.id)).all()
    return [*posts, *comments]


def _lock(statement: Select[T], model: type[Post] | type[Comment]) -> Sequence[T]:
    locking = statement.order_by(model.id).with_for_update(of=model)
    return session().scalars(locking.execution_options(populate_existing=True)).all()
