"""Servers that let us wait: they keep neither our threads nor our attention (D018, A106)."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event

import pytest
from celery import Task
from flask import Flask

from app.forum.models.community import Community
from federation.dereference import chase as chasing
from federation.dereference.chase import Chase
from federation.dereference.claims import check_claims
from federation.dereference.follower_checks import check_followers
from federation.dereference.inboxes import check_missing_inboxes
from federation.dereference.keys import KeyRing
from federation.dereference.pace import PausedError
from federation.dereference.tasks import fetch_due, refresh_stale_actors
from federation.dereference.turns import one_at_a_time
from federation.errors import UnavailableError, UnverifiedError
from federation.inbound.tasks import apply_inbox
from federation.transport.client import activity_client
from tests.support.factories import make_account, make_community
from tests.support.fediverse import Answer, FakeFediverse, RemoteActor, activity, note, page

PATIENCE = 60.0  # of a test that is going to fail


@dataclass
class Tarpit:
    """What servers of ill will answer: nothing, until the test is over."""

    over: Event = field(default_factory=Event)
    held: list[str] = field(default_factory=list)

    def hold(self, path: str) -> Callable[[], Answer]:
        def answer() -> Answer:
            self.held.append(path)
            self.over.wait(PATIENCE)
            return Answer(status=404)

        return answer


@pytest.fixture
def tarpit() -> Iterator[Tarpit]:
    made = Tarpit()
    yield made
    made.over.set()


@pytest.fixture
def group(fediverse: FakeFediverse) -> Community:
    return make_community("toetsing", owner=make_account("anna"))


def have_fetched(
    fediverse: FakeFediverse, group: Community, by: RemoteActor, answer: Callable[[], Answer]
) -> None:
    """Let somebody answer a thread of which only `answer` tells more."""
    thread = page(by, group.uri)
    fediverse.server(by.host).answers[f"/{thread['id'].split('/', 3)[3]}"] = answer
    fediverse.deliver(activity("Create", by, note(by, inReplyTo=thread["id"])), by)


def run_here(app: Flask, task: Callable[[], None]) -> None:
    with app.app_context():
        task()


def test_one_that_lets_us_wait_holds_up_nobody_else(
    fediverse: FakeFediverse, group: Community, tarpit: Tarpit
) -> None:
    mal = [fediverse.person("mal", f"{name}.evil.test") for name in "abcdef"]
    for number in range(12):
        have_fetched(fediverse, group, mal[number % 6], tarpit.hold(str(number)))
    is_asked = Event()

    def answer() -> Answer:
        is_asked.set()
        return Answer(status=404)

    have_fetched(fediverse, group, fediverse.person("bob", "calm.test"), answer)
    apply_inbox()
    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(run_here, fediverse.app, fetch_due)
        was_asked = is_asked.wait(PATIENCE)
        held = len(tarpit.held)
        tarpit.over.set()
        running.result(PATIENCE)

    assert was_asked
    assert held <= 3


def test_a_second_run_keeps_no_second_thread(
    fediverse: FakeFediverse, group: Community, tarpit: Tarpit
) -> None:
    is_asked = Event()

    def answer() -> Answer:
        is_asked.set()
        return tarpit.hold("first")()

    mal = fediverse.person("mal", "evil.test")
    have_fetched(fediverse, group, mal, answer)
    for number in range(9):
        have_fetched(fediverse, group, mal, tarpit.hold(str(number)))
    apply_inbox()
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(run_here, fediverse.app, fetch_due)
        assert is_asked.wait(PATIENCE)
        second = threads.submit(run_here, fediverse.app, fetch_due)
        second.result(PATIENCE / 2)  # while the first is still held
        is_first_running = not first.done()
        tarpit.over.set()

    assert is_first_running


def test_an_errand_ends_in_time_and_keeps_what_it_has(
    fediverse: FakeFediverse, group: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = fediverse.person("bob", "calm.test")
    thread = fediverse.put(page(bob, group.uri))
    moments = iter([0.0, 31.0])
    monkeypatch.setattr(chasing, "monotonic", lambda: next(moments))
    chase = Chase(activity_client(), until=30.0)

    with pytest.raises(PausedError):
        chase.bring(thread["id"])

    assert fediverse.server("calm.test").asked.total() == 1


def test_of_what_asks_one_server_after_the_other_one_runs_at_a_time(
    fediverse: FakeFediverse,
) -> None:
    bob = fediverse.person("bob", "calm.test", webfinger="bob@names.test")
    names = fediverse.server("names.test")
    Chase(activity_client()).bring(bob.uri)

    one_at_a_time(check_claims)()
    asked_meanwhile = names.asked.total()
    check_claims()

    assert asked_meanwhile == 0
    assert names.asked.total() > 0


@pytest.mark.parametrize(
    "task", [check_claims, check_followers, check_missing_inboxes, refresh_stale_actors]
)
def test_each_of_them_takes_its_turn(app: Flask, task: Task[..., None]) -> None:
    assert task.run.__code__ is one_at_a_time(check_claims).__code__


def test_a_domain_that_is_slow_with_its_keys_rests_and_keeps_nobody_out(
    fediverse: FakeFediverse,
) -> None:
    now = [1000.0]
    ring = KeyRing(seconds=lambda: now[0])

    def answer() -> Answer:
        now[0] += 2.5
        return Answer(status=404)

    for host in ("a.evil.test", "b.evil.test"):
        fediverse.server(host).answers["/u/mal"] = answer
    bob = fediverse.person("bob", "calm.test")
    with pytest.raises(UnverifiedError):
        ring.get_owner(activity_client, "http://a.evil.test/u/mal#main-key")

    with pytest.raises(UnavailableError) as refused:
        ring.get_owner(activity_client, "http://b.evil.test/u/mal#main-key")
    found = ring.get_owner(activity_client, bob.key_id)
    now[0] += 26
    with pytest.raises(UnverifiedError):
        ring.get_owner(activity_client, "http://b.evil.test/u/mal#main-key")

    assert refused.value.retry_after == pytest.approx(25)
    assert found.uri == bob.uri
    assert fediverse.server("b.evil.test").asked.total() == 1
