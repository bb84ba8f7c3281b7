"""What we said is served for 30 days, and as long as what it tells of (federation.md section 3.1).

Follows stay: one that is said again needs an id that was not used before. Votes and finished
deliveries are forgotten between deliveries (`retention.py`).
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, union_all

from app.core.addresses import local_uri
from app.core.batches import delete_some
from app.core.clock import utcnow
from app.core.visibility import State
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from federation.models.outbox_activity import OutboxActivity
from federation.outbound.outbox import TELLING

KEPT_FOR: Final = timedelta(days=30)
GONE: Final = (State.DELETED, State.REMOVED, State.REFUSED)
ALWAYS: Final = ("Follow",)


def purge_told(limit: int) -> int:
    """Delete what was said of texts that went 30 days ago; return how many."""
    uris = union_all(*_gone_uris(Post, "/post/"), *_gone_uris(Comment, "/comment/")).subquery()
    told = OutboxActivity.type.in_(TELLING) & OutboxActivity.object_uri.in_(select(uris.c.uri))
    return _delete(told, limit)


def purge_said(limit: int) -> int:
    """Delete what was said once and stands for nothing by itself: answers, removals, profiles."""
    of_actor = or_(
        *(OutboxActivity.object_uri.startswith(local_uri(path)) for path in ("/u/", "/c/"))
    )
    is_momentary = OutboxActivity.type.not_in([*TELLING, *ALWAYS])
    is_profile = OutboxActivity.type.in_(TELLING) & of_actor
    return _delete(or_(is_momentary, is_profile), limit)


def _gone_uris(model: type[Post] | type[Comment], path: str) -> list[Select[str]]:
    """Return queries of the ids of what went 30 days ago: of elsewhere, and ours."""
    gone = model.state.in_(GONE) & (model.state_at < utcnow() - KEPT_FOR)
    ours = literal(local_uri(path)).concat(model.public_id)
    return [
        select(func.coalesce(model.remote_uri, "").label("uri")).where(
            gone, model.remote_uri.is_not(None)
        ),
        select(ours.label("uri")).where(gone, model.remote_uri.is_(None)),
    ]


def _delete(condition: ColumnElement[bool], limit: int) -> int:
    before = utcnow() - KEPT_FOR
    return delete_some(OutboxActivity.id, condition & (OutboxActivity.made_at < before), limit)
