"""Activities applied together end as they would one by one, and as without asking ahead."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import aliased

from app.accounts.models.account import Account
from app.accounts.queries import find_account_by_uri
from app.core.clock import utcnow
from app.core.db import Base, session, unit_of_work
from app.core.foresight import forget_everything
from app.forum.models.ban import Ban
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.membership import Membership
from app.forum.models.post import Post
from app.forum.models.vote import Vote
from app.forum.queries.communities import find_community_by_uri
from app.forum.services import memberships
from app.notifications.models import Notification
from federation.dereference import orphans
from federation.dereference.chase import Chase
from federation.inbound import tasks
from federation.inbound.foreseeing import read_ahead
from federation.models.delivery import Delivery
from federation.models.inbox_activity import InboxActivity
from federation.models.outbox_activity import OutboxActivity
from federation.models.peer import Peer
from federation.models.withdrawal import Withdrawal
from federation.transport.client import activity_client
from tests.federation.inbound.histories import THOROUGH, Json, Step, bare, numbers
from tests.support.factories import make_account, make_comment, make_community, make_post
from tests.support.fediverse import FakeFediverse, RemoteActor, activity, note, page

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
BY, AUTHOR, PARENT = aliased(Account), aliased(Account), aliased(Comment)
WHEN = "2026-11-20T10:00:00Z"
COUNTED = (Account, Community, Post, Comment, Vote, Membership, Ban, Notification, Withdrawal)


@dataclass
class World:
    """People and groups that nobody else has to do with: all their names hold a tag."""

    fediverse: FakeFediverse
    tag: str
    made: dict[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.anna = make_account(f"anna{self.tag}")
        self.ours = make_community(f"toets{self.tag}", owner=self.anna)
        self.post = make_post(self.ours, self.anna)
        self.comment = make_comment(self.post, self.anna)
        hosts = {"bob": "een", "carol": "twee", "dora": "drie", "eve": "drie", "frank": "vier"}
        self.people = {
            name: self.fediverse.person(name, f"{host}.{self.tag}.test")
            for name, host in hosts.items()
        }
        self.group = self.fediverse.group("tuin", f"een.{self.tag}.test")
        for actor in (*self.people.values(), self.group):
            if actor.name != "frank":
                Chase(activity_client()).bring(actor.uri)
        theirs = find_community_by_uri(self.group.uri)
        eve = find_account_by_uri(self.people["eve"].uri)
        assert theirs is not None
        assert eve is not None
        with unit_of_work():
            memberships.join_community(self.anna, theirs)
            memberships.set_moderator(self.ours, eve, is_moderator=True, by=None)
            host = self.people["eve"].host  # where what is brought back must be told once more
            session().add(Peer(host=host, software="mbin", known_since=utcnow()))
        self._write()

    def _write(self) -> None:
        self.texts = {
            "thread": self._text("thread", "bob", self.ours.uri),
            "answer": self._text("answer", "carol", "thread"),
            "deeper": self._text("deeper", "dora", "answer"),
            "to us": self._text("to us", "carol", self.comment.uri),
            "there": self._text("there", "bob", self.group.uri),
        }

    def _text(self, name: str, author: str, place: str) -> Json:
        actor = self.people[author]
        own = {"id": f"http://{actor.host}/texts/{name.replace(' ', '-')}", "published": WHEN}
        if name in {"thread", "there"}:
            document = {**page(actor, place, name), **own}
        else:
            parent = self.made[place]["id"] if place in self.made else place
            document = {**note(actor, f"<p>{name}</p>", inReplyTo=parent), **own}
        self.made[name] = document
        return document

    def act(self, number: int, move: str) -> None:
        """Let one activity arrive; what may be undone keeps its id."""
        who, verb, what = move.split(":")
        actor = self.group if who == "tuin" else self.people[who]
        document = self._said(actor, verb, what)
        if verb not in {"Like", "Follow", "Block"}:
            document["id"] = f"http://{actor.host}/acts/{number}"
        Step(verb, actor, None, is_undoable=True, document=document).arrive(bare)

    def _said(self, actor: RemoteActor, verb: str, what: str) -> Json:
        own = {"id": f"http://{actor.host}/acts/{verb}-{what.replace(' ', '-')}"}
        if verb == "Announce":
            inner = [self._inner(number, part) for number, part in enumerate(what.split("+"))]
            return {**activity(verb, actor, inner), **own}
        if verb == "Undo":
            kind, _, about = what.partition(" ")
            undone = self._said(actor, kind.removesuffix("*"), about)
            return {**activity(verb, actor, undone["id"] if "*" in kind else undone), **own}
        if verb == "Block":
            extra = {"target": self.ours.uri, "removeData": what == "carol"}
            return {**activity(verb, actor, self.people[what].uri, **extra), **own}
        return {**activity(verb, actor, self._thing(actor, verb, what)), **own}

    def _inner(self, number: int, part: str) -> Json:
        who, verb, what = part.split(" ")
        inner = self._said(self.people[who], verb, what)
        return {**inner, "id": f"{inner['id']}-{number}"}

    def _thing(self, actor: RemoteActor, verb: str, what: str) -> Any:
        if what == "self":
            return actor.uri
        if what in {"ours", "anna", "post", "comment"}:
            return getattr(self, what).uri
        document = self.texts[what]
        if verb == "Update":
            return {**document, "content": "<p>Beter</p>", "updated": "2026-11-21T10:00:00Z"}
        return document if verb == "Create" else document["id"]


MOVES = (
    *("bob:Create:thread", "carol:Create:answer", "dora:Create:deeper", "carol:Create:to us"),
    *("bob:Update:thread", "carol:Update:answer", "bob:Delete:thread", "carol:Delete:answer"),
    *("carol:Like:thread", "carol:Undo:Like thread", "carol:Undo:Like* thread"),
    *("carol:Dislike:thread", "bob:Like:answer", "dora:Like:post", "dora:Undo:Like post"),
    *("dora:Follow:ours", "dora:Undo:Follow ours", "dora:Undo:Follow* ours", "carol:Follow:anna"),
    *("bob:Delete:self", "carol:Delete:self", "carol:Update:self", "frank:Like:post"),
    *("eve:Block:carol", "eve:Undo:Block carol", "eve:Undo:Block* carol", "eve:Lock:thread"),
    *("eve:Delete:answer", "eve:Undo:Delete answer", "eve:Undo:Lock thread", "eve:Delete:thread"),
    *("tuin:Announce:bob Create there+eve Delete thread+carol Like there+dora Like answer",),
    *("tuin:Announce:carol Create answer+carol Like there", "tuin:Announce:bob Delete there"),
    *("tuin:Announce:dora Like there", "bob:Create:there"),
)
RESTORED = ["eve:Delete:answer", "eve:Undo:Delete answer"]
FIRST = ("bob:Create:thread", "carol:Create:answer", "dora:Follow:ours")


def newest() -> dict[type[Base], int]:
    session().rollback()
    session().expire_all()
    models: tuple[Any, ...] = (*COUNTED, InboxActivity, Delivery)
    return {model: session().scalar(select(func.max(model.id))) or 0 for model in models}


def result(world: World, since: dict[type[Base], int]) -> dict[str, Any]:
    """Everything that a history has left behind, in words that do not differ between worlds."""
    session().rollback()
    session().expire_all()

    def rows(statement: Any, model: type[Base]) -> Counter[str]:
        found = session().execute(statement.where(inspect(model).c.id > since[model]))
        told = (UUID.sub("uuid", repr(tuple(row)).lower()) for row in found)
        return Counter(text.replace(world.tag, "@") for text in told)

    shared = (AUTHOR.remote_uri, AUTHOR.name)
    answer = (Comment.body_html, Comment.state, Comment.depth, Comment.vote_count)
    thread = (Post.remote_uri, Post.body_html, Post.state, Post.is_locked, Post.vote_count)
    inbox = (InboxActivity.activity_uri, InboxActivity.type, InboxActivity.state)
    why = (InboxActivity.reason, InboxActivity.needs_uri, InboxActivity.fetches)
    sent = (Delivery.inbox_url, Delivery.state, Delivery.lane, OutboxActivity.type)
    vote = select(Vote.request_uri, Post.remote_uri, Comment.remote_uri, *shared)
    member = select(Membership.state, Membership.role, Membership.request_uri, *shared)
    ban = select(Ban.remote_uri, Ban.lifted_at.is_(None), Ban.removes_posts, *shared)
    told = select(Notification.kind, Post.title, Comment.remote_uri, BY.name, AUTHOR.name)
    return {
        "people": rows(select(Account.remote_uri, Account.state, Account.display_name), Account),
        "places": rows(
            select(Community.name, Community.post_count, Community.member_count), Community
        ),
        "threads": rows(select(*thread, Post.comment_count), Post),
        "answers": rows(
            select(Comment.remote_uri, *answer, PARENT.remote_uri).outerjoin(
                PARENT, PARENT.id == Comment.parent_id
            ),
            Comment,
        ),
        "votes": rows(
            vote.select_from(Vote)
            .join(AUTHOR, AUTHOR.id == Vote.account_id)
            .outerjoin(Post, Post.id == Vote.post_id)
            .outerjoin(Comment, Comment.id == Vote.comment_id),
            Vote,
        ),
        "members": rows(member.join(AUTHOR, AUTHOR.id == Membership.account_id), Membership),
        "bans": rows(ban.join(AUTHOR, AUTHOR.id == Ban.account_id), Ban),
        "told": rows(
            told.select_from(Notification)
            .join(AUTHOR, AUTHOR.id == Notification.account_id)
            .outerjoin(BY, BY.id == Notification.by_id)
            .outerjoin(Post, Post.id == Notification.post_id)
            .outerjoin(Comment, Comment.id == Notification.comment_id),
            Notification,
        ),
        "withdrawn": rows(select(Withdrawal.kind, Withdrawal.uri, Withdrawal.by_uri), Withdrawal),
        "inbox": rows(select(*inbox, *why), InboxActivity),
        "sent": rows(
            select(*sent, OutboxActivity.object_uri).join(
                OutboxActivity, OutboxActivity.id == Delivery.outbox_activity_id
            ),
            Delivery,
        ),
    }


def without_answers(rows: Any) -> Any:
    """Read the rows, and ask nothing ahead."""
    documents = read_ahead(rows)
    forget_everything()
    return documents


@pytest.fixture
def play(
    fediverse: FakeFediverse, settle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., dict[str, Any]]:
    """Apply a history in a world of its own, so many activities at once; return what is left."""
    monkeypatch.setattr(tasks, "BATCH_SECONDS", 60.0)
    woken: list[object] = []
    monkeypatch.setattr(orphans, "wake", woken.append)

    def run(history: list[str], size: int, *, is_foreseen: bool = True) -> dict[str, Any]:
        monkeypatch.setattr(tasks, "BATCH", size)
        monkeypatch.setattr(tasks, "WIDE_BATCH", size)
        monkeypatch.setattr(tasks, "read_ahead", read_ahead if is_foreseen else without_answers)
        woken.clear()
        since = newest()
        world = World(fediverse, f"w{next(numbers)}w")
        for number, move in enumerate(history):
            world.act(number, move)
        settle()
        return {**result(world, since), "is any woken": bool(woken)}

    return run


histories = st.lists(st.sampled_from(MOVES), min_size=3, max_size=12)


@THOROUGH
@given(history=histories, is_begun=st.booleans())
def test_what_is_known_ahead_changes_nothing(
    play: Callable[..., dict[str, Any]], history: list[str], is_begun: bool
) -> None:
    history = [*(FIRST if is_begun else ()), *history]

    assert play(history, 20) == play(history, 20, is_foreseen=False)


@THOROUGH
@given(history=histories)
def test_together_or_one_by_one(play: Callable[..., dict[str, Any]], history: list[str]) -> None:
    history = [*FIRST, *history]

    alone = play(history, 1)
    if alone["is any woken"]:
        return  # one by one, what was woken goes before what came after it
    assert play(history, 20) == alone


def test_what_came_and_was_brought_back_in_one_batch_is_told_once_more(
    play: Callable[..., dict[str, Any]],
) -> None:
    history = [*FIRST, *RESTORED]

    assert play(history, 20)["sent"] == play(history, 1)["sent"]
