"""People of other servers: known here, with keys, and with activities ready to be posted."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from app.core.clock import utcnow
from app.core.db import unit_of_work
from app.forum.models.community import Community
from app.forum.services.memberships import join_community
from federation.dereference.actors import keep_actor
from federation.signatures.keys import KeyPair, generate_key_pair
from federation.signatures.sign import SigningKey, sign_request
from federation.vocab.parse import parse_actor
from tests.bench.load import post_request
from tests.bench.server import Place

AS = "https://www.w3.org/ns/activitystreams"
PUBLIC = f"{AS}#Public"
KEY_PAIRS = 20
Json = dict[str, object]


@dataclass(frozen=True)
class Sender:
    """Somebody on another server."""

    host: str
    keys: KeyPair

    @property
    def uri(self) -> str:
        """The id of this person."""
        return f"http://{self.host}/u/volger"

    @property
    def key(self) -> SigningKey:
        """What this person signs with."""
        return SigningKey(f"{self.uri}#main-key", self.keys.private_pem)

    def document(self) -> Json:
        """The actor as most servers describe one."""
        return {
            "@context": [AS, "https://w3id.org/security/v1"],
            "id": self.uri,
            "type": "Person",
            "preferredUsername": "volger",
            "inbox": f"{self.uri}/inbox",
            "outbox": f"{self.uri}/outbox",
            "followers": f"{self.uri}/followers",
            "endpoints": {"sharedInbox": f"http://{self.host}/inbox"},
            "publicKey": {
                "id": f"{self.uri}#main-key",
                "owner": self.uri,
                "publicKeyPem": self.keys.public_pem,
            },
        }

    def document_bytes(self) -> bytes:
        """The actor document as it goes over the wire."""
        return json.dumps(self.document()).encode()

    def new_id(self, kind: str) -> str:
        """Return a fresh id on this person's server."""
        return f"http://{self.host}/{kind}/{secrets.token_hex(8)}"


def make_senders(hosts: Sequence[str]) -> list[Sender]:
    """Make one person per host; key pairs are shared by some, as making them is slow."""
    pairs = [generate_key_pair() for _ in range(min(KEY_PAIRS, len(hosts)))]
    return [Sender(host, pairs[n % len(pairs)]) for n, host in enumerate(hosts)]


def get_to_know(senders: Sequence[Sender]) -> None:
    """Store the senders as fetched a moment ago, inside the application's context."""
    with unit_of_work():
        for sender in senders:
            keep_actor(parse_actor(sender.document()))


def let_follow(senders: Sequence[Sender], community: Community) -> None:
    """Let people of other servers follow one of our communities."""
    with unit_of_work():
        for sender in senders:
            account = keep_actor(parse_actor(sender.document())).account
            assert account is not None
            join_community(account, community, request_uri=sender.new_id("follow"))


def prepare_posts(
    place: Place, senders: Sequence[Sender], community_uri: str, targets: Sequence[str]
) -> list[bytes]:
    """Return one signed POST per target: by turns an answer to it and a vote for it.

    Senders take turns, so that no server sends more than its share.
    """
    made = []
    for number, target in enumerate(targets):
        sender = senders[number % len(senders)]
        is_answer = (number // len(senders)) % 2 == 0
        activity = (
            _create(sender, community_uri, target)
            if is_answer
            else _like(sender, community_uri, target)
        )
        made.append(_signed(place, sender, activity))
    return made


def _signed(place: Place, sender: Sender, activity: Json) -> bytes:
    body = json.dumps(activity).encode()
    headers = sign_request("POST", f"{place.base_url}/inbox", body, sender.key, utcnow())
    return post_request("/inbox", headers, body)


def _create(sender: Sender, community_uri: str, target: str) -> Json:
    now = utcnow().isoformat(timespec="seconds").replace("+00:00", "Z")
    note = {
        "id": sender.new_id("notes"),
        "type": "Note",
        "attributedTo": sender.uri,
        "inReplyTo": target,
        "to": [PUBLIC],
        "cc": [community_uri],
        "content": "<p>Wij doen dit met een <b>rubric</b> en een gesprek achteraf.</p>",
        "published": now,
    }
    return {
        "@context": AS,
        "id": sender.new_id("create"),
        "type": "Create",
        "actor": sender.uri,
        "to": [PUBLIC],
        "cc": [community_uri],
        "published": now,
        "object": note,
    }


def _like(sender: Sender, community_uri: str, target: str) -> Json:
    return {
        "@context": AS,
        "id": sender.new_id("like"),
        "type": "Like",
        "actor": sender.uri,
        "to": [community_uri],
        "object": target,
    }
