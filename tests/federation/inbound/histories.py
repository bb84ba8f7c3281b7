"""Steps of a history, and the scene in which they arrive in some order."""

import itertools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.models.vote import Vote
from app.forum.queries.comments import find_posted_by_uri
from federation.models.inbox_activity import InboxActivity, InboxState
from federation.models.insert import insert_once
from tests.support.fediverse import Answer, FakeFediverse, RemoteActor, activity

Json = dict[str, Any]
Wrap = Callable[[Json, RemoteActor], tuple[Json, RemoteActor]]
THOROUGH = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@dataclass(frozen=True)
class Step:
    """One activity; a repeat comes under another id unless it may be taken back by its own."""

    verb: str
    actor: RemoteActor
    thing: Any
    is_undoable: bool = False
    document: Json = field(default_factory=dict)

    def arrive(self, wrap: Wrap) -> None:
        """Store the activity as the inbox does once it is verified."""
        document = self.document if self.is_undoable else self.fresh()
        wrapped, sender = wrap(document, self.actor)
        now = utcnow()
        with unit_of_work():
            insert_once(
                InboxActivity,
                {
                    "activity_uri": wrapped["id"],
                    "signer_host": sender.host,
                    "signer_uri": sender.uri,
                    "type": wrapped["type"],
                    "verified_by": "signature",
                    "body": json.dumps(wrapped).encode(),
                    "state": InboxState.WAITING,
                    "attempts": 0,
                    "fetches": 0,
                    "received_at": now,
                    "next_attempt_at": now,
                },
            )

    def fresh(self) -> Json:
        return activity(self.verb, self.actor, self.thing)


def bare(document: Json, actor: RemoteActor) -> tuple[Json, RemoteActor]:
    """An activity as its own actor sends it."""
    return document, actor


@dataclass
class Scene:
    """Who takes part, where, and what the servers show of it."""

    fediverse: FakeFediverse
    settle: Callable[[], None]
    community: Community
    bob: RemoteActor
    carol: RemoteActor
    wrap: Wrap

    def play(self, steps: Sequence[Step], *, settles: Sequence[bool]) -> None:
        for step, is_settled in zip(steps, settles, strict=True):
            step.arrive(self.wrap)
            if is_settled:
                self.settle()
        self.settle()
        session().rollback()
        session().expire_all()

    def show(self, *documents: Json) -> None:
        """Let the servers show these documents, or that they are gone."""
        for document in documents:
            self.fediverse.put(document)

    def hide(self, document: Json) -> None:
        path = "/" + document["id"].split("/", 3)[3]
        self.fediverse.server(self.bob.host).answers[path] = Answer(status=410)


def liked(actor: RemoteActor, uri: str) -> tuple[Step, Step]:
    like = activity("Like", actor, uri)
    undo = activity("Undo", actor, like)
    return (
        Step("Like", actor, uri, is_undoable=True, document=like),
        Step("Undo", actor, like, is_undoable=True, document=undo),
    )


def edited(document: Json, **changes: Any) -> Json:
    later = (utcnow() - timedelta(hours=1)).isoformat()
    return {**document, **changes, "updated": later}


def seen(uri: str) -> tuple[Any, ...]:
    """What a reader sees of one text."""
    thing = find_posted_by_uri(uri)
    votes = 0
    if thing is not None:
        column = Vote.post_id if isinstance(thing, Post) else Vote.comment_id
        votes = session().scalar(select(func.count()).where(column == thing.id)) or 0
    if thing is None or not thing.is_published:
        return ("gone",)
    place = thing.title if isinstance(thing, Post) else _place(thing)
    return (place, thing.body_html, thing.edited_at, thing.vote_count, votes)


def _place(comment: Comment) -> tuple[str | None, int]:
    return comment.post.remote_uri, comment.depth


orders = st.data()
numbers = itertools.count()


def draw_order(data: st.DataObject, steps: Sequence[Step]) -> tuple[list[Step], list[bool]]:
    """Every step once or more, in any order, with a pause after some."""
    repeats = data.draw(st.lists(st.sampled_from(range(len(steps))), max_size=3), label="repeats")
    order = data.draw(st.permutations([*range(len(steps)), *repeats]), label="order")
    pauses = data.draw(
        st.lists(st.booleans(), min_size=len(order), max_size=len(order)), label="pauses"
    )
    return [steps[number] for number in order], pauses
