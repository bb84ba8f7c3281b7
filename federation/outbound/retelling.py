"""What an outbox says of texts that were changed after they were told of.

Lemmy reads the outbox of a group again whenever it refreshes the group, and takes what stands
there over what it was told since. So a Create in an outbox holds the text as it is now. What those
of other servers wrote is theirs to say: for a Create that they changed there stands their newest
Update, byte for byte, and nothing when we have none. Lemmy and PieFed read either. The activity at
its own id, and what was sent, stay as they were.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import and_, or_, select

from app.core.addresses import local_path
from app.core.db import session
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from federation.models.actor import Actor
from federation.models.outbox_activity import OutboxActivity
from federation.outbound.provenance import list_received
from federation.outbound.proving import render_said
from federation.outbound.serializers.posted import serialize_comment, serialize_post
from federation.outbound.threads import find_parent
from federation.transport.actors import local_actor
from federation.vocab.activities import ActivityDocument
from federation.vocab.objects import ObjectDocument
from federation.vocab.outgoing import Activity, Content, Verb
from federation.vocab.parse import parse_activity, parse_json
from federation.vocab.terms import Kind

Posted = Post | Comment


def tell_as_it_is(rows: Sequence[OutboxActivity]) -> tuple[bytes, ...]:
    """Return the bodies of listed activities, those about changed texts made anew."""
    changed = _find_changed({row.object_uri for row in rows})
    told = (
        row.body if row.object_uri not in changed else _retell(row, changed[row.object_uri])
        for row in rows
    )
    return tuple(body for body in told if body is not None)


def _find_changed(uris: Iterable[str]) -> dict[str, Posted]:
    """Return the texts with these ids that are not as they were when first told of."""
    wanted = set(uris)
    names = [uri.rpartition("/")[2] for uri in wanted if local_path(uri) is not None]
    foreign = [uri for uri in wanted if local_path(uri) is None]
    found: list[Posted] = []
    for model in (Post, Comment):
        is_changed = model.edited_at.is_not(None)
        is_ours = and_(model.public_id.in_(names), model.remote_uri.is_(None))
        if model is Post:
            is_ours = and_(is_ours, or_(is_changed, Post.is_locked.is_(True)))
        is_theirs = and_(model.remote_uri.in_(foreign), is_changed)
        found += session().scalars(select(model).where(or_(is_ours, is_theirs)))
    return {thing.uri: thing for thing in found}


def _retell(row: OutboxActivity, posted: Posted) -> bytes | None:
    """Return what an outbox says of a changed text; None when that is not known."""
    said = parse_activity(parse_json(row.body))
    if said.kind is Kind.CREATE:
        return _create(said, posted)
    inner = said.object
    if said.kind is not Kind.ANNOUNCE or not isinstance(inner, ActivityDocument):
        return row.body
    if posted.is_local:
        return _render(_again(said, "Announce", _create(inner, posted)), row.actor, posted)
    return _find_passed_on(row, posted) or _announce_anew(row, said, posted)


def _find_passed_on(row: OutboxActivity, posted: Posted) -> bytes | None:
    """Return the newest Announce of an Update by the author."""
    later = session().scalars(
        select(OutboxActivity.body)
        .where(
            OutboxActivity.actor_id == row.actor_id,
            OutboxActivity.type == "Announce",
            OutboxActivity.object_uri == row.object_uri,
            OutboxActivity.id > row.id,
        )
        .order_by(OutboxActivity.id.desc())
    )
    return next((body for body in later if _is_update(_inner(body), posted)), None)


def _announce_anew(row: OutboxActivity, said: ActivityDocument, posted: Posted) -> bytes | None:
    """Return the Announce with the newest Update that came, where nobody was to be told of it."""
    for received in list_received(posted.uri, posted.author.uri, "Update"):
        if _is_update(parse_activity(parse_json(received.body)), posted):
            return _render(_again(said, "Announce", received.body), row.actor, posted)
    return None


def _inner(body: bytes) -> ActivityDocument | None:
    inner = parse_activity(parse_json(body)).object
    return inner if isinstance(inner, ActivityDocument) else None


def _is_update(inner: ActivityDocument | None, posted: Posted) -> bool:
    """Whether this is the author's own edit to what the text is now, not an earlier one."""
    if inner is None or inner.kind is not Kind.UPDATE or inner.actor != posted.author.uri:
        return False
    thing = inner.object
    said_at = thing.updated if isinstance(thing, ObjectDocument) else None
    return said_at is None or posted.edited_at is None or said_at >= posted.edited_at


def _create(told: ActivityDocument, posted: Posted) -> bytes:
    document = (
        serialize_post(posted)
        if isinstance(posted, Post)
        else serialize_comment(posted, find_parent(posted))
    )
    return _render(_again(told, "Create", document), local_actor(posted.author), posted)


def _render(activity: Activity, actor: Actor, posted: Posted) -> bytes:
    """Return the same bytes for as long as the text is the same: a list has one ETag."""
    return render_said(activity, actor, posted.edited_at or posted.published_at)


def _again(told: ActivityDocument, verb: Verb, content: Content | bytes) -> Activity:
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
