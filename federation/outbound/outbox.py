"""What an actor of ours has said, for its outbox collection and at each activity's own id."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, or_, select

from app.accounts.models.account import Account, AccountState
from app.core.addresses import local_path, local_uri
from app.core.db import session
from app.forum.access import visible_comments, visible_posts
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from federation.models.outbox_activity import OutboxActivity
from federation.outbound.retelling import tell_as_it_is
from federation.transport.actors import find_actor

OUTBOX_PAGE: Final = 50  # what Lemmy and PieFed take at most (federation.md section 4.1)
# What tells of a text, and so is not told again once the text is gone.
TELLING: Final = frozenset({"Create", "Update", "Announce", "QuoteAuthorization"})


@dataclass(frozen=True)
class OutboxPage:
    """Activities, newest first; the next page starts before row `next_before`."""

    bodies: tuple[bytes, ...]
    next_before: int | None


def list_outbox(owner: Account | Community, before: int | None) -> OutboxPage:
    """Return a page of what `owner` said in public about what can still be read."""
    actor = find_actor(owner)
    if actor is None:
        return OutboxPage((), None)
    statement = select(OutboxActivity).where(
        OutboxActivity.actor_id == actor.id,
        OutboxActivity.is_listed.is_(True),
        OutboxActivity.is_public.is_(True),
    )
    if before is not None:
        statement = statement.where(OutboxActivity.id < before)
    rows = list(
        session().scalars(statement.order_by(OutboxActivity.id.desc()).limit(OUTBOX_PAGE + 1))
    )
    shown, has_more = rows[:OUTBOX_PAGE], len(rows) > OUTBOX_PAGE
    readable = find_readable({row.object_uri for row in shown})
    bodies = tell_as_it_is([row for row in shown if row.object_uri in readable])
    return OutboxPage(bodies, shown[-1].id if has_more else None)


def find_readable(uris: Iterable[str]) -> set[str]:
    """Return those of these posts and comments that anybody may read, in two statements."""
    wanted = set(uris)
    if not wanted:
        return wanted
    names = {uri.rpartition("/")[2] for uri in wanted}
    found = []
    for model, path, condition in (
        (Post, "/post/", visible_posts(None)),
        (Comment, "/comment/", visible_comments(None)),
    ):
        is_wanted = or_(model.public_id.in_(names), model.remote_uri.in_(wanted))
        statement = select(model.remote_uri, model.public_id).where(is_wanted, condition)
        rows = session().execute(statement)
        found += [remote or local_uri(path + public_id) for remote, public_id in rows]
    return wanted.intersection(found)


def count_listed(owner: Account | Community) -> int:
    """Return how many threads a community holds, or how much a person has written in public."""
    posts = select(func.count(Post.id)).where(visible_posts(None))
    if isinstance(owner, Community):
        return session().scalar(posts.where(Post.community_id == owner.id)) or 0
    comments = select(func.count(Comment.id)).where(
        visible_comments(None), Comment.author_id == owner.id
    )
    written = session().scalar(posts.where(Post.author_id == owner.id)) or 0
    return written + (session().scalar(comments) or 0)


def find_public_activity(verb: str, public_id: str) -> OutboxActivity | None:
    """Return an activity that anybody may read, by the two parts of its id."""
    row = find_sent(public_id)
    return row if row is not None and row.is_public and row.type.lower() == verb else None


def is_still_told(row: OutboxActivity) -> bool:
    """Whether what an activity tells is still there: not of somebody or something that is gone."""
    account = row.actor.account
    if account is not None and account.state != AccountState.ACTIVE:
        return row.type == "Delete"
    path = local_path(row.object_uri)
    is_of_actor = path is not None and not path.startswith(("/post/", "/comment/"))
    if row.type not in TELLING or is_of_actor:
        return True
    return row.object_uri in find_readable([row.object_uri])


def find_sent(public_id: str) -> OutboxActivity | None:
    """Return what we sent under this id."""
    return session().scalar(select(OutboxActivity).where(OutboxActivity.public_id == public_id))


def find_newest(verb: str, by: Account | Community, object_uri: str) -> OutboxActivity | None:
    """Return the newest `verb` of one of ours about an object."""
    actor = find_actor(by)
    if actor is None:
        return None
    return session().scalar(
        select(OutboxActivity)
        .where(
            OutboxActivity.actor_id == actor.id,
            OutboxActivity.type == verb,
            OutboxActivity.object_uri == object_uri,
        )
        .order_by(OutboxActivity.id.desc())
        .limit(1)
    )
