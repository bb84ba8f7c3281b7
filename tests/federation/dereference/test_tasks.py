from collections.abc import Callable
from datetime import timedelta

import pytest

from app.accounts.queries import find_account_by_uri
from app.core.clock import utcnow
from app.core.db import session
from app.forum.queries.posts import find_post_by_uri
from federation.dereference import tasks
from federation.dereference.actors import find_remote_actor
from federation.dereference.tasks import fetch_due, refresh_stale_actors
from federation.inbound import dispatch
from federation.inbound.tasks import apply_inbox
from tests.support.clock import FakeClock
from tests.support.factories import make_community
from tests.support.fediverse import Answer, FakeFediverse, RemoteActor, activity, note, page
from tests.support.inbox import newest_row, outcome

Settle = Callable[[], None]


@pytest.fixture
def bob(fediverse: FakeFediverse) -> RemoteActor:
    return fediverse.person("bob", "victim.test")


@pytest.fixture
def waiting(fediverse: FakeFediverse, bob: RemoteActor) -> dict[str, object]:
    """A post by carol, whose answer by bob waits for it."""
    carol = fediverse.person("carol", "calm.test")
    thread = fediverse.put(page(carol, make_community("toetsing").uri))
    fediverse.deliver(activity("Create", bob, note(bob, inReplyTo=thread["id"])), bob)
    apply_inbox()
    return thread


def test_a_silent_peer_is_asked_again_later(
    fediverse: FakeFediverse, clock: FakeClock, waiting: dict[str, object]
) -> None:
    fediverse.server("calm.test").down = 503

    fetch_due()

    row = newest_row()
    assert (row.state, row.attempts, row.reason) == ("fetching", 1, "status-503")
    assert timedelta(seconds=15) <= row.next_attempt_at - utcnow() <= timedelta(seconds=30)
    fediverse.server("calm.test").down = 0
    clock.advance(timedelta(seconds=31))
    fetch_due()
    apply_inbox()
    assert outcome() == ("done", None)
    assert find_post_by_uri(str(waiting["id"])) is not None


def test_a_peer_that_stays_silent_ends_the_wait(
    fediverse: FakeFediverse, clock: FakeClock, waiting: dict[str, object]
) -> None:
    fediverse.server("calm.test").down = 503

    for _ in range(12):
        fetch_due()
        clock.advance(timedelta(hours=7))
    apply_inbox()

    assert outcome() == ("orphaned", "unreachable: status-503")


def test_an_accident_while_applying_does_not_hide_that_a_document_cannot_be_had(
    fediverse: FakeFediverse,
    clock: FakeClock,
    waiting: dict[str, object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fediverse.server("calm.test").down = 503
    for _ in range(12):
        fetch_due()
        clock.advance(timedelta(hours=7))

    with monkeypatch.context() as patch:
        patch.setattr(dispatch, "apply_activity", lambda *_arguments: 1 / 0)
        apply_inbox()
    clock.advance(timedelta(hours=1))
    apply_inbox()

    assert outcome() == ("orphaned", "unreachable: status-503")
    assert newest_row().attempts > 0


def test_an_accident_while_fetching_is_tried_again(
    fediverse: FakeFediverse,
    clock: FakeClock,
    waiting: dict[str, object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stumble(*_arguments: object, **_named: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(tasks.Chase, "bring", stumble)
        fetch_due()

    assert newest_row().reason == "ZeroDivisionError"
    clock.advance(timedelta(minutes=1))
    fetch_due()
    apply_inbox()
    assert outcome() == ("done", None)


def test_what_another_worker_fetches_is_left_to_it(
    fediverse: FakeFediverse, clock: FakeClock, waiting: dict[str, object]
) -> None:
    newest_row().lease_until = utcnow() + timedelta(seconds=60)
    session().commit()

    fetch_due()
    assert not fediverse.server("calm.test").asked

    clock.advance(timedelta(seconds=61))
    fetch_due()
    assert fediverse.server("calm.test").asked


def test_actors_of_yesterday_are_looked_at_again_when_they_speak(
    fediverse: FakeFediverse, bob: RemoteActor, clock: FakeClock
) -> None:
    fediverse.deliver(activity("Like", bob, "http://ons.test/post/x"), bob)
    fediverse.put({**bob.document, "name": "Bob de Bouwer"})
    refresh_stale_actors()
    account = find_account_by_uri(bob.uri)
    assert account is not None
    assert account.display_name == "Bob"

    clock.advance(timedelta(hours=25))
    refresh_stale_actors()
    assert fediverse.server("victim.test").asked["/u/bob"] == 1
    fediverse.deliver(activity("Like", bob, "http://ons.test/post/y"), bob)
    refresh_stale_actors()

    session().expire_all()
    assert account.display_name == "Bob de Bouwer"


def test_an_actor_that_is_gone_is_noted_and_not_asked_for_again(
    fediverse: FakeFediverse, bob: RemoteActor, clock: FakeClock
) -> None:
    fediverse.deliver(activity("Like", bob, "http://ons.test/post/x"), bob)
    fediverse.server("victim.test").answers["/u/bob"] = Answer(status=410)
    clock.advance(timedelta(hours=25))
    fediverse.deliver(activity("Like", bob, "http://ons.test/post/y"), bob)

    refresh_stale_actors()
    refresh_stale_actors()

    session().expire_all()
    actor = find_remote_actor(bob.uri)
    assert actor is not None
    assert actor.gone_at == utcnow()
    assert fediverse.server("victim.test").asked["/u/bob"] == 2


@pytest.mark.parametrize(("status", "state"), [(410, "deleted"), (404, "active")])
def test_who_is_gone_for_good_is_forgotten_and_who_is_not_found_is_not(
    fediverse: FakeFediverse, bob: RemoteActor, clock: FakeClock, status: int, state: str
) -> None:
    fediverse.deliver(activity("Like", bob, "http://ons.test/post/x"), bob)
    fediverse.server("victim.test").answers["/u/bob"] = Answer(status=status)
    clock.advance(timedelta(hours=25))
    fediverse.deliver(activity("Like", bob, "http://ons.test/post/y"), bob)

    refresh_stale_actors()

    session().expire_all()
    account = find_account_by_uri(bob.uri)
    assert account is not None
    assert account.state == state


def test_the_texts_of_who_is_gone_for_good_are_read_no_more(
    fediverse: FakeFediverse, bob: RemoteActor, clock: FakeClock
) -> None:
    asked = page(bob, make_community("toetsing").uri, name="Wie heeft een rubric?")
    fediverse.deliver(activity("Create", bob, fediverse.put(asked)), bob)
    apply_inbox()
    post = find_post_by_uri(asked["id"])
    assert post is not None
    assert post.is_published
    fediverse.server("victim.test").answers["/u/bob"] = Answer(status=410)
    clock.advance(timedelta(hours=25))
    fediverse.deliver(activity("Like", bob, "http://ons.test/post/y"), bob)

    refresh_stale_actors()

    session().expire_all()
    assert (post.state, post.body_html) == ("deleted", "")
    assert "Wie heeft een rubric?" not in fediverse.client.get("/c/toetsing").text
