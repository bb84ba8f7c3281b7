"""What an outbox says of texts that were changed after they were told of.

Lemmy reads the outbox of a group again whenever it refreshes the group, and takes what stands
there over what it was told since. So a Create in an outbox holds the text as it is now; the
activity at its own id, and what was sent, stay as they were.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import or_, select

from app.core.addresses import local_path
from app.core.db import session
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from federation.models.outbox_activity import OutboxActivity
from federation.outbound.proving import render_said
from federation.outbound.serializers.posted import serialize_comment, serialize_post
from federation.outbound.threads import find_parent
from federation.transport.actors import local_actor
from federation.vocab.activities import ActivityDocument
from federation.vocab.outgoing import Activity, Content, Verb
from federation.vocab.parse import parse_activity, parse_json
from federation.vocab.terms import Kind

Posted = Post | Comment


def tell_as_it_is(rows: Sequence[OutboxActivity]) -> tuple[bytes, ...]:
    """Return the bodies of listed activities, those about changed texts of ours made anew.

    What people of other servers wrote stays as they sent it: their words are not ours to render.
    """
    changed = _find_changed({row.object_uri for row in rows})
    return tuple(
        row.body if row.object_uri not in changed else _retell(row, changed[row.object_uri])
        for row in rows
    )


def _find_changed(uris: Iterable[str]) -> dict[str, Posted]:
    """Return the texts of ours with these ids that are not as they were when first told of."""
    names = [uri.rpartition("/")[2] for uri in uris if local_path(uri) is not None]
    if not names:
        return {}
    is_changed = or_(Post.edited_at.is_not(None), Post.is_locked.is_(True))
    posts = select(Post).where(Post.public_id.in_(names), is_changed)
    comments = select(Comment).where(Comment.public_id.in_(names), Comment.edited_at.is_not(None))
    found: list[Posted] = [*session().scalars(posts), *session().scalars(comments)]
    return {thing.uri: thing for thing in found if thing.is_local}


def _retell(row: OutboxActivity, posted: Posted) -> bytes:
    said = parse_activity(parse_json(row.body))
    if said.kind is Kind.CREATE:
        return _create(said, posted)
    inner = said.object
    if said.kind is Kind.ANNOUNCE and isinstance(inner, ActivityDocument):
        return render_said(_again(said, "Announce", _create(inner, posted)), row.actor)
    return row.body


def _create(told: ActivityDocument, posted: Posted) -> bytes:
    document = (
        serialize_post(posted)
        if isinstance(posted, Post)
        else serialize_comment(posted, find_parent(posted))
    )
    return render_said(_again(told, "Create", document), local_actor(posted.author))


def _again(told: ActivityDocument, verb: Verb, content: Content) -> Activity:
    return Activity(
        type=verb,
        uri=told.uri,
        actor=told.actor,
        object=content,
        to=told.to,
        cc=told.cc,
        audience=told.audience[0] if told.audience else None,
        published=told.published,
    )
