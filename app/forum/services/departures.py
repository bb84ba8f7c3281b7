"""What is left in the forum of somebody who left for good: places without texts."""

from typing import Any

from sqlalchemy import ColumnElement, UpdateBase, delete, func, or_, select, update

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session
from app.core.visibility import State
from app.forum.models.attachment import Attachment
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.membership import Membership, MembershipState
from app.forum.models.post import Post
from app.forum.models.read_mark import ReadMark
from app.forum.models.vote import Vote
from app.forum.services import indexing

NO_SYNC = {"synchronize_session": False}


def forget_account(account: Account) -> None:
    """Turn all that `account` wrote into tombstones and end votes and memberships.

    No event is emitted for each of them: that the person is gone says it all, here and elsewhere.
    """
    session().flush()
    indexing.unindex_author(account)
    _end_votes(account)
    _end_memberships(account)
    _empty_comments(account)
    _empty_posts(account)
    _run(delete(ReadMark).where(ReadMark.account_id == account.id))
    session().expire_all()


def _end_votes(account: Account) -> None:
    mine = Vote.account_id == account.id
    for model, column in ((Post, Vote.post_id), (Comment, Vote.comment_id)):
        voted = select(column).where(mine, column.is_not(None))
        _run(update(model).where(model.id.in_(voted)).values(vote_count=model.vote_count - 1))
    _run(delete(Vote).where(mine))


def _end_memberships(account: Account) -> None:
    mine = Membership.account_id == account.id
    counted = select(Membership.community_id).where(
        mine, Membership.state == MembershipState.APPROVED
    )
    is_counted: list[ColumnElement[bool]] = [Community.id.in_(counted)]
    if not account.is_local:
        is_counted.append(Community.host.is_(None))
    _run(update(Community).where(*is_counted).values(member_count=Community.member_count - 1))
    _run(delete(Membership).where(mine))


def _empty_comments(account: Account) -> None:
    mine = Comment.author_id == account.id
    shown = select(func.count(Comment.id)).where(
        mine, Comment.state == State.PUBLISHED, Comment.post_id == Post.id
    )
    answered = select(Comment.post_id).where(mine, Comment.state == State.PUBLISHED)
    _run(
        update(Post)
        .where(Post.id.in_(answered))
        .values(comment_count=Post.comment_count - shown.scalar_subquery())
    )
    _run(update(Comment).where(mine, Comment.state != State.DELETED).values(_emptied(account)))


def _empty_posts(account: Account) -> None:
    mine = Post.author_id == account.id
    shown = select(func.count(Post.id)).where(
        mine, Post.state == State.PUBLISHED, Post.community_id == Community.id
    )
    started = select(Post.community_id).where(mine, Post.state == State.PUBLISHED)
    _run(
        update(Community)
        .where(Community.id.in_(started))
        .values(post_count=Community.post_count - shown.scalar_subquery())
    )
    written = or_(
        Attachment.post_id.in_(select(Post.id).where(mine)),
        Attachment.comment_id.in_(select(Comment.id).where(Comment.author_id == account.id)),
    )
    _run(delete(Attachment).where(written))
    emptied = {**_emptied(account), "title": "", "excerpt": "", "link_url": None}
    _run(update(Post).where(mine, Post.state != State.DELETED).values(emptied))


def _emptied(account: Account) -> dict[str, Any]:
    now = utcnow()
    return {
        "state": State.DELETED,
        "state_at": now,
        "state_by_id": account.id,
        "state_reason": None,
        "changed_at": now,
        "body_source": "",
        "body_html": "",
    }


def _run(statement: UpdateBase) -> None:
    session().execute(statement, execution_options=NO_SYNC)
