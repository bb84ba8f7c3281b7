"""One server of ours and one played peer, and all that can happen between them.

Here `anna` runs the community `toetsing` and `carla` takes part; there live `bob` and `mia`, and
(on forums) the community `tuin`, which mia looks after. Everything between is the real thing:
signed requests, the inbox, the workers, the deliverer.
"""

import json
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select

from app.accounts.models.account import Account
from app.accounts.queries import find_account_by_uri
from app.core.db import session, unit_of_work
from app.core.outgoing import http_client
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.queries.comments import find_posted_by_uri
from app.forum.services import comments, memberships, posts
from federation.dereference.lookup import look_up_actor
from federation.dereference.tasks import fetch_due
from federation.inbound.tasks import apply_inbox
from federation.models.delivery import Delivery, DeliveryState
from federation.models.inbox_activity import InboxActivity, InboxState
from federation.models.peer import Peer
from federation.outbound.deliver import deliver_all_due
from tests.federation.outbound.peers import give_key
from tests.interop.peers import PEERS
from tests.readers import lemmy
from tests.readers.signatures import Delivered, UnsignedError
from tests.support.factories import make_account, make_community
from tests.support.fediverse import ACTIVITY_JSON, Answer, FakeFediverse, RemoteActor, RemoteServer
from tests.support.wsgi_adapter import WsgiAdapter

Json = dict[str, Any]
OURS = "ons.test"
BODY = "Wij **zoeken** een vorm."
MAX_ROUNDS = 12
_numbers = count()


class PlayedServer(RemoteServer):
    """A host whose inbox answers as its software does; what came is read afterwards."""

    unread: list[tuple[Delivered, Json]]
    answer_to: Callable[[Delivered, Json], int]

    def _answer(self, environ: Json, path: str, headers: dict[str, str]) -> Answer:
        if environ["REQUEST_METHOD"] != "POST" or self.down:
            return super()._answer(environ, path, headers)
        body = environ["wsgi.input"].read()
        self.posted.append((path, body, headers))
        delivered, activity = Delivered(path, headers, body), json.loads(body)
        try:
            status = self.answer_to(delivered, activity)
        except UnsignedError:
            return Answer(status=401)
        self.unread.append((delivered, activity))
        return Answer(status=status)


class Stage:
    """Our server and one peer."""

    def __init__(self, app: Flask, name: str) -> None:
        self.app = app
        self.fediverse = FakeFediverse(app)
        self.peer = PEERS[name](f"{name}.test", self.get)
        self.server = self._play(self.peer.host)
        self.anna, self.carla = make_account("anna"), make_account("carla")
        self.toetsing = make_community("toetsing", owner=self.anna)
        owners: tuple[Account | Community, ...] = (self.anna, self.carla, self.toetsing)
        for number, owner in enumerate(owners):
            give_key(owner, number)
        self.bob, self.mia = self.person("bob"), self.person("mia")

    def _play(self, host: str) -> PlayedServer:
        server = PlayedServer(host, self.peer.software)
        server.unread, server.answer_to = [], self.peer.answer
        self.fediverse.servers[host] = server
        http_client().mount(f"http://{host}/", WsgiAdapter(server))
        return server

    def person(self, name: str) -> RemoteActor:
        """Return somebody who lives at the peer."""
        path = self.peer.person_path.format(name)
        return self._actor("Person", name, path)

    def group(self, name: str = "tuin", **extra: Any) -> RemoteActor:
        """Return a community at the peer; mia moderates it."""
        actor = self._actor("Group", name, self.peer.group_path.format(name))
        lists = {"moderators": f"{actor.uri}/moderators", "attributedTo": f"{actor.uri}/moderators"}
        actor.document |= {**lists, "featured": f"{actor.uri}/featured", **extra}
        self.fediverse.put(actor.document)
        people = {"type": "OrderedCollection", "orderedItems": [self.mia.uri], "totalItems": 1}
        self.fediverse.put({"id": f"{actor.uri}/moderators", **people})
        return actor

    def _actor(self, kind: str, name: str, path: str) -> RemoteActor:
        actor = self.fediverse._actor(kind, name, self.peer.host, path, {})
        actor.key_id = f"{actor.uri}{self.peer.key_suffix}"
        actor.document["publicKey"]["id"] = actor.key_id
        self.fediverse.put(actor.document)
        return actor

    # Looking.

    def get(self, uri: str) -> Json:
        """Fetch a document as the peer would; raises LookupError when there is none."""
        parts = urlsplit(uri)
        if parts.netloc == OURS:
            return self.fetch(uri)
        found = self.fediverse.server(parts.netloc).answers.get(parts.path)
        if found is None or callable(found):
            raise LookupError(uri)
        document: Json = json.loads(found.body)
        return document

    def fetch(self, uri: str) -> Json:
        """GET one of our documents: unsigned, with its exact type and its own address."""
        language = f"nl;q=0.{next(_numbers):06}"
        headers = {"Accept": ACTIVITY_JSON, "Accept-Language": language}
        answer = self.fediverse.client.get(uri, headers=headers, base_url=f"http://{OURS}")
        if answer.status_code not in {200, 410}:
            raise LookupError(f"{uri}: {answer.status_code}")
        document: Json = json.loads(answer.data)
        lemmy.check_fetched(document, uri, answer.headers["Content-Type"])
        return document

    def page(self, uri: str) -> str:
        """GET one of our pages as a reader does."""
        language = f"nl;q=0.{next(_numbers):06}"
        headers = {"Accept": "text/html", "Accept-Language": language}
        return self.fediverse.client.get(uri, headers=headers, base_url=f"http://{OURS}").text

    def found(self, uri: str) -> Post | Comment:
        """Return a post or comment that stands here."""
        session().expire_all()
        thing = find_posted_by_uri(uri)
        assert thing is not None, f"{uri} is not here: {self.outcomes()}"
        return thing

    def account(self, actor: RemoteActor) -> Account:
        """Return what we know of somebody there."""
        account = find_account_by_uri(actor.uri)
        assert account is not None
        return account

    def outcomes(self) -> list[str]:
        """Return what became of each activity that came in."""
        rows = session().scalars(select(InboxActivity).order_by(InboxActivity.id))
        return [f"{row.type} {row.state} {row.reason}" for row in rows]

    def received(self, *types: str) -> list[Json]:
        """Return what the peer got, of these types (all when none is named), in order."""
        bodies = [json.loads(body) for _path, body, _headers in self.server.posted]
        return [one for one in bodies if not types or one["type"] in types]

    # Acting.

    def settle(self) -> None:
        """Let both sides do all that is due, until it is quiet."""
        for _ in range(MAX_ROUNDS):
            done = apply_inbox()
            fetch_due()
            done += apply_inbox() + deliver_all_due()
            unread, self.server.unread = self.server.unread, []
            for delivered, activity in unread:
                self.peer.read(delivered, activity)
            if not done and not unread:
                break
        session().expire_all()

    def says(self, activity: Json | Iterable[Json], signer: RemoteActor | None = None) -> None:
        """Let the peer deliver something, and let all that follows happen."""
        for one in [activity] if isinstance(activity, dict) else activity:
            answer = self.fediverse.deliver(one, signer or self.bob)
            assert answer.status_code == 202, answer.text
        self.settle()

    def follow(self, uri: str | None = None) -> Json:
        """Let bob follow our community (or whoever is named)."""
        follow = self.peer.follow(self.bob, uri or self.toetsing.uri)
        self.says(follow)
        return follow

    def joined(self, actor: RemoteActor | None = None) -> RemoteActor:
        """Let anna follow a community of the peer, and let it agree."""
        group = actor or self.group()
        community = look_up_actor(group.uri)
        assert isinstance(community, Community)
        with unit_of_work():
            memberships.join_community(self.anna, community)
        self.settle()
        asked = self.peer.shown.requests[-1]
        self.says(self.peer.reply("Accept", group, asked), group)
        return group

    def community(self, group: RemoteActor) -> Community:
        """Return our row of a community of the peer."""
        found = look_up_actor(group.uri)
        assert isinstance(found, Community)
        return found

    def publish(self, community: Community | None = None, **fields: Any) -> Post:
        """Let anna start a thread."""
        plain = {"title": "Hoe kalibreren jullie?", "body_source": BODY}
        draft = posts.PostDraft(**{**plain, **fields})
        with unit_of_work():
            post = posts.publish_post(self.anna, community or self.toetsing, draft)
        self.settle()
        return post

    def reply(
        self, post: Post, parent: Comment | None = None, body: str = "Ik weet het."
    ) -> Comment:
        """Let carla answer."""
        with unit_of_work():
            draft = comments.CommentDraft(body_source=body)
            comment = comments.publish_comment(self.carla, post, parent, draft)
        self.settle()
        return comment

    def does(self, service: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """Call a service, and let all that follows happen."""
        with unit_of_work():
            result = service(*arguments, **named)
        self.settle()
        return result

    def asked(self, title: str = "Wie heeft een rubric?", **extra: Any) -> Json:
        """Let bob start a thread in our community; return his post."""
        thing = self.fediverse.put(self.peer.thread(self.bob, self.toetsing.uri, title, **extra))
        self.says(self.peer.create(self.bob, thing))
        return thing

    def answered(self, parent: str, **extra: Any) -> Json:
        """Let bob answer something of ours; return his comment."""
        thing = self.peer.comment(self.bob, parent, self.toetsing.uri, **extra)
        self.fediverse.put(thing)
        self.says(self.peer.create(self.bob, thing))
        return thing

    def passed_on(self, group: RemoteActor, activity: Json) -> None:
        """Let a community of the peer pass something on to us."""
        self.says(self.peer.pass_on(group, activity), group)

    # What must never happen.

    def check_no_harm(self) -> None:
        """Nothing waits or is tried again, nobody is taken for dead, nothing failed, no block."""
        session().expire_all()
        waiting = session().scalars(select(Delivery).where(Delivery.state == DeliveryState.WAITING))
        assert [one.last_error for one in waiting] == []
        failed = select(InboxActivity).where(InboxActivity.state == InboxState.FAILED)
        assert session().scalars(failed).all() == []
        peer = session().get(Peer, self.peer.host)
        assert peer is None or (peer.failing_since is None and peer.retry_at is None)
        assert self.peer.shown.personal_blocks == []
