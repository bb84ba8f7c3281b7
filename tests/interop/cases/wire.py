"""Signatures, proofs and repeats: rows 68 to 70, 73, 74, 85."""

import hashlib
import json
import re
from datetime import timedelta
from typing import Any

from app.core.clock import utcnow
from app.core.db import session
from app.forum.models.post import Post
from federation.models.peer import Peer, Scheme
from federation.signatures.sign import MessageSigner, sign_request
from tests.interop.cases.case import Case
from tests.interop.stage import OURS, Json, Stage
from tests.readers import proof
from tests.readers.signatures import Delivered, UnsignedError

NO_BLANKS = re.compile(
    r'keyId="[^" ]+#main-key",algorithm="rsa-sha256",'
    r'headers="\(request-target\) host date (?:collection-synchronization )?digest content-type",'
    r'signature="[A-Za-z0-9+/=]+"'
)

SYNCHRONIZATION = "collection-synchronization"
_MEMBER = re.compile(r'(\w+)="([^"]*)"')


def follow_and_publish(stage: Stage) -> Post:
    """Bob follows; anna starts a thread."""
    stage.follow()
    return stage.publish()


def is_signed_plainly(stage: Stage, post: Post) -> None:
    """Each request was verified as this peer does; the header has the one form that all split."""
    assert stage.server.posted
    for _path, _body, headers in stage.server.posted:
        assert NO_BLANKS.fullmatch(headers["signature"])
        assert headers["content-type"] == "application/activity+json"
    assert post.uri in stage.peer.shown.threads or post.uri in stage.peer.shown.boosts


def refuse_cavage(stage: Stage) -> Post:
    """The peer reads RFC 9421 only (where it can read that at all)."""
    if stage.peer.name == "mastodon":
        stage.server.answer_to = _only_messages
    return follow_and_publish(stage)


def _only_messages(delivered: Delivered, _activity: Json) -> int:
    """Answer as an inbox that knows no other signature."""
    if "signature-input" not in delivered.headers:
        raise UnsignedError("only RFC 9421")
    return 202


def second_knock_is_read(stage: Stage, post: Post) -> None:
    """The second knock is a message signature that holds, and from then on it is the first."""
    tried = ["signature-input" in headers for _path, _body, headers in stage.server.posted]

    assert tried[:2] == [False, True]
    assert all(tried[1:])
    assert post.uri in stage.peer.shown.boosts
    peer = session().get_one(Peer, stage.peer.host)
    assert peer.scheme == Scheme.RFC9421


def is_never_tried(stage: Stage, _post: Post) -> None:
    """What the peer could not read is not sent first."""
    assert [one for one in stage.server.posted if "signature-input" in one[2]] == []


def sign_messages(stage: Stage) -> Json:
    """Bob's server signs by RFC 9421."""
    thing = stage.fediverse.put(stage.peer.thread(stage.bob, stage.toetsing.uri, "Wie weet dit?"))
    body = json.dumps(stage.peer.create(stage.bob, thing)).encode()
    signer = MessageSigner(stage.bob.signing_key)
    headers = signer.sign("POST", f"http://{OURS}/inbox", body, utcnow())
    base = f"http://{OURS}"
    answer = stage.fediverse.client.post("/inbox", data=body, headers=headers, base_url=base)
    assert answer.status_code == 202
    stage.settle()
    return thing


def is_taken(stage: Stage, thing: Json) -> None:
    """It stands here like any other."""
    assert stage.found(thing["id"]).author.uri == stage.bob.uri


def all_are_proven(stage: Stage, _post: Post) -> None:
    """A stranger can verify what our people and communities say, without the transport."""
    said = [one for one in stage.received() if one["type"] in {"Create", "Announce"}]

    assert said
    for one in said:
        proof.check(one, stage.get)


def proofs_do_no_harm(stage: Stage, _post: Any) -> None:
    """Who does not know them reads everything else."""
    assert stage.peer.shown.refused == []


def compares_followers(stage: Stage, _post: Post) -> None:
    """Each delivery to followers tells their digest; asked with a signature, who they are."""
    headers = [headers for _path, _body, headers in stage.server.posted]
    told = [one[SYNCHRONIZATION] for one in headers if SYNCHRONIZATION in one]
    members = dict(_MEMBER.findall(told[-1]))
    plain = hashlib.sha256(stage.bob.uri.encode()).hexdigest()

    assert members["collectionId"] == stage.fetch(stage.toetsing.uri)["followers"]
    assert members["digest"] == plain
    signed = sign_request("GET", members["url"], None, stage.bob.signing_key, utcnow())
    accept = {"Accept": "application/activity+json"}
    client, base = stage.fediverse.client, f"http://{OURS}"
    answer = client.get(members["url"], headers={**signed, **accept}, base_url=base)
    assert json.loads(answer.data)["orderedItems"] == [stage.bob.uri]


def come_again(stage: Stage) -> Json:
    """What we did not take at once comes again: an hour later, the next day, twice."""
    thing = stage.fediverse.put(stage.peer.thread(stage.bob, stage.toetsing.uri, "Wie weet dit?"))
    create = stage.peer.create(stage.bob, thing)
    for hours in (0, 1, 11):
        at = utcnow() - timedelta(hours=hours)
        answer = stage.fediverse.deliver(create, stage.bob, at=at)
        assert answer.status_code == 202
        stage.settle()
    return thing


def stands_once(stage: Stage, thing: Json) -> None:
    """It is here, once."""
    assert stage.found(thing["id"]).is_published
    assert session().query(Post).count() == 1


CASES = {
    68: Case(follow_and_publish, is_signed_plainly),
    69: Case(refuse_cavage, second_knock_is_read, is_never_tried),
    70: Case(sign_messages, is_taken, is_taken),
    73: Case(follow_and_publish, all_are_proven, proofs_do_no_harm),
    74: Case(follow_and_publish, compares_followers),
    85: Case(come_again, stands_once, stands_once),
}
