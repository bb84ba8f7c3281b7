"""A move is believed only when both say so, and not too often (security.md A054)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.ctx import AppContext

from app.accounts.models.account import Account
from federation.dereference.lookup import look_up_actor
from tests.federation.inbound.handlers.moving import (
    follow,
    followed,
    join,
    move,
    outcome,
    sent,
    successor,
)
from tests.support.clock import FakeClock
from tests.support.factories import make_account
from tests.support.fediverse import FakeFediverse, RemoteActor, activity

Settle = Callable[[], None]


@pytest.fixture
def anna(ctx: AppContext) -> Account:
    return make_account("anna")


@pytest.fixture
def bob(fediverse: FakeFediverse, anna: Account) -> RemoteActor:
    """Bob, whom anna follows."""
    bob = fediverse.person("bob", "oud.test")
    follow(anna, bob)
    return bob


@pytest.fixture
def group(fediverse: FakeFediverse, anna: Account) -> RemoteActor:
    """A group of which anna is a member."""
    group = fediverse.group("tuin", "oud.test")
    join(anna, group)
    return group


def test_a_confirmation_that_was_taken_back_counts_no_more(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    new = successor(fediverse, bob)
    look_up_actor(new.uri)
    del new.document["alsoKnownAs"]
    fediverse.put(new.document)

    fediverse.deliver(move(bob, new), bob)
    settle()

    assert (followed(), outcome()) == ({bob.uri}, "move-not-confirmed")


def test_a_move_to_somebody_who_knows_nothing_of_it_is_dropped(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    victim = fediverse.person("vic", "nieuw.test", alsoKnownAs=["http://oud.test/u/other"])

    fediverse.deliver(move(bob, victim), bob)
    settle()

    assert (followed(), outcome()) == ({bob.uri}, "move-not-confirmed")


def test_a_move_to_oneself_is_dropped(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    bob.document["alsoKnownAs"] = [bob.uri]
    fediverse.put(bob.document)

    fediverse.deliver(move(bob, bob), bob)
    settle()

    assert (followed(), outcome()) == ({bob.uri}, "move-to-itself")


def test_moves_in_a_circle_end_at_once(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    new = successor(fediverse, bob)
    bob.document["alsoKnownAs"] = [new.uri]
    fediverse.put(bob.document)
    fediverse.deliver(move(bob, new), bob)
    settle()

    fediverse.deliver(move(new, bob), new)
    settle()

    assert (followed(), outcome()) == ({new.uri}, "move-too-soon")


def test_nobody_moves_to_who_moved_on(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    new = successor(fediverse, bob, movedTo="http://verder.test/u/bob")

    fediverse.deliver(move(bob, new), bob)
    settle()

    assert (followed(), outcome()) == ({bob.uri}, "move-onwards")


def test_the_same_move_twice_changes_nothing_more(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    new = successor(fediverse, bob)
    for _ in range(2):
        fediverse.deliver(move(bob, new), bob)
        settle()

    assert followed() == {new.uri}
    assert sent().count("Undo") == 1


def test_after_a_week_one_may_move_again(
    fediverse: FakeFediverse, anna: Account, bob: RemoteActor, clock: FakeClock, settle: Settle
) -> None:
    fediverse.deliver(move(bob, successor(fediverse, bob)), bob)
    settle()
    follow(anna, bob)
    further = fediverse.person("bob_verder", "verder.test", alsoKnownAs=[bob.uri])

    clock.advance(timedelta(days=6))
    fediverse.deliver(move(bob, further), bob)
    settle()
    too_soon = followed()
    clock.advance(timedelta(days=2))
    fediverse.deliver(move(bob, further), bob)
    settle()

    assert further.uri not in too_soon
    assert further.uri in followed()


def test_only_the_old_one_is_heard(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    thief = fediverse.person("thief", "oud.test", alsoKnownAs=[bob.uri])
    new = fediverse.person("bob_nieuw", "nieuw.test", alsoKnownAs=[bob.uri])
    stolen = {**move(bob, new), "actor": thief.uri}

    fediverse.deliver(stolen, thief)
    settle()

    assert (followed(), outcome()) == ({bob.uri}, "move-of-another")


def test_a_person_becomes_no_group(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    new = fediverse.group("bob", "nieuw.test", alsoKnownAs=[bob.uri])

    fediverse.deliver(move(bob, new), bob)
    settle()

    assert (followed(), outcome()) == ({bob.uri}, "move-to-another-kind")


def test_a_group_does_not_pass_moves_on(
    fediverse: FakeFediverse, bob: RemoteActor, group: RemoteActor, settle: Settle
) -> None:
    new = successor(fediverse, bob)

    fediverse.deliver(activity("Announce", group, move(bob, new)), group)
    settle()

    assert bob.uri in followed()
    assert new.uri not in followed()


def test_a_target_that_cannot_be_fetched_changes_nothing(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    new = successor(fediverse, bob)
    fediverse.server("nieuw.test").answers.clear()

    fediverse.deliver(move(bob, new), bob)
    settle()

    assert followed() == {bob.uri}


def test_threads_that_others_move_so_are_passed_over(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    thread = {"object": "http://oud.test/post/1", "origin": "http://oud.test/c/a"}

    fediverse.deliver({**move(bob, bob), **thread, "target": "http://oud.test/c/b"}, bob)
    settle()

    assert (followed(), outcome()) == ({bob.uri}, "nobody-who-moves")
