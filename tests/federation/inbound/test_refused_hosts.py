"""A decision about a server counts at once: at our inbox, and for what would go there."""

from collections.abc import Callable

import pytest

from app.accounts.models.account import Account
from app.core.db import unit_of_work
from app.forum.models.community import Community
from app.forum.queries.posts import find_post_by_uri
from app.moderation.models.host_rule import HostVerdict
from app.moderation.services import hosts
from tests.federation.outbound.peers import Peers, give_key
from tests.support.factories import make_account, make_community, make_post
from tests.support.fediverse import FakeFediverse, activity, page
from tests.support.inbox import outcome


@pytest.fixture
def peers(fediverse: FakeFediverse, settle: Callable[[], None]) -> Peers:
    return Peers(fediverse, settle)


@pytest.fixture
def anna(fediverse: FakeFediverse) -> Account:
    account = make_account("anna")
    give_key(account, 1)
    return account


@pytest.fixture
def toetsing(anna: Account) -> Community:
    community = make_community("toetsing", owner=anna)
    give_key(community, 2)
    return community


def rule(host: str, verdict: HostVerdict = HostVerdict.BLOCKED) -> None:
    with unit_of_work():
        hosts.rule_host(host, verdict, "", None)


def free(host: str) -> None:
    with unit_of_work():
        hosts.free_host(host, None)


@pytest.mark.parametrize("ruled", ["sub.spam.test", "spam.test"])
def test_a_refused_server_gets_no_foot_in_the_door_until_it_is_freed(
    peers: Peers, toetsing: Community, ruled: str
) -> None:
    bob = peers.fediverse.person("bob", "sub.spam.test")
    thing = page(bob, toetsing.uri)
    document = activity("Create", bob, thing)
    rule(ruled)

    refused = peers.fediverse.deliver(document, bob)
    peers.settle()
    unseen = find_post_by_uri(thing["id"])
    free(ruled)
    taken = peers.fediverse.deliver(document, bob)
    peers.settle()

    assert (refused.status_code, unseen) == (403, None)
    assert taken.status_code == 202
    assert find_post_by_uri(thing["id"]) is not None


def test_what_waited_to_be_applied_when_the_decision_fell_is_not(
    peers: Peers, toetsing: Community
) -> None:
    bob = peers.fediverse.person("bob", "spam.test")
    thing = page(bob, toetsing.uri)
    peers.fediverse.deliver(activity("Create", bob, thing), bob)

    rule("spam.test")
    peers.settle()

    assert outcome() == ("refused", "host-refused")
    assert find_post_by_uri(thing["id"]) is None


def test_nothing_goes_to_a_refused_server_not_even_what_was_waiting(
    peers: Peers, anna: Account, toetsing: Community
) -> None:
    peers.follower(toetsing, "spam.test", "lemmy")
    peers.follower(toetsing, "good.test", "lemmy")
    make_post(toetsing, anna, "Voor het besluit")
    rule("spam.test")
    make_post(toetsing, anna, "Na het besluit")

    assert peers.kinds("good.test") == ["Announce(Create)", "Announce(Create)"]
    assert peers.kinds("spam.test") == []

    free("spam.test")
    make_post(toetsing, anna, "Weer welkom")

    assert [one["object"]["object"]["name"] for one in peers.got("spam.test")] == ["Weer welkom"]
