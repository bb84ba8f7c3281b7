"""How activities of peers look: Lemmy's forms, from which the others differ where they say so."""

import secrets
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from app.core.clock import utcnow
from federation.vocab.render_parts import write_time
from tests.interop.peers.software import Software
from tests.support.fediverse import AS, PUBLIC, RemoteActor

Json = dict[str, Any]


def now_text() -> str:
    """Return this moment as peers write it."""
    return write_time(utcnow()) or ""


class Writer(Software):
    """Writes what people of this peer do."""

    def new_id(self, actor: RemoteActor, kind: str) -> str:
        """Return an id for an activity."""
        return f"http://{self.host}/activities/{kind.lower()}/{secrets.token_hex(8)}"

    def thing_id(self, kind: str) -> str:
        """Return an id for a post or comment."""
        return f"http://{self.host}/{kind}/{secrets.randbelow(10**9)}"

    def context(self) -> Any:
        """Return the @context of what this software sends."""
        return [AS, "https://w3id.org/security/v1"]

    def act(self, verb: str, actor: RemoteActor, thing: Any, **extra: Any) -> Json:
        """Write an activity."""
        return {
            "@context": self.context(),
            "id": self.new_id(actor, verb),
            "type": verb,
            "actor": actor.uri,
            "object": thing,
            **extra,
        }

    def in_group(self, verb: str, actor: RemoteActor, thing: Any, group: str, **extra: Any) -> Json:
        """Write an activity that belongs to a community."""
        where = {"to": [PUBLIC], "cc": [group], "audience": group}
        return self.act(verb, actor, thing, **where, **extra)

    def thread(self, author: RemoteActor, group: str, title: str, **extra: Any) -> Json:
        """Write what starts a thread in a community."""
        return {
            "type": "Page",
            "id": self.thing_id("post"),
            "attributedTo": author.uri,
            "to": [group, PUBLIC],
            "cc": [],
            "name": title,
            "content": "<p>Wat vinden jullie?</p>\n",
            "mediaType": "text/html",
            "source": {"content": "Wat vinden jullie?", "mediaType": "text/markdown"},
            "attachment": [],
            "sensitive": False,
            "language": {"identifier": "nl", "name": "Nederlands"},
            "audience": group,
            "published": now_text(),
            "tag": [],
            **extra,
        }

    def comment(self, author: RemoteActor, parent: str, group: str, **extra: Any) -> Json:
        """Write an answer."""
        return {
            "type": "Note",
            "id": self.thing_id("comment"),
            "attributedTo": author.uri,
            "to": [PUBLIC],
            "cc": [group],
            "content": "<p>Zo doen wij het.</p>\n",
            "inReplyTo": parent,
            "mediaType": "text/html",
            "source": {"content": "Zo doen wij het.", "mediaType": "text/markdown"},
            "published": now_text(),
            "tag": [],
            "distinguished": False,
            "audience": group,
            "attachment": [],
            **extra,
        }

    def create(self, author: RemoteActor, thing: Json) -> Json:
        """Write that something was written."""
        return self._about("Create", author, thing)

    def update(self, author: RemoteActor, thing: Json, **changes: Any) -> Json:
        """Write that something was changed."""
        return self._about("Update", author, {**thing, **changes, "updated": now_text()})

    def _about(self, verb: str, author: RemoteActor, thing: Json) -> Json:
        more = {name: thing[name] for name in ("to", "cc", "audience") if name in thing}
        return self.act(verb, author, thing, **more)

    def delete(self, author: RemoteActor, uri: str, group: str) -> Json:
        """Write that an author took something back."""
        return self.in_group("Delete", author, uri, group)

    def remove(self, moderator: RemoteActor, uri: str, group: str, reason: str) -> Json:
        """Write that a moderator took something away."""
        return self.in_group("Delete", moderator, uri, group, summary=reason)

    def vote(self, verb: str, actor: RemoteActor, uri: str, group: str) -> Json:
        """Write a Like or Dislike."""
        return self.act(verb, actor, uri, audience=group)

    def undo(self, actor: RemoteActor, activity: Json) -> Json:
        """Write that something is taken back, with what it was inside."""
        inner = {name: value for name, value in activity.items() if name != "@context"}
        more = {name: inner[name] for name in ("to", "cc", "audience") if name in inner}
        return self.act("Undo", actor, inner, **more)

    def follow(self, actor: RemoteActor, uri: str) -> Json:
        """Write that somebody wants to follow."""
        return self.act("Follow", actor, uri, to=[uri])

    def reply(self, verb: str, actor: RemoteActor, follow: Json) -> Json:
        """Write an Accept or Reject of a Follow."""
        inner = {name: value for name, value in follow.items() if name != "@context"}
        return self.act(verb, actor, inner, to=[follow["actor"]])

    def pass_on(self, group: RemoteActor, inner: Json) -> list[Json]:
        """Write how a community of this software passes an activity on."""
        bare = {name: value for name, value in inner.items() if name != "@context"}
        followers = f"{group.uri}/followers"
        return [self.act("Announce", group, bare, to=[PUBLIC], cc=[followers])]

    def report(self, actor: RemoteActor, things: Sequence[str], group: str, reason: str) -> Json:
        """Write a report; `things` are a post and its author."""
        return self.act("Flag", actor, things[0], to=[group], audience=group, summary=reason)

    def ban(self, moderator: RemoteActor, person: str, group: str, **extra: Any) -> Json:
        """Write that somebody may not take part in a community."""
        reason = {"summary": "reclame", "removeData": False}
        return self.in_group("Block", moderator, person, group, target=group, **reason, **extra)

    def collect(self, verb: str, moderator: RemoteActor, uri: str, target: str) -> Json:
        """Write an Add or Remove."""
        group = target.rpartition("/")[0]
        return self.in_group(verb, moderator, uri, group, target=target)

    def lock(self, moderator: RemoteActor, uri: str, group: str) -> Json:
        """Write that a thread is closed."""
        return self.in_group("Lock", moderator, uri, group, summary="uitgepraat")

    def depart(self, actor: RemoteActor) -> Json:
        """Write that somebody left for good."""
        return self.act("Delete", actor, actor.uri, to=[PUBLIC], removeData=True)

    def renew(self, actor: RemoteActor) -> Json:
        """Write that somebody's profile changed."""
        document = {name: value for name, value in actor.document.items() if name != "@context"}
        return self.act("Update", actor, document, to=[PUBLIC], cc=[])

    def move(self, actor: RemoteActor, target: str) -> Json:
        """Write that somebody lives elsewhere now."""
        return self.act("Move", actor, actor.uri, target=target, to=[f"{actor.uri}/followers"])

    def mention(self, uri: str) -> Json:
        """Write a Mention of a person or community."""
        name = uri.rpartition("/")[2].lstrip("@")
        return {"type": "Mention", "href": uri, "name": f"@{name}@{urlsplit(uri).netloc}"}
