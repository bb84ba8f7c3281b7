"""What somebody wrote, found useful and follows, for the file with everything about a person."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.models.account import Account
from app.core.db import session
from app.core.visibility import State
from app.forum.access import visible_comments, visible_posts
from app.forum.models.ban import Ban
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.models.posted import Posted
from app.forum.models.vote import Vote
from app.forum.queries.communities import list_memberships

Row = dict[str, object]


def list_own_posts(account: Account) -> list[Row]:
    """Return the threads that `account` started, oldest first; what was deleted has no text."""
    posts = session().scalars(
        select(Post)
        .options(joinedload(Post.community))
        .where(Post.author_id == account.id, Post.state != State.DELETED)
        .order_by(Post.id)
    )
    return [
        {
            "groep": post.community.handle,
            "soort": str(post.kind),
            "titel": post.title,
            "link": post.link_url,
            **_posted(post),
        }
        for post in posts
    ]


def list_own_bans(account: Account) -> list[Row]:
    """Return where `account` was banned, why and until when, oldest first; not by whom."""
    rows = session().scalars(
        select(Ban)
        .options(joinedload(Ban.community))
        .where(Ban.account_id == account.id)
        .order_by(Ban.id)
    )
    return [
        {
            "groep": None if row.community is None else row.community.handle,
            "reden": row.reason,
            "sinds": row.made_at,
            "tot": row.expires_at,
            "opgeheven": row.lifted_at,
        }
        for row in rows
    ]


def list_own_comments(account: Account) -> list[Row]:
    """Return the answers of `account`, oldest first."""
    comments = session().scalars(
        select(Comment)
        .options(joinedload(Comment.post))
        .where(Comment.author_id == account.id, Comment.state != State.DELETED)
        .order_by(Comment.id)
    )
    return [{"in": comment.post.uri, **_posted(comment)} for comment in comments]


def list_own_votes(account: Account) -> list[Row]:
    """Return what `account` found useful; of what may no longer be read no address."""
    votes = session().scalars(
        select(Vote)
        .options(joinedload(Vote.post), joinedload(Vote.comment))
        .where(Vote.account_id == account.id)
        .order_by(Vote.id)
    )
    readable = _readable_votes(account)
    return [
        {"adres": _address(vote) if vote.id in readable else None, "wanneer": vote.cast_at}
        for vote in votes
    ]


def list_own_memberships(account: Account) -> list[Row]:
    """Return the communities that `account` follows or asked to follow."""
    return [
        {
            "groep": one.community.handle,
            "adres": one.community.uri,
            "rol": str(one.role),
            "stand": str(one.state),
            "sinds": one.approved_at or one.requested_at,
        }
        for one in list_memberships(account)
    ]


def _posted(thing: Post | Comment) -> Row:
    return {"adres": thing.uri, **_text(thing)}


def _text(thing: Posted) -> Row:
    return {
        "tekst": thing.body_source,
        "taal": thing.language,
        "stand": str(thing.state),
        "geschreven": thing.published_at,
        "aangepast": thing.edited_at,
        "nuttig": thing.vote_count,
    }


def _readable_votes(account: Account) -> set[int]:
    posts = select(Post.id).where(visible_posts(account))
    comments = select(Comment.id).where(visible_comments(account))
    return set(
        session().scalars(
            select(Vote.id).where(
                Vote.account_id == account.id,
                Vote.post_id.in_(posts) | Vote.comment_id.in_(comments),
            )
        )
    )


def _address(vote: Vote) -> str | None:
    if vote.comment is not None:
        return vote.comment.uri
    return None if vote.post is None else vote.post.uri
