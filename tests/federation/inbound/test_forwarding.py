"""What somebody else brings: believed by its actor's proof, else asked for at its origin (A027)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.core.clock import utcnow
from app.core.db import unit_of_work
from app.core.visibility import State
from app.forum.models.comment import Comment
from app.forum.queries.comments import find_comment_by_uri
from app.moderation.models.host_rule import HostVerdict
from app.moderation.services.hosts import rule_host
from federation.models.inbox_activity import InboxActivity
from federation.signatures.keys import generate_proof_key_pair
from tests.support.factories import make_account, make_community, make_post
from tests.support.fediverse import Answer, FakeFediverse, Json, RemoteActor, activity, note
from tests.support.inbox import newest_row, outcome
from tests.support.proofs import give_proof_key, prove
from tests.support.refusals import refusing

Settle = Callable[[], None]
CONTEXT = ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/data-integrity/v1"]


@pytest.fixture
def bob(fediverse: FakeFediverse) -> RemoteActor:
    """Who writes."""
    actor = fediverse.person("bob", "victim.test")
    give_proof_key(fediverse, actor)
    return actor


@pytest.fixture
def carol(fediverse: FakeFediverse) -> RemoteActor:
    """Whose server passes on what is answered to her."""
    return fediverse.person("carol", "mid.test")


@pytest.fixture
def above(fediverse: FakeFediverse, carol: RemoteActor, settle: Settle) -> Comment:
    """What carol said here, and bob answers to."""
    post = make_post(make_community("toetsing"), make_account("anna"))
    thing = note(carol, "<p>Zo doen wij het</p>", inReplyTo=post.uri)
    fediverse.deliver(activity("Create", carol, thing), carol)
    settle()
    comment = find_comment_by_uri(thing["id"])
    assert comment is not None
    return comment


def answer_to(above: Comment, bob: RemoteActor, text: str = "<p>Wij ook</p>") -> Json:
    thing = note(bob, text, inReplyTo=above.uri)
    return activity("Create", bob, thing, **{"@context": CONTEXT})


def body_of(create: Json) -> str | None:
    comment = find_comment_by_uri(create["object"]["id"])
    return None if comment is None else comment.body_html


class TestWithAProof:
    def test_it_is_believed_as_it_stands_there(
        self, fediverse: FakeFediverse, bob, carol, above: Comment, settle: Settle
    ) -> None:
        create = prove(answer_to(above, bob), bob)

        answer = fediverse.deliver(create, carol)
        settle()

        assert answer.status_code == 202
        assert outcome() == ("done", None)
        assert "Wij ook" in (body_of(create) or "")
        row = newest_row()
        assert (row.verified_by, row.signer_uri) == ("proof", bob.uri)
        assert row.signer_host == "victim.test"
        assert not any(p.startswith("/notes") for p in fediverse.server("victim.test").asked)

    def test_it_and_the_one_that_bob_sends_himself_count_once(
        self, fediverse: FakeFediverse, bob, carol, above: Comment, settle: Settle
    ) -> None:
        create = prove(answer_to(above, bob), bob)
        fediverse.deliver(create, carol)
        first = newest_row().id

        fediverse.deliver(create, bob)
        settle()

        assert newest_row().id == first

    def test_a_deletion_needs_no_more(
        self, fediverse: FakeFediverse, bob, carol, above: Comment, settle: Settle
    ) -> None:
        create = answer_to(above, bob)
        fediverse.deliver(create, bob)
        settle()
        uri = create["object"]["id"]

        fediverse.deliver(prove(activity("Delete", bob, uri), bob), carol)
        settle()

        comment = find_comment_by_uri(uri)
        assert comment is not None
        assert comment.state == State.DELETED

    def test_it_may_not_speak_for_others(
        self, app: Flask, fediverse: FakeFediverse, bob, carol, above: Comment
    ) -> None:
        create = answer_to(above, bob)
        create["object"]["attributedTo"] = "http://victim.test/u/somebody"

        with refusing(app, fediverse, 403) as seen:
            seen.answer = fediverse.deliver(prove(create, bob), carol)


class TestWithoutOne:
    def test_the_origin_is_asked_and_what_it_says_counts(
        self, fediverse: FakeFediverse, bob, carol, above: Comment, settle: Settle
    ) -> None:
        create = answer_to(above, bob)
        fediverse.put(create["object"])
        forged = {**create, "object": {**create["object"], "content": "<p>Koop nu</p>"}}

        answer = fediverse.deliver(forged, carol)
        settle()

        assert answer.status_code == 202
        assert outcome() == ("done", None)
        assert "Wij ook" in (body_of(create) or "")
        row = newest_row()
        assert (row.verified_by, row.signer_host) == ("forwarded", "mid.test")

    def test_what_the_origin_does_not_have_is_dropped(
        self, fediverse: FakeFediverse, bob, carol, above: Comment, settle: Settle
    ) -> None:
        create = answer_to(above, bob)

        answer = fediverse.deliver(create, carol)
        settle()

        assert answer.status_code == 202
        assert outcome()[0] == "refused"
        assert body_of(create) is None

    def test_it_keeps_no_genuine_one_out(
        self, fediverse: FakeFediverse, bob, carol, above: Comment, settle: Settle
    ) -> None:
        create = answer_to(above, bob)
        fediverse.deliver({**create, "object": {**create["object"], "content": "x"}}, carol)
        settle()

        fediverse.deliver(create, bob)
        settle()

        assert "Wij ook" in (body_of(create) or "")

    @pytest.mark.parametrize(
        ("served", "state"),
        [
            (Answer(status=404), State.PUBLISHED),  # it may come back (test_missed_once)
            (Answer(status=410), State.DELETED),
            (Answer(b'{"type":"Tombstone","id":"%s"}'), State.DELETED),
            (Answer(status=500), State.PUBLISHED),
            (Answer(status=403), State.PUBLISHED),
            (None, State.PUBLISHED),
        ],
    )
    def test_a_deletion_counts_when_the_origin_says_so(
        self,
        fediverse: FakeFediverse,
        bob,
        carol,
        above: Comment,
        settle: Settle,
        served: Answer | None,
        state: State,
    ) -> None:
        create = answer_to(above, bob)
        fediverse.put(create["object"])
        fediverse.deliver(create, bob)
        settle()
        uri = create["object"]["id"]
        if served is not None:
            served.body = served.body.replace(b"%s", uri.encode())
            fediverse.server("victim.test").answers[uri.removeprefix("http://victim.test")] = served

        answer = fediverse.deliver(activity("Delete", bob, uri), carol)
        settle()

        comment = find_comment_by_uri(uri)
        assert answer.status_code == 202
        assert comment is not None
        assert comment.state == state

    @pytest.mark.parametrize("kind", ["Like", "Follow", "Undo", "Announce", "Accept", "Block"])
    def test_nothing_but_texts_is_asked_for(
        self, app: Flask, fediverse: FakeFediverse, bob, carol, above: Comment, kind: str
    ) -> None:
        with refusing(app, fediverse, 401) as seen:
            seen.answer = fediverse.deliver(activity(kind, bob, above.uri), carol)

        assert seen.answer.json["reason"] == "signer-is-not-actor"

    def test_nobody_brings_what_he_has_nothing_to_do_with(
        self, app: Flask, fediverse: FakeFediverse, bob, above: Comment
    ) -> None:
        mal = fediverse.person("mal", "evil.test")

        with refusing(app, fediverse, 401) as seen:
            seen.answer = fediverse.deliver(answer_to(above, bob), mal)

    def test_the_end_of_a_person_is_not_for_others_to_tell(
        self, app: Flask, fediverse: FakeFediverse, bob, carol, above: Comment, settle: Settle
    ) -> None:
        fediverse.deliver(answer_to(above, bob), bob)
        settle()

        with refusing(app, fediverse, 401) as seen:
            seen.answer = fediverse.deliver(activity("Delete", bob, bob.uri), carol)

    def test_a_refused_host_is_not_let_in_through_another(
        self, app: Flask, fediverse: FakeFediverse, bob, carol, above: Comment
    ) -> None:
        with unit_of_work():
            rule_host("victim.test", HostVerdict.BLOCKED, "", None)
        create = prove(answer_to(above, bob), bob)

        with refusing(app, fediverse, 401) as seen:
            seen.answer = fediverse.deliver(create, carol)


def _expired(create: Json, bob: RemoteActor) -> Json:
    return prove(create, bob, at=utcnow() - timedelta(days=15))


def _of_another_origin(create: Json, bob: RemoteActor) -> Json:
    return prove(create, bob, method="http://evil.test/u/mal#ed25519-key")


def _of_another_key(create: Json, bob: RemoteActor) -> Json:
    return prove(create, bob, generate_proof_key_pair())


def _changed(create: Json, bob: RemoteActor) -> Json:
    return {**prove(create, bob), "summary": "x"}


def _twice(create: Json, bob: RemoteActor) -> Json:
    good = prove(create, bob)["proof"]
    bad = _of_another_key(create, bob)["proof"]
    return {**create, "proof": [good, bad]}


def _other_suite(create: Json, bob: RemoteActor) -> Json:
    proven = prove(create, bob)
    return {**proven, "proof": {**proven["proof"], "cryptosuite": "eddsa-rdfc-2022"}}


@pytest.mark.parametrize(
    "spoil", [_expired, _of_another_origin, _of_another_key, _changed, _twice, _other_suite]
)
def test_a027_a_bad_proof_is_none_and_the_origin_is_asked(
    fediverse: FakeFediverse,
    bob: RemoteActor,
    carol: RemoteActor,
    above: Comment,
    settle: Settle,
    spoil: Callable[[Json, RemoteActor], Json],
) -> None:
    forged: dict[str, Any] = answer_to(above, bob, "<p>Koop nu</p>")

    answer = fediverse.deliver(spoil(forged, bob), carol)
    settle()

    row: InboxActivity = newest_row()
    assert answer.status_code == 202
    assert row.verified_by == "forwarded"
    assert str(row.state) == "refused"
    assert body_of(forged) is None
