"""Servers that follow us, and what each of their inboxes received, verified as they would."""

import json
from collections.abc import Callable
from itertools import count
from typing import Any

from flask.testing import FlaskClient

from app.accounts.models.account import Account
from app.accounts.queries import find_account_by_uri
from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.core.settings import current_settings
from app.forum.models.community import Community
from app.forum.queries.communities import find_community_by_uri
from federation.outbound.deliver import deliver_all_due
from federation.signatures.keys import lock_private_key
from federation.signatures.verify import SignedRequest, check_signature, read_signature
from federation.transport.actors import local_actor
from tests.support.fediverse import (
    ACTIVITY_JSON,
    PUBLIC,
    FakeFediverse,
    Json,
    RemoteActor,
    activity,
    key_pair,
)

_numbers = count()


def give_key(owner: Account | Community, number: int) -> None:
    """Give one of ours a key that need not be made for every test."""
    with unit_of_work():
        actor = local_actor(owner)
        pair = key_pair(number)
        actor.public_key = pair.public_pem
        actor.private_key = lock_private_key(pair.private_pem, current_settings().secret_key)


class Peers:
    """All other servers, as seen from the sending side."""

    def __init__(self, fediverse: FakeFediverse, settle: Callable[[], None]) -> None:
        self.fediverse = fediverse
        self.settle = settle

    def follower(
        self, owner: Account | Community, host: str, software: str = "lemmy", **document: Any
    ) -> RemoteActor:
        """Somebody at `host` follows one of ours; what that caused is forgotten."""
        self.fediverse.server(host, software)
        actor = self.fediverse.person("bob", host, **document)
        self.ask(actor, owner)
        self.forget()
        return actor

    def ask(self, actor: RemoteActor, owner: Account | Community) -> Json:
        """Somebody asks to follow, and we answer."""
        follow = activity("Follow", actor, owner.uri)
        self.take(follow, actor)
        self.send()
        return follow

    def account(self, actor: RemoteActor) -> Account:
        """What we know of somebody elsewhere."""
        found = find_account_by_uri(actor.uri)
        assert found is not None
        return found

    def community(self, actor: RemoteActor) -> Community:
        """What we know of a group elsewhere."""
        found = find_community_by_uri(actor.uri)
        assert found is not None
        return found

    def take(self, document: Json | bytes, signer: RemoteActor) -> None:
        """An activity arrives and is applied."""
        assert self.fediverse.deliver(document, signer).status_code == 202
        self.settle()

    def send(self) -> int:
        """Deliver all that is due."""
        count = deliver_all_due()
        session().expire_all()
        return count

    def forget(self) -> None:
        for server in self.fediverse.servers.values():
            server.posted.clear()

    def got(self, host: str) -> list[Json]:
        """Send, and return what the inboxes of a host received, each signature verified."""
        self.send()
        return [json.loads(body) for body in self.bodies(host)]

    def bodies(self, host: str) -> list[bytes]:
        server = self.fediverse.server(host)
        return [self._verified(host, *posted) for posted in server.posted]

    def kinds(self, host: str) -> list[str]:
        """Return what was received in short: `Announce(Create)`, `Announce(id)`, `Update`."""
        return [in_short(document) for document in self.got(host)]

    def _verified(self, host: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
        request = SignedRequest("POST", path, "", headers, body)
        parsed = read_signature(request, now=utcnow(), own_host=host)
        actor = fetch(self.fediverse.client, parsed.key_document)
        key = actor.get("publicKey")
        if key is not None:  # somebody who left has no document any more
            check_signature(parsed, key["publicKeyPem"])
        assert json.loads(body)["actor"] == parsed.key_document
        return body


def in_short(document: Json) -> str:
    thing = document["object"]
    if document["type"] not in {"Announce", "Undo"}:
        return str(document["type"])
    return f"{document['type']}({thing['type'] if isinstance(thing, dict) else 'id'})"


def fetch(client: FlaskClient, uri: str, accept: str = ACTIVITY_JSON) -> Json:
    """GET one of our documents; each time in another language, past the page cache."""
    language = f"nl;q=0.{next(_numbers):06}"
    answer = client.get(uri, headers={"Accept": accept, "Accept-Language": language})
    document: Json = json.loads(answer.data)
    return document


__all__ = ["PUBLIC", "Peers", "fetch", "give_key", "in_short"]
