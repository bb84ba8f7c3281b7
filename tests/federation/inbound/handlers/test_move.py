"""Somebody elsewhere, or a community, goes on under another id, and our people go along."""

from collections.abc import Callable

import pytest
from flask.ctx import AppContext
from sqlalchemy import select

from app.accounts.models.account import Account
from app.accounts.queries import find_account_by_uri
from app.core.db import session, unit_of_work
from app.forum.models.membership import Membership
from app.forum.queries.communities import find_community_by_uri
from app.notifications.models import Notification, NotificationKind
from federation.dereference.claims import check_claims
from federation.dereference.lookup import look_up_actor
from federation.models.actor import Actor
from federation.transport.actors import find_actor, local_actor
from tests.federation.inbound.handlers.moving import (
    follow,
    followed,
    join,
    move,
    outcome,
    sent,
    successor,
)
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
    join(anna, group)
    return group


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


def test_the_new_one_may_say_it_when_the_document_of_the_old_one_does(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    new = successor(fediverse, bob)
    bob.document["movedTo"] = new.uri
    fediverse.put(bob.document)

    fediverse.deliver(activity("Move", new, bob.uri, target=new.uri), new)
    settle()
    session().rollback()
    check_claims()

    session().expire_all()
    assert followed() == {new.uri}


@pytest.mark.parametrize("moved_to", [None, "http://anders.test/u/x"])
def test_what_the_new_one_says_alone_is_not_believed(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle, moved_to: str | None
) -> None:
    new = successor(fediverse, bob)
    bob.document["movedTo"] = moved_to
    fediverse.put(bob.document)

    fediverse.deliver(activity("Move", new, bob.uri, target=new.uri), new)
    settle()
    session().rollback()
    check_claims()

    session().expire_all()
    assert followed() == {bob.uri}
    assert outcome() == "move-not-confirmed"
