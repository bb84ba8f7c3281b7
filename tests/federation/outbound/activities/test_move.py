"""One of ours goes on elsewhere: who is told, and what."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.ctx import AppContext
from sqlalchemy import select

from app.accounts.models.account import Account
from app.accounts.services.followings import request_follow
from app.core.db import session, unit_of_work
from app.core.visibility import Visibility
from app.forum.services.memberships import join_community
from federation.dereference.aliases import add_alias
from federation.dereference.lookup import look_up_actor
from federation.dereference.moves import settle_move
from federation.dereference.objects import is_followed_here
from federation.errors import RefusedError
from federation.models.delivery import Delivery
from federation.models.outbox_activity import OutboxActivity
from federation.outbound.audience import followers_of_community
from federation.transport.actors import local_actor
from tests.support.factories import make_account, make_community
from tests.support.fediverse import FakeFediverse, activity


def moves() -> list[tuple[dict[str, Any], list[str]]]:
    """Each Move that was said, and the inboxes it goes to."""
    found = []
    for row in session().scalars(select(OutboxActivity).where(OutboxActivity.type == "Move")):
        inboxes = select(Delivery.inbox_url).where(Delivery.outbox_activity_id == row.id)
        found.append((json.loads(row.body), sorted(session().scalars(inboxes))))
    return found


@pytest.fixture
def anna(ctx: AppContext) -> Account:
    return make_account("anna")


def test_the_move_of_a_person_goes_to_the_followers(
    fediverse: FakeFediverse, anna: Account
) -> None:
    bo = look_up_actor(fediverse.person("bo", "elders.test").uri)
    look_up_actor(fediverse.person("vreemd", "verweg.test").uri)
    new = look_up_actor(fediverse.person("a", "nieuw.test", alsoKnownAs=anna.uri).uri)
    with unit_of_work():
        request_follow(bo, anna, "http://elders.test/f/1")

    with unit_of_work():
        settle_move(anna, new, anna)

    ((move, inboxes),) = moves()
    assert (move["actor"], move["object"], move["target"]) == (anna.uri, anna.uri, new.uri)
    assert inboxes == ["http://elders.test/inbox"]


def test_the_move_of_a_community_goes_to_its_members_by_itself(
    fediverse: FakeFediverse, anna: Account
) -> None:
    tuin = make_community("tuin", owner=anna)
    bo = look_up_actor(fediverse.person("bo", "elders.test").uri)
    new = look_up_actor(fediverse.group("tuin", "nieuw.test", alsoKnownAs=tuin.uri).uri)
    with unit_of_work():
        join_community(bo, tuin, "http://elders.test/f/1")

    with unit_of_work():
        settle_move(tuin, new, anna)

    ((move, inboxes),) = moves()
    assert (move["actor"], move["target"]) == (tuin.uri, new.uri)
    assert inboxes == ["http://elders.test/inbox"]


def test_a_community_that_is_not_open_to_all_tells_nobody(
    fediverse: FakeFediverse, anna: Account
) -> None:
    kamer = make_community("kamer", owner=anna, visibility=Visibility.LOCAL)
    new = look_up_actor(fediverse.group("kamer", "nieuw.test", alsoKnownAs=kamer.uri).uri)

    with unit_of_work():
        settle_move(kamer, new, anna)

    assert moves() == []


def test_our_own_followers_go_along(fediverse: FakeFediverse, anna: Account) -> None:
    bert = make_account("bert")
    new = look_up_actor(fediverse.person("a", "nieuw.test", alsoKnownAs=anna.uri).uri)
    with unit_of_work():
        request_follow(bert, anna)

    with unit_of_work():
        settle_move(anna, new, anna)

    follows = session().scalars(select(OutboxActivity).where(OutboxActivity.type == "Follow"))
    assert [json.loads(row.body)["object"] for row in follows] == [new.uri]


def test_an_account_has_no_more_than_twenty_other_addresses(
    fediverse: FakeFediverse, anna: Account
) -> None:
    others = [look_up_actor(fediverse.person(f"a{n}", "oud.test").uri) for n in range(21)]
    with unit_of_work():
        for other in others[:20]:
            add_alias(anna, other, anna)

    with pytest.raises(RefusedError, match="too-many-aliases"), unit_of_work():
        add_alias(anna, others[20], anna)


def said(verb: str) -> list[dict[str, Any]]:
    rows = session().scalars(select(OutboxActivity).where(OutboxActivity.type == verb))
    return [json.loads(row.body) for row in rows]


def test_a_group_that_comes_to_live_here_follows_where_it_was(
    fediverse: FakeFediverse, anna: Account
) -> None:
    tuin = make_community("tuin", owner=anna)
    with unit_of_work():
        local_actor(tuin).also_known_as = ["http://oud.test/c/tuin"]
    old = look_up_actor(fediverse.group("tuin", "oud.test").uri)

    with unit_of_work():
        settle_move(old, tuin)

    (follow,) = said("Follow")
    assert (follow["actor"], follow["object"], follow["to"]) == (tuin.uri, old.uri, [old.uri])
    assert is_followed_here(old)


def test_one_that_moves_between_other_servers_is_none_of_ours(
    fediverse: FakeFediverse, anna: Account
) -> None:
    old = look_up_actor(fediverse.group("tuin", "oud.test").uri)
    new = look_up_actor(fediverse.group("tuin", "nieuw.test", alsoKnownAs=old.uri).uri)

    with unit_of_work():
        settle_move(old, new)

    assert said("Follow") == []
    assert not is_followed_here(old)


def test_the_group_in_which_ours_goes_on_may_follow_it_and_gets_what_is_said_here(
    fediverse: FakeFediverse, anna: Account, settle: Callable[[], None]
) -> None:
    tuin = make_community("tuin", owner=anna)
    remote = fediverse.group("tuin", "nieuw.test", alsoKnownAs=tuin.uri)
    new = look_up_actor(remote.uri)
    with unit_of_work():
        settle_move(tuin, new, anna)
    before = followers_of_community(tuin).inboxes
    follow = activity("Follow", remote, tuin.uri)

    fediverse.deliver(follow, remote)
    settle()

    (accept,) = said("Accept")
    assert (accept["actor"], accept["object"]["id"]) == (tuin.uri, follow["id"])
    assert (before, followers_of_community(tuin).inboxes) == ((), ("http://nieuw.test/inbox",))


def test_another_group_may_not(
    fediverse: FakeFediverse, anna: Account, settle: Callable[[], None]
) -> None:
    tuin = make_community("tuin", owner=anna)
    other = fediverse.group("tuin", "nieuw.test")

    fediverse.deliver(activity("Follow", other, tuin.uri), other)
    settle()

    assert said("Accept") == []
    assert followers_of_community(tuin).inboxes == ()
