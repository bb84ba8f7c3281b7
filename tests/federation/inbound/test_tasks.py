"""Applying: in order, once, whatever happens in between."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from app.core.clock import utcnow
from app.core.db import session
from app.core.events import _listeners
from app.core.leases import take_lease
from app.forum.events import PostPublished
from app.forum.models.post import Post
from app.forum.models.vote import Vote
from app.forum.services import posts, votes
from federation.inbound import dispatch, tasks
from federation.inbound.tasks import apply_inbox
from federation.models.inbox_activity import InboxActivity, InboxState
from federation.provenance import current_inbox_activity_id
from tests.support.clock import FakeClock
from tests.support.factories import make_account, make_community, make_post
from tests.support.fediverse import FakeFediverse, RemoteActor, activity, page
from tests.support.inbox import newest_row, outcome

Settle = Callable[[], None]


class KilledError(BaseException):
    """The process ends here."""


@pytest.fixture
def bob(fediverse: FakeFediverse) -> RemoteActor:
    return fediverse.person("bob", "victim.test")


def states() -> list[str]:
    session().rollback()
    session().expire_all()
    return [str(s) for s in session().scalars(select(InboxActivity.state).order_by("id"))]


def test_a_hundred_deliveries_of_one_vote_have_one_effect(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    post = make_post(make_community("toetsing"), make_account("anna"))
    like = activity("Like", bob, post.uri)

    for number in range(100):
        other = {**like, "id": f"http://victim.test/likes/{number}"}
        fediverse.deliver(like if number % 2 else other, bob)
    settle()

    session().expire_all()
    assert session().scalar(select(func.count()).select_from(Vote)) == post.vote_count == 1
    assert set(states()) == {"done"}


def _kill_at_the_second(function: Callable[..., Any]) -> Callable[..., Any]:
    calls = [0]

    def killing(*arguments: Any, **named: Any) -> Any:
        calls[0] += 1
        if calls[0] == 2:
            raise KilledError
        return function(*arguments, **named)

    return killing


def _die_at_the_end(function: Callable[..., Any]) -> Callable[..., Any]:
    calls = [0]

    def applying(*arguments: Any) -> Any:
        outcome = function(*arguments)
        calls[0] += 1
        if calls[0] == 3:
            raise KilledError
        return outcome

    return applying


STEPS: dict[str, tuple[object, str, Callable[..., Any]]] = {
    "before the service": (posts, "publish_post", _kill_at_the_second),
    "after the flush": (posts, "emit", _kill_at_the_second),
    "before the outcome": (dispatch, "_finish", _kill_at_the_second),
    "before the commit": (tasks, "apply_row", _die_at_the_end),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_between_any_two_steps_loses_and_doubles_nothing(
    fediverse: FakeFediverse,
    bob: RemoteActor,
    monkeypatch: pytest.MonkeyPatch,
    settle: Settle,
    step: str,
) -> None:
    community = make_community("toetsing")
    for number in range(3):
        thing = page(bob, community.uri, f"Bericht {number}")
        fediverse.deliver(activity("Create", bob, thing), bob)
    module, name, killer = STEPS[step]

    with monkeypatch.context() as patch:
        patch.setattr(tasks, "BATCH_SECONDS", 60.0)
        patch.setattr(module, name, killer(getattr(module, name)))
        with pytest.raises(KilledError):
            apply_inbox()

    assert states() == ["waiting"] * 3
    assert session().scalar(select(func.count()).select_from(Post)) == 0
    settle()
    assert states() == ["done"] * 3
    titles = session().scalars(select(Post.title).order_by(Post.id)).all()
    assert titles == ["Bericht 0", "Bericht 1", "Bericht 2"]
    session().expire_all()
    assert community.post_count == 3


def test_one_odd_activity_does_not_stop_the_others(
    fediverse: FakeFediverse,
    bob: RemoteActor,
    monkeypatch: pytest.MonkeyPatch,
    clock: FakeClock,
) -> None:
    post = make_post(make_community("toetsing"), make_account("anna"))
    other = make_post(post.community, post.author, "Nog een")
    cast = votes.cast_vote

    def cast_vote(account: object, target: Post, **named: object) -> object:
        if target.id == post.id:
            raise ZeroDivisionError
        return cast(account, target, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(votes, "cast_vote", cast_vote)
    for target in (post, other):
        fediverse.deliver(activity("Like", bob, target.uri), bob)

    apply_inbox()

    assert states() == ["waiting", "done"]
    for _ in range(4):
        clock.advance(timedelta(hours=1))
        apply_inbox()
    assert states() == ["failed", "done"]
    first = session().scalars(select(InboxActivity).order_by(InboxActivity.id)).first()
    assert first is not None
    assert (first.reason, first.attempts) == ("ZeroDivisionError", 5)


def test_trouble_with_the_database_is_no_fault_of_the_activity(
    fediverse: FakeFediverse, bob: RemoteActor, monkeypatch: pytest.MonkeyPatch, settle: Settle
) -> None:
    post = make_post(make_community("toetsing"), make_account("anna"))
    fediverse.deliver(activity("Like", bob, post.uri), bob)

    def locked(*_arguments: object, **_named: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    with monkeypatch.context() as patch:
        patch.setattr(votes, "cast_vote", locked)
        with pytest.raises(OperationalError):
            apply_inbox()

    assert newest_row().attempts == 0
    settle()
    assert outcome() == ("done", None)


def test_there_is_one_applier_at_a_time(fediverse: FakeFediverse, bob: RemoteActor) -> None:
    fediverse.deliver(activity("Like", bob, "http://ons.test/post/x"), bob)
    assert take_lease("inbox", "somebody else")

    assert apply_inbox() == 0

    assert states() == ["waiting"]


def test_a010_without_a_signer_nothing_is_applied(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    thing = page(bob, make_community("toetsing").uri)
    fediverse.deliver(activity("Create", bob, thing), bob)
    newest_row().signer_uri = ""
    session().commit()

    settle()

    assert outcome() == ("refused", "no-signer")


def test_events_know_which_activity_caused_them(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[int | None] = []
    listeners = {"test": lambda _event: heard.append(current_inbox_activity_id())}
    monkeypatch.setitem(_listeners, PostPublished, listeners)
    fediverse.deliver(activity("Create", bob, page(bob, make_community("toetsing").uri)), bob)

    settle()

    assert heard == [newest_row().id]
    assert current_inbox_activity_id() is None


def test_what_waits_for_later_is_left_alone(
    fediverse: FakeFediverse, bob: RemoteActor, clock: FakeClock
) -> None:
    fediverse.deliver(activity("Like", bob, "http://ons.test/post/x"), bob)
    newest_row().next_attempt_at = utcnow() + timedelta(minutes=1)
    session().commit()

    assert apply_inbox() == 0
    clock.advance(timedelta(minutes=1))
    assert apply_inbox() == 1
    assert newest_row().state == InboxState.REFUSED
