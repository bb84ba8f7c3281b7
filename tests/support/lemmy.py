"""A forum elsewhere that serves what Lemmy serves: a group, its lists, and threads to read.

Outbox of 50 wrapped posts inline, pinned posts in full, moderators as ids, and beside every post a
list of the ids of its whole thread, with an ETag.
"""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from app.core.clock import utcnow
from tests.support.fediverse import PUBLIC, Answer, FakeFediverse, RemoteActor, activity

Json = dict[str, Any]
INLINE = 50


def written(when: datetime) -> str:
    return when.isoformat().replace("+00:00", "Z")


@dataclass
class LemmyGroup:
    """A group with threads; `refresh` serves the lists as they are now."""

    fediverse: FakeFediverse
    name: str = "tuin"
    host: str = "lemmy.test"
    threads: list[Json] = field(default_factory=list)
    comments: dict[str, list[Json]] = field(default_factory=dict)
    pinned: list[Json] = field(default_factory=list)
    people: list[RemoteActor] = field(default_factory=list)

    def __post_init__(self) -> None:
        server = self.fediverse.server(self.host, "lemmy")
        root = f"{server.root}/c/{self.name}"
        self.actor = self.fediverse.group(
            self.name, self.host, featured=f"{root}/featured", attributedTo=f"{root}/moderators"
        )
        self.people = [self.fediverse.person(f"lid{n}", self.host) for n in range(5)]
        self.server = server
        self.refresh()

    @property
    def uri(self) -> str:
        return self.actor.uri

    def thread(self, title: str, *, age: timedelta = timedelta(days=1), **extra: Any) -> Json:
        """Start a thread and serve it."""
        number = len(self.threads)
        author = self.people[number % len(self.people)]
        document = {
            "id": f"{self.server.root}/post/{number}",
            "type": "Page",
            "attributedTo": author.uri,
            "name": title,
            "content": f"<p>Over {title}</p>",
            "to": [self.uri, PUBLIC],
            "cc": [],
            "audience": self.uri,
            "published": written(utcnow() - age),
            **extra,
        }
        self.threads.append(self.fediverse.put(document))
        self.comments[document["id"]] = []
        return document

    def comment(self, thread: Json, parent: Json | None = None, **extra: Any) -> Json:
        """Answer in a thread and serve that."""
        number = sum(len(found) for found in self.comments.values())
        author = self.people[number % len(self.people)]
        document = {
            "id": f"{self.server.root}/comment/{number}",
            "type": "Note",
            "attributedTo": author.uri,
            "content": f"<p>Antwoord {number}</p>",
            "inReplyTo": (parent or thread)["id"],
            "to": [PUBLIC],
            "cc": [self.uri],
            "audience": self.uri,
            "published": thread["published"],
            **extra,
        }
        self.comments[thread["id"]].append(self.fediverse.put(document))
        return document

    def refresh(self) -> None:
        """Serve outbox, featured, moderators and the list of every thread."""
        newest = sorted(self.threads, key=lambda thread: thread["published"], reverse=True)
        self._list("outbox", [self._announced(thread) for thread in newest[:INLINE]])
        self._list("featured", self.pinned)
        self._list("moderators", [person.uri for person in self.people[:2]])
        for thread in self.threads:
            ids = [thread["id"], *(found["id"] for found in self.comments[thread["id"]])]
            path = thread["id"].removeprefix(self.server.root)
            document = collection(f"{thread['id']}/context", ids)
            self.put(f"{path}/context", document)

    def put(self, path: str, document: Json) -> None:
        """Serve a document with an ETag."""
        body = json.dumps(document).encode()
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        self.server.answers[path] = Answer(body, headers={"ETag": etag})

    def announce(self, inner: Json | str) -> Json:
        """Wrap something as the group passes it on."""
        return activity("Announce", self.actor, inner, cc=[f"{self.uri}/followers"])

    def create(self, document: Json) -> Json:
        """The Create of a post or comment, by its author."""
        author = next(one for one in self.people if one.uri == document["attributedTo"])
        return activity("Create", author, document, cc=[self.uri])

    def _announced(self, thread: Json) -> Json:
        found = self.announce(self.create(thread))
        found["id"] = (
            found["id"].rpartition("/")[0] + "/announce-" + thread["id"][-6:].replace("/", "-")
        )
        return found

    def _list(self, name: str, items: list[Any]) -> None:
        self.put(f"/c/{self.name}/{name}", collection(f"{self.uri}/{name}", items))


def collection(uri: str, items: list[Any], **extra: Any) -> Json:
    """An ordered collection with its items inline."""
    return {
        "type": "OrderedCollection",
        "id": uri,
        "totalItems": len(items),
        "orderedItems": items,
        **extra,
    }
