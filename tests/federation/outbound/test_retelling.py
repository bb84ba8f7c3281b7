"""What an outbox says of texts that people of other servers changed since."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.forum.models.community import Community
from federation.models.inbox_activity import InboxActivity
from tests.federation.outbound.peers import Peers, fetch
from tests.support.clock import FakeClock
from tests.support.factories import make_account, make_community
from tests.support.fediverse import FakeFediverse, RemoteActor, activity, page

Json = dict[str, Any]


@pytest.fixture
def peers(fediverse: FakeFediverse, settle: Callable[[], None], clock: FakeClock) -> Peers:
    return Peers(fediverse, settle)


@pytest.fixture
def anna(peers: Peers) -> Account:
    return make_account("anna")


@pytest.fixture
def tuin(anna: Account) -> Community:
    return make_community("tuin", owner=anna)


@pytest.fixture
def eva(peers: Peers) -> RemoteActor:
    """Somebody elsewhere who writes in our community."""
    return peers.fediverse.person("eva", "eva.test")


class Writing:
    """What eva writes, and changes every hour."""

    def __init__(self, peers: Peers, eva: RemoteActor, tuin: Community, clock: FakeClock) -> None:
        self.peers, self.eva, self.tuin, self.clock = peers, eva, tuin, clock
        self.page = page(eva, tuin.uri, name="Eerste titel")
        self.say("Create")

    def say(self, verb: str) -> Json:
        told = activity(verb, self.eva, dict(self.page), cc=[self.tuin.uri])
        self.peers.fediverse.put(self.page)
        self.peers.take(told, self.eva)
        return told

    def change(self, title: str) -> Json:
        self.clock.advance(timedelta(hours=1))
        self.page |= {"name": title, "updated": utcnow().isoformat().replace("+00:00", "Z")}
        return self.say("Update")

    def listed(self) -> list[Json]:
        found: list[Json] = fetch(self.peers.fediverse.client, f"{self.tuin.uri}/outbox")[
            "orderedItems"
        ]
        return found


@pytest.fixture
def writing(peers: Peers, eva: RemoteActor, tuin: Community, clock: FakeClock) -> Writing:
    return Writing(peers, eva, tuin, clock)


@pytest.mark.parametrize("has_follower", [True, False])
def test_the_newest_update_of_its_author_stands_there_byte_for_byte(
    peers: Peers, tuin: Community, writing: Writing, has_follower: bool
) -> None:
    if has_follower:
        peers.follower(tuin, "lemmy.test", "lemmy")
    (before,) = writing.listed()
    writing.change("Tweede titel")
    told = writing.change("Derde titel")

    (after,) = writing.listed()

    assert before["object"]["type"] == "Create"
    assert (after["type"], after["actor"]) == ("Announce", tuin.uri)
    assert json.dumps(after["object"]) == json.dumps(told)


def test_what_can_no_longer_be_told_as_it_is_is_not_told(writing: Writing) -> None:
    writing.change("Tweede titel")
    with unit_of_work():
        for row in session().query(InboxActivity):
            row.body = b""

    assert writing.listed() == []


def test_what_was_not_changed_stays_as_it_came(writing: Writing) -> None:
    (first,) = writing.listed()

    assert first["object"]["object"]["name"] == "Eerste titel"


def test_an_older_edit_that_came_later_is_not_what_it_is_now(writing: Writing) -> None:
    told = writing.change("Tweede titel")
    writing.page |= {"name": "Eerder", "updated": "2026-01-01T00:00:00Z"}
    writing.say("Update")

    (listed,) = writing.listed()

    assert listed["object"] == told
