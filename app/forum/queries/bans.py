"""Who is banned where, and why."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session
from app.core.errors import NotFoundError
from app.core.visibility import State
from app.forum.access import bans_in_force
from app.forum.models.ban import Ban
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post

MAX_SHOWN = 200
SWEPT = (State.PUBLISHED, State.HELD)
SWEPT_WITHIN = timedelta(days=7)


def find_ban(account: Account, community: Community | None) -> Ban | None:
    """Return the ban on `account` that is in force now in `community` (None: the whole server).

    A ban on the whole server is not found by naming a community: ask `find_barring_ban` for that.
    """
    return session().scalar(
        select(Ban)
        .where(Ban.account_id == account.id, _scope(community), *bans_in_force())
        .order_by(Ban.id.desc())
        .limit(1)
    )


def find_barring_ban(account: Account | None, community: Community) -> Ban | None:
    """Return what keeps `account` from taking part in `community` now, the longest if several."""
    if account is None:
        return None
    bans = session().scalars(
        select(Ban).where(
            Ban.account_id == account.id,
            or_(_scope(None), _scope(community)),
            *bans_in_force(),
        )
    )
    return max(bans, key=_end, default=None)


def find_ban_by_uri(uri: str) -> Ban | None:
    """Return the ban that came as the Block with this id, whatever became of it."""
    return session().scalar(select(Ban).where(Ban.remote_uri == uri))


def find_unfinished_ban() -> Ban | None:
    """Return a ban in force of the last days that has texts left to take away, the oldest first."""
    here = or_(Ban.community_id.is_(None), Ban.community_id == Post.community_id)
    posts = select(Post.id).where(
        Post.author_id == Ban.account_id,
        Post.state.in_(SWEPT),
        untouched_since(Post, Ban.made_at),
        here,
    )
    comments = (
        select(Comment.id)
        .join(Comment.post)
        .where(
            Comment.author_id == Ban.account_id,
            Comment.state.in_(SWEPT),
            untouched_since(Comment, Ban.made_at),
            here,
        )
    )
    return session().scalar(
        select(Ban)
        .where(
            Ban.removes_posts,
            Ban.made_at > utcnow() - SWEPT_WITHIN,
            *bans_in_force(),
            or_(posts.exists(), comments.exists()),
        )
        .order_by(Ban.id)
        .limit(1)
    )


def untouched_since(
    model: type[Post] | type[Comment], moment: datetime | InstrumentedAttribute[datetime]
) -> ColumnElement[bool]:
    """Condition on a text: no moderator decided about it since then."""
    return or_(model.state_at.is_(None), model.state_at < moment)


def get_ban(public_id: str) -> Ban:
    """Return the ban with this public id, or raise NotFoundError."""
    found = session().scalar(select(Ban).where(Ban.public_id == public_id))
    if found is None:
        raise NotFoundError(_("Deze blokkade bestaat niet."))
    return found


def list_bans(community: Community | None) -> list[Ban]:
    """Return the bans that are in force in `community` (None: the whole server), newest first."""
    statement = (
        select(Ban)
        .options(joinedload(Ban.account), joinedload(Ban.by))
        .where(_scope(community), *bans_in_force())
        .order_by(Ban.id.desc())
        .limit(MAX_SHOWN)
    )
    return list(session().scalars(statement))


def _scope(community: Community | None) -> ColumnElement[bool]:
    if community is None:
        return Ban.community_id.is_(None)
    return Ban.community_id == community.id


def _end(ban: Ban) -> tuple[bool, float]:
    """Order bans by their end, those for good last."""
    end: datetime | None = ban.expires_at
    return end is None, 0.0 if end is None else end.timestamp()
