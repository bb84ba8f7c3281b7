"""What a reader has seen, voted for, and not yet seen."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session
from app.core.foresight import Foresight
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.models.read_mark import ReadMark
from app.forum.models.vote import Vote

NEW_FOR = timedelta(days=14)
# By voter and target (public ids are of one space): noted when there is surely no vote.
_ABSENT: Foresight[tuple[int, str], bool] = Foresight("votes absent")
# Made once: asked for every vote that comes in.
_CAST = select(Vote).where(Vote.account_id == bindparam("voter"))
_ON_POST = _CAST.where(Vote.post_id == bindparam("target"))
_ON_COMMENT = _CAST.where(Vote.comment_id == bindparam("target"))
_CAST_ON = select(Vote.account_id, Vote.post_id, Vote.comment_id).where(
    Vote.account_id.in_(bindparam("voters", expanding=True)),
    or_(
        Vote.post_id.in_(bindparam("posts", expanding=True)),
        Vote.comment_id.in_(bindparam("comments", expanding=True)),
    ),
)


def list_unread_ids(viewer: Account | None, posts: list[Post]) -> set[int]:
    """Return the ids of those `posts` that have something new for `viewer`, in one query.

    New is a thread with answers since the last visit, or one that was never opened and came in
    the last two weeks, after the viewer's own arrival.
    """
    if viewer is None or not posts:
        return set()
    statement = select(ReadMark.post_id, ReadMark.comment_count).where(
        ReadMark.account_id == viewer.id, ReadMark.post_id.in_([post.id for post in posts])
    )
    counts = {row.post_id: row.comment_count for row in session().execute(statement)}
    since = max(utcnow() - NEW_FOR, viewer.created_at)
    return {post.id for post in posts if _is_unread(post, viewer, counts.get(post.id), since)}


def _is_unread(post: Post, viewer: Account, count: int | None, since: datetime) -> bool:
    if count is not None:
        return post.comment_count > count
    return post.received_at > since and post.author_id != viewer.id


def find_vote(account: Account, target: Post | Comment) -> Vote | None:
    """Return the vote of `account` on `target`, or None."""
    if _ABSENT.find((account.id, target.public_id)) is True:
        return None
    statement = _ON_POST if isinstance(target, Post) else _ON_COMMENT
    return session().scalar(statement, {"voter": account.id, "target": target.id})


def foresee_votes(asked: Iterable[tuple[Account, Post | Comment]]) -> None:
    """Ask ahead which of these people have not voted on these things (app/core/foresight.py)."""
    pairs = {(account.id, target.public_id): target for account, target in asked}
    if not pairs:
        return
    found = session().execute(
        _CAST_ON,
        {
            "voters": sorted({voter for voter, _public_id in pairs}),
            "posts": _ids(pairs.values(), Post),
            "comments": _ids(pairs.values(), Comment),
        },
    )
    cast = {(row[0], row[1], row[2]) for row in found}
    _ABSENT.note({key: _as_cast(key[0], target) not in cast for key, target in pairs.items()})


def note_vote(account: Account, target: Post | Comment) -> None:
    """Ask the database again: somebody votes, or takes that back."""
    _ABSENT.forget((account.id, target.public_id))


def _ids(targets: Iterable[Post | Comment], model: type[Post | Comment]) -> list[int]:
    return sorted({target.id for target in targets if isinstance(target, model)})


def _as_cast(voter_id: int, target: Post | Comment) -> tuple[int, int | None, int | None]:
    if isinstance(target, Post):
        return voter_id, target.id, None
    return voter_id, None, target.id
