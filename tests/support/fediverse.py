"""Other servers, in memory: actors, objects, WebFinger and NodeInfo over the real HTTP client.

A FakeFediverse mounts a small WSGI application per host on the client of the application under
test; everything between (signatures, JSON, redirects, limits) is the real thing. `deliver` signs a
POST with the real key of its actor and hands it to our inbox.
"""

import json
import secrets
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from werkzeug.test import TestResponse

from app.core.clock import utcnow
from app.core.db import unit_of_work
from app.core.outgoing import http_client
from app.core.settings import current_settings
from federation.signatures.keys import KeyPair, generate_key_pair, lock_private_key
from federation.signatures.sign import SigningKey, sign_request
from federation.transport.actors import local_actor
from tests.support.wsgi_adapter import WsgiAdapter

AS = "https://www.w3.org/ns/activitystreams"
PUBLIC = f"{AS}#Public"
ACTIVITY_JSON = "application/activity+json"
Json = dict[str, Any]


@cache
def key_pair(number: int) -> KeyPair:
    """One of a few real key pairs: making them is slow."""
    return generate_key_pair()


@dataclass
class Answer:
    """What a path answers: a document, a status, or both."""

    body: bytes = b""
    status: int = 200
    content_type: str = ACTIVITY_JSON
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class RemoteActor:
    """Somebody elsewhere, with a key."""

    uri: str
    name: str
    host: str
    keys: KeyPair
    key_id: str
    document: Json

    @property
    def signing_key(self) -> SigningKey:
        """What this actor signs with."""
        return SigningKey(self.key_id, self.keys.private_pem)


@dataclass
class RemoteServer:
    """One host: what stands at each path, and who asked for it."""

    host: str
    software: str = "mastodon"
    answers: dict[str, Answer | Callable[[], Answer]] = field(default_factory=dict)
    handles: dict[str, list[Json]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    seen: list[Json] = field(default_factory=list)
    posted: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)
    down: int = 0
    inbox_status: int = 202
    inbox_body: bytes = b""
    requires_signature: bool = False
    refuses_signature: bool = False

    @property
    def root(self) -> str:
        return f"http://{self.host}"

    def put(self, path: str, document: Json | bytes, **fields: Any) -> None:
        """Serve a document at a path."""
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.answers[path] = Answer(body, **fields)

    def __call__(self, environ: Json, start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        self.asked[path] += 1
        headers = {"content-type": environ.get("CONTENT_TYPE", "")} | {
            k[5:].lower().replace("_", "-"): v for k, v in environ.items() if k.startswith("HTTP_")
        }
        self.seen.append({"method": environ["REQUEST_METHOD"], "path": path, "headers": headers})
        answer = self._answer(environ, path, headers)
        reply = {"Content-Type": answer.content_type, **answer.headers}
        start_response(f"{answer.status} Whatever", list(reply.items()))
        return [answer.body]

    def _answer(self, environ: Json, path: str, headers: dict[str, str]) -> Answer:
        if self.down:
            return Answer(status=self.down)
        if environ["REQUEST_METHOD"] == "POST":
            self.posted.append((path, environ["wsgi.input"].read(), headers))
            return Answer(self.inbox_body, self.inbox_status)
        if path == "/.well-known/webfinger":
            return self._webfinger(parse_qs(environ["QUERY_STRING"]).get("resource", [""])[0])
        if path.startswith(("/.well-known/nodeinfo", "/nodeinfo")) and path not in self.answers:
            return self._nodeinfo(path)
        return self._listed(path, environ["QUERY_STRING"], headers)

    def _listed(self, path: str, query: str, headers: dict[str, str]) -> Answer:
        asked = f"{path}?{query}" if f"{path}?{query}" in self.answers else path
        found = self._document(asked, is_signed="signature" in headers)
        is_known = found.headers.get("ETag", "") == headers.get("if-none-match")
        return Answer(status=304) if is_known else found

    def _document(self, path: str, *, is_signed: bool) -> Answer:
        if self.refuses_signature if is_signed else self.requires_signature:
            return Answer(status=401)
        found = self.answers.get(path, Answer(status=404))
        return found() if callable(found) else found

    def _webfinger(self, resource: str) -> Answer:
        links = self.handles.get(resource.removeprefix("acct:").lower())
        if links is None:
            return Answer(status=404)
        jrd = {"subject": resource, "links": links}
        return Answer(json.dumps(jrd).encode(), content_type="application/jrd+json")

    def _nodeinfo(self, path: str) -> Answer:
        if path == "/.well-known/nodeinfo":
            rel = "http://nodeinfo.diaspora.software/ns/schema/2.0"
            index = {"links": [{"rel": rel, "href": f"{self.root}/nodeinfo/2.0"}]}
            return Answer(json.dumps(index).encode(), content_type="application/json")
        found = {"version": "2.0", "software": {"name": self.software, "version": "1.2.3"}}
        return Answer(json.dumps(found).encode(), content_type="application/json")


class FakeFediverse:
    """All other servers, and the inbox of ours."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()
        self.servers: dict[str, RemoteServer] = {}
        self._keys = 0
        with app.app_context():
            _give_own_key()

    @property
    def fetches(self) -> int:
        """How many GETs all servers together have had."""
        return sum(server.asked.total() for server in self.servers.values())

    def server(self, host: str, software: str = "mastodon") -> RemoteServer:
        """Return a server, made and mounted at first use."""
        if host not in self.servers:
            made = self.servers[host] = RemoteServer(host, software)
            with self.app.app_context():
                http_client().mount(f"http://{host}/", WsgiAdapter(made))
        return self.servers[host]

    def person(self, name: str, host: str, **extra: Any) -> RemoteActor:
        """Make a person with a document, a key and a handle."""
        return self._actor("Person", name, host, f"/u/{name}", extra)

    def group(self, name: str, host: str, **extra: Any) -> RemoteActor:
        """Make a group with a document, a key and a handle."""
        return self._actor("Group", name, host, f"/c/{name}", extra)

    def at(self, uri: str, kind: str = "Person") -> RemoteActor:
        """Make an actor at an address of its own server's taste."""
        parts = urlsplit(uri)
        name = parts.path.strip("/").rpartition("/")[2].lstrip("@") or parts.netloc
        return self._actor(kind, name, parts.netloc, parts.path, {})

    def put(self, document: Json) -> Json:
        """Serve a document at its own id."""
        parts = urlsplit(document["id"])
        self.server(parts.netloc).put(parts.path, document)
        return document

    def rotate_key(self, actor: RemoteActor) -> None:
        """Give an actor another key under the same key id."""
        self._keys += 1
        actor.keys = key_pair(self._keys % 6)
        actor.document["publicKey"]["publicKeyPem"] = actor.keys.public_pem
        self.put(actor.document)

    def deliver(
        self,
        activity: Json | bytes,
        signer: RemoteActor,
        *,
        path: str = "/inbox",
        headers: dict[str, str] | None = None,
        without: tuple[str, ...] = (),
        **changes: Any,
    ) -> TestResponse:
        """POST an activity to us, signed now; `headers` and `without` tamper after signing."""
        body = activity if isinstance(activity, bytes) else json.dumps(activity).encode()
        base = self.app.config["VERBINDPLAATS"].base_url
        url = f"{base}{changes.get('signed_path', path)}"
        signed = sign_request("POST", url, body, signer.signing_key, changes.get("at") or utcnow())
        signed = {k: v for k, v in {**signed, **(headers or {})}.items() if k not in without}
        sent = changes.get("sent_body", body)
        return self.client.post(path, data=sent, headers=signed, base_url=base)

    def _actor(self, kind: str, name: str, host: str, path: str, extra: Json) -> RemoteActor:
        server = self.server(host)
        self._keys += 1
        keys = key_pair(self._keys % 6)
        uri = f"{server.root}{path}"
        document = actor_document(kind, uri, name, keys.public_pem, **extra)
        actor = RemoteActor(uri, name, host, keys, f"{uri}#main-key", document)
        self.put(document)
        link = {"rel": "self", "type": ACTIVITY_JSON, "href": uri}
        link["properties"] = {f"{AS}#type": kind}
        server.handles.setdefault(f"{name}@{host}", []).append(link)
        return actor


def _give_own_key() -> None:
    """Give our own server a key that need not be made for every test."""
    with unit_of_work():
        own = local_actor(None)
        if own.private_key is None:
            pair = key_pair(-1)
            own.public_key = pair.public_pem
            own.private_key = lock_private_key(pair.private_pem, current_settings().secret_key)


def actor_document(kind: str, uri: str, name: str, public_pem: str, **extra: Any) -> Json:
    """An actor as most servers describe one."""
    root = f"http://{urlsplit(uri).netloc}"
    return {
        "@context": [AS, "https://w3id.org/security/v1"],
        "id": uri,
        "type": kind,
        "preferredUsername": name,
        "name": name.title(),
        "inbox": f"{uri}/inbox",
        "outbox": f"{uri}/outbox",
        "followers": f"{uri}/followers",
        "endpoints": {"sharedInbox": f"{root}/inbox"},
        "publicKey": {"id": f"{uri}#main-key", "owner": uri, "publicKeyPem": public_pem},
        **({"attributedTo": f"{uri}/moderators"} if kind == "Group" else {}),
        **extra,
    }


def new_id(actor: RemoteActor, kind: str = "activities") -> str:
    """A fresh id on the server of an actor."""
    return f"http://{actor.host}/{kind}/{secrets.token_hex(8)}"


def activity(kind: str, actor: RemoteActor, thing: Any, **extra: Any) -> Json:
    """An activity of an actor about something."""
    return {
        "@context": AS,
        "id": new_id(actor),
        "type": kind,
        "actor": actor.uri,
        "object": thing,
        "to": [PUBLIC],
        "cc": [],
        **extra,
    }


def note(author: RemoteActor, content: str = "<p>Hallo</p>", **extra: Any) -> Json:
    return {
        "id": new_id(author, "notes"),
        "type": "Note",
        "attributedTo": author.uri,
        "content": content,
        "to": [PUBLIC],
        "cc": [],
        "published": utcnow().isoformat().replace("+00:00", "Z"),
        **extra,
    }


def page(author: RemoteActor, group_uri: str, name: str = "Een titel", **extra: Any) -> Json:
    """A thread as Lemmy writes it."""
    return {
        **note(author, "<p>Wat vinden jullie?</p>"),
        "type": "Page",
        "name": name,
        "to": [group_uri, PUBLIC],
        "audience": group_uri,
        **extra,
    }
