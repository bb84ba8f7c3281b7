"""Somebody elsewhere, or a community, goes on under another id (security.md A054)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.ctx import AppContext
from sqlalchemy import select

from app.accounts.models.account import Account
from app.accounts.models.following import Following
from app.accounts.queries import find_account_by_uri
from app.accounts.services.followings import approve_follow, request_follow
from app.core.db import session, unit_of_work
from app.forum.models.membership import Membership
from app.forum.queries.communities import find_community_by_uri
from app.forum.services.memberships import approve_membership, join_community
from app.notifications.models import Notification, NotificationKind
from federation.dereference.lookup import look_up_actor
from federation.models.actor import Actor
from federation.models.inbox_activity import InboxActivity
from federation.models.outbox_activity import OutboxActivity
from federation.transport.actors import find_actor, local_actor
from tests.support.clock import FakeClock
from tests.support.factories import make_account, make_community
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
    look_up_actor(group.uri)
    with unit_of_work():
        community = find_community_by_uri(group.uri)
        assert community is not None
        approve_membership(join_community(anna, community))
    return group


def follow(anna: Account, remote: RemoteActor) -> None:
    look_up_actor(remote.uri)
    with unit_of_work():
        account = find_account_by_uri(remote.uri)
        assert account is not None
        approve_follow(request_follow(anna, account))


def successor(fediverse: FakeFediverse, old: RemoteActor, **more: object) -> RemoteActor:
    """The same person or group elsewhere, which says so."""
    extra = {"alsoKnownAs": [old.uri], **more}
    make = fediverse.group if old.document["type"] == "Group" else fediverse.person
    return make(f"{old.name}_nieuw", "nieuw.test", **extra)


def move(old: RemoteActor, new: RemoteActor, **more: object) -> dict[str, object]:
    return activity("Move", old, old.uri, target=new.uri, **more)


def followed() -> set[str]:
    """Ids of whom anna follows or asked to follow."""
    people = session().scalars(select(Following)).all()
    groups = session().scalars(select(Membership)).all()
    return {row.followed.uri for row in people} | {row.community.uri for row in groups}


def outcome() -> str | None:
    """Why the newest activity was refused or ignored."""
    statement = select(InboxActivity.reason).order_by(InboxActivity.id.desc()).limit(1)
    return session().scalar(statement)


def sent() -> list[str]:
    return list(session().scalars(select(OutboxActivity.type).order_by(OutboxActivity.id)))


def test_followers_of_a_person_go_along(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    new = successor(fediverse, bob)
    before = len(sent())

    fediverse.deliver(move(bob, new), bob)
    settle()

    assert followed() == {new.uri}
    assert sent()[before:] == ["Follow", "Undo"]


def test_members_of_a_group_go_along(
    fediverse: FakeFediverse, group: RemoteActor, settle: Settle
) -> None:
    new = successor(fediverse, group)

    fediverse.deliver(move(group, new), group)
    settle()

    assert followed() == {new.uri}
    community = find_community_by_uri(group.uri)
    assert community is not None
    assert community.member_count == 0


def test_who_went_along_is_told(
    fediverse: FakeFediverse, bob: RemoteActor, group: RemoteActor, settle: Settle
) -> None:
    for old in (bob, group):
        fediverse.deliver(move(old, successor(fediverse, old)), old)
    settle()

    told = session().scalars(select(Notification)).all()
    assert {row.kind for row in told} == {NotificationKind.MOVED}
    assert {row.by.name if row.by else row.community.name for row in told} == {
        "bob_nieuw",
        "tuin_nieuw",
    }


def test_it_is_known_where_the_old_one_went(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    new = successor(fediverse, bob)

    fediverse.deliver(move(bob, new), bob)
    settle()

    actor = find_actor(find_account_by_uri(bob.uri))
    assert actor is not None
    assert actor.moved_to == new.uri


def test_what_was_known_of_the_new_one_is_fetched_anew(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    new = fediverse.person("bob_nieuw", "nieuw.test")
    look_up_actor(new.uri)
    new.document["alsoKnownAs"] = bob.uri
    fediverse.put(new.document)

    fediverse.deliver(move(bob, new), bob)
    settle()

    assert followed() == {new.uri}


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
    stolen = {**move(bob, thief), "actor": thief.uri}

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


def test_somebody_elsewhere_comes_to_live_here(
    fediverse: FakeFediverse, anna: Account, bob: RemoteActor, settle: Settle
) -> None:
    here = make_account("bobhier")
    with unit_of_work():
        local_actor(here).also_known_as = [bob.uri]

    fediverse.deliver(activity("Move", bob, bob.uri, target=here.uri), bob)
    settle()

    assert followed() == {here.uri}


def test_a_group_elsewhere_comes_to_live_here(
    fediverse: FakeFediverse, anna: Account, group: RemoteActor, settle: Settle
) -> None:
    here = make_community("tuinhier", owner=make_account("bo"))
    with unit_of_work():
        local_actor(here).also_known_as = [group.uri]

    fediverse.deliver(activity("Move", group, group.uri, target=here.uri), group)
    settle()

    members = session().scalars(select(Membership).where(Membership.account_id == anna.id)).all()
    assert [row.community.uri for row in members] == [here.uri]


def test_what_a_document_says_of_aliases_is_kept(fediverse: FakeFediverse, ctx: AppContext) -> None:
    moved = {"alsoKnownAs": ["http://a.test/u/x", {"id": "http://b.test/u/y"}]}
    remote = fediverse.person("bob", "oud.test", movedTo="http://c.test/u/z", **moved)

    look_up_actor(remote.uri)

    actor = session().scalars(select(Actor).where(Actor.host == "oud.test")).one()
    assert actor.also_known_as == ["http://a.test/u/x", "http://b.test/u/y"]
    assert (actor.moved_to, actor.moved_at) == ("http://c.test/u/z", None)
