from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select

from app.core.clock import utcnow
from app.core.db import db, session, unit_of_work
from app.moderation.models.host_rule import HostRule, HostVerdict
from federation.inbound import receive as receiving
from federation.inbound import signers
from federation.inbound.limits import Buckets
from federation.models.delivery import Delivery
from federation.models.inbox_activity import InboxActivity, InboxState
from federation.models.outbox_activity import OutboxActivity
from federation.models.peer import Peer
from federation.signatures import keys
from federation.transport.actors import local_actor
from tests.support.clock import FakeClock
from tests.support.factories import make_community
from tests.support.fediverse import FakeFediverse, RemoteActor, activity, note
from tests.support.refusals import refusing

NOTHING = (0, 0, 0, 0)
HOST_GATE = 2  # BEGIN and one question
MOST_STATEMENTS = 8


class Costs:
    """Counts what a request costs: statements, RSA operations, fetches, and times JSON was read."""

    def __init__(self, fediverse: FakeFediverse) -> None:
        self.fediverse = fediverse
        self.statements = 0
        self.verified = 0
        self.parsed = 0
        self.fetched = 0

    def of(self, request: Callable[[], object]) -> tuple[int, int, int, int]:
        self.statements = self.verified = self.parsed = 0
        before = self.fediverse.fetches
        request()
        return self.statements, self.parsed, self.fediverse.fetches - before, self.verified


@pytest.fixture
def costs(fediverse: FakeFediverse, monkeypatch: pytest.MonkeyPatch) -> Iterator[Costs]:
    counted = Costs(fediverse)
    verify, parse = keys.verify_rsa, receiving.parse_json

    def counting_verify(*arguments: object) -> bool:
        counted.verified += 1
        return verify(*arguments)  # type: ignore[arg-type]

    def counting_parse(body: bytes) -> object:
        counted.parsed += 1
        return parse(body)

    def count_statement(*_arguments: object) -> None:
        counted.statements += 1

    monkeypatch.setattr(keys, "verify_rsa", counting_verify)
    monkeypatch.setattr(receiving, "parse_json", counting_parse)
    engine = db.engine
    event.listen(engine, "before_cursor_execute", count_statement)
    yield counted
    event.remove(engine, "before_cursor_execute", count_statement)


@pytest.fixture
def bob(fediverse: FakeFediverse) -> RemoteActor:
    return fediverse.person("bob", "victim.test")


def rows() -> list[InboxActivity]:
    session().rollback()
    return list(session().scalars(select(InboxActivity)))


def test_nothing_is_spent_on_what_is_too_long_or_unsigned(
    fediverse: FakeFediverse, bob: RemoteActor, costs: Costs
) -> None:
    like = activity("Like", bob, "http://ons.test/post/y")
    unsigned = {"Signature": 'keyId="http://victim.test/k",headers="date",signature="aGk="'}
    tampered: list[dict[str, object]] = [
        {"sent_body": b"{" + b" " * 1_048_576},
        {"headers": {"Content-Type": "text/plain"}},
        {"without": ("Signature",)},
        {"headers": unsigned},
    ]

    spent = [costs.of(lambda t=t: fediverse.deliver(like, bob, **t)) for t in tampered]

    assert spent == [NOTHING] * 4


def test_host_date_digest_and_json_are_looked_at_before_any_key(
    fediverse: FakeFediverse, bob: RemoteActor, costs: Costs
) -> None:
    like = activity("Like", bob, "http://ons.test/post/y")
    fediverse.deliver(like, bob)
    long_ago = utcnow() - timedelta(hours=13)

    by_date = costs.of(lambda: fediverse.deliver(like, bob, at=long_ago))
    by_digest = costs.of(lambda: fediverse.deliver(like, bob, sent_body=b"{}"))
    by_json = costs.of(lambda: fediverse.deliver(b"[1,", bob))

    assert by_date[1:] == by_digest[1:] == (0, 0, 0)
    assert by_json[1:] == (1, 0, 0)
    assert max(by_date[0], by_digest[0], by_json[0]) <= HOST_GATE


def test_arithmetic_comes_after_the_key_and_storing_last(
    fediverse: FakeFediverse, bob: RemoteActor, costs: Costs
) -> None:
    like = activity("Like", bob, "http://ons.test/post/y")
    fediverse.deliver(activity("Like", bob, "http://ons.test/post/z"), bob)
    gone = activity("Delete", _stranger(bob), _stranger(bob).uri)

    by_stranger = costs.of(lambda: fediverse.deliver(gone, _stranger(bob)))
    by_signature = costs.of(lambda: fediverse.deliver(like, _impostor(bob)))
    accepted = costs.of(lambda: fediverse.deliver(like, bob))

    assert by_stranger[1:] == (1, 0, 0)
    assert by_signature[1:] == (1, 1, 1)
    assert accepted[1:] == (1, 0, 1)
    assert accepted[0] <= MOST_STATEMENTS


def _stranger(bob: RemoteActor) -> RemoteActor:
    return RemoteActor(
        "http://new.test/u/x", "x", "new.test", bob.keys, "http://new.test/u/x#k", {}
    )


def _impostor(bob: RemoteActor) -> RemoteActor:
    wrong = keys.generate_key_pair()
    return RemoteActor(bob.uri, bob.name, bob.host, wrong, bob.key_id, bob.document)


def test_the_very_bytes_are_kept_and_answered_with_202(
    fediverse: FakeFediverse, bob: RemoteActor
) -> None:
    body = b'{ "id":"http://victim.test/a/1",\n"type":"Like", "actor":"%s",' % bob.uri.encode()
    body += b' "object":"http://ons.test/post/x"}'

    answer = fediverse.deliver(body, bob)

    assert (answer.status_code, answer.data) == (202, b"")
    (row,) = rows()
    assert (row.body, row.state) == (body, InboxState.WAITING)
    assert (row.signer_host, row.signer_uri) == ("victim.test", bob.uri)
    assert row.type == "Like"


def test_a_duplicate_is_202_without_work(fediverse: FakeFediverse, bob: RemoteActor) -> None:
    like = activity("Like", bob, "http://ons.test/post/x")

    answers = [fediverse.deliver(like, bob, path=p).status_code for p in ("/inbox", "/inbox")]
    named = fediverse.deliver(like, bob, path="/c/toetsing/inbox").status_code

    assert [*answers, named] == [202, 202, 202]
    assert len(rows()) == 1


def test_an_unknown_type_is_202(fediverse: FakeFediverse, bob: RemoteActor) -> None:
    odd = activity("PollVote", bob, "http://ons.test/post/x")

    assert fediverse.deliver(odd, bob).status_code == 202
    assert [row.type for row in rows()] == ["PollVote"]


def test_ids_are_not_burnt_by_others(fediverse: FakeFediverse, bob: RemoteActor) -> None:
    mal = fediverse.person("mal", "evil.test")
    coming = activity("Like", bob, "http://ons.test/post/x")
    forged = {**coming, "actor": mal.uri}

    unsigned = fediverse.deliver(coming, bob, without=("Signature",))
    stolen = fediverse.deliver(forged, mal)
    genuine = fediverse.deliver(coming, bob)

    assert (unsigned.status_code, stolen.status_code) == (401, 403)
    assert genuine.status_code == 202
    assert [row.signer_uri for row in rows()] == [bob.uri]


def test_a_refused_host_is_told_so(app: Flask, fediverse: FakeFediverse, bob: RemoteActor) -> None:
    with unit_of_work():
        session().add(HostRule(host="victim.test", verdict=HostVerdict.BLOCKED))

    with refusing(app, fediverse, 403, fetches=0) as seen:
        seen.answer = fediverse.deliver(activity("Like", bob, "http://ons.test/post/x"), bob)


def test_a_flood_of_one_host_is_slowed_down_and_others_are_not(
    app: Flask, fediverse: FakeFediverse, bob: RemoteActor
) -> None:
    carol = fediverse.person("carol", "calm.test")
    now = [0.0]
    receiving.gate().hosts = Buckets(per_second=10, burst=3, seconds=lambda: now[0])

    def like(who: RemoteActor) -> int:
        return fediverse.deliver(activity("Like", who, "http://ons.test/post/x"), who).status_code

    assert [like(bob) for _ in range(3)] == [202, 202, 202]
    with refusing(app, fediverse, 429) as seen:
        seen.answer = fediverse.deliver(activity("Like", bob, "http://ons.test/post/x"), bob)
    assert seen.answer is not None
    assert seen.answer.headers["Retry-After"] == "1"
    assert like(carol) == 202
    now[0] = 1.0
    assert like(bob) == 202


def test_nobody_can_empty_the_bucket_of_another(fediverse: FakeFediverse, bob: RemoteActor) -> None:
    receiving.gate().hosts = Buckets(per_second=1, burst=2)
    like = activity("Like", bob, "http://ons.test/post/x")
    fediverse.deliver(like, bob)

    forged = [fediverse.deliver(like, _impostor(bob)).status_code for _ in range(5)]

    assert forged == [401] * 5
    assert fediverse.deliver(like, bob).status_code == 202


def test_a_delete_of_somebody_unknown_leaves_nothing(
    app: Flask, fediverse: FakeFediverse, bob: RemoteActor
) -> None:
    with refusing(app, fediverse, 202, fetches=0) as seen:
        for number in range(20):
            gone = {**activity("Delete", bob, bob.uri), "id": f"http://victim.test/d/{number}"}
            seen.answer = fediverse.deliver(gone, bob)


def test_a_peer_that_was_silent_gets_what_waited_for_it(
    fediverse: FakeFediverse, bob: RemoteActor, clock: FakeClock
) -> None:
    later = utcnow() + timedelta(hours=5)
    with unit_of_work():
        actor = local_actor(make_community("toetsing"))
        sent = OutboxActivity(type="Create", actor=actor, object_uri="x", body=b"{}")
        peer = Peer(host="victim.test", failing_since=utcnow(), retry_at=later, failures=3)
        waiting = Delivery(
            activity=sent, inbox_url="http://victim.test/inbox", host="victim.test",
            order_key="x", lane=1, next_attempt_at=later,
        )  # fmt: skip
        session().add_all([sent, peer, waiting])

    fediverse.deliver(activity("Like", bob, "http://ons.test/post/x"), bob)

    session().expire_all()
    assert peer.retry_at == waiting.next_attempt_at == peer.heard_at == utcnow()


def test_hearing_from_a_healthy_peer_writes_nothing_more(
    fediverse: FakeFediverse, bob: RemoteActor, clock: FakeClock
) -> None:
    fediverse.deliver(activity("Like", bob, "http://ons.test/post/x"), bob)
    first = utcnow()

    clock.advance(timedelta(minutes=9))
    fediverse.deliver(activity("Like", bob, "http://ons.test/post/x"), bob)

    session().expire_all()
    assert session().get_one(Peer, "victim.test").heard_at == first


def test_a_signer_is_known_when_the_activity_is_applied(
    fediverse: FakeFediverse, bob: RemoteActor
) -> None:
    fediverse.deliver(activity("Create", bob, note(bob)), bob)

    signer = signers.find_signer(bob.key_id)

    assert signer is not None
    assert (signer.uri, signer.document) == (bob.uri, None)
