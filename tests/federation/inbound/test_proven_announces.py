"""What a group passes on with a proof of its author need not be fetched (A051, FEP-8b32)."""

from collections.abc import Callable

import pytest

from app.accounts.models.account import Account
from app.core.db import unit_of_work
from app.forum.queries.communities import find_community_by_uri
from app.forum.queries.posts import find_post_by_uri
from app.forum.services import memberships
from federation.dereference.chase import Chase
from federation.signatures.keys import generate_proof_key_pair
from federation.transport.client import activity_client
from tests.support.factories import make_account
from tests.support.fediverse import FakeFediverse, Json, RemoteActor, activity, page
from tests.support.inbox import outcome
from tests.support.proofs import give_proof_key, prove

Settle = Callable[[], None]


@pytest.fixture
def anna(fediverse: FakeFediverse) -> Account:
    return make_account("anna")


@pytest.fixture
def tuin(fediverse: FakeFediverse, anna: Account) -> RemoteActor:
    """A remote group that anna follows."""
    group = fediverse.group("tuin", "forum.test")
    Chase(activity_client()).bring(group.uri)
    community = find_community_by_uri(group.uri)
    assert community is not None
    with unit_of_work():
        memberships.approve_membership(memberships.join_community(anna, community))
    return group


@pytest.fixture
def bob(fediverse: FakeFediverse) -> RemoteActor:
    """Somebody on a third server, with a key for proofs."""
    actor = fediverse.person("bob", "victim.test")
    give_proof_key(fediverse, actor)
    return actor


def _announce(fediverse: FakeFediverse, group: RemoteActor, inner: Json, settle: Settle) -> None:
    fediverse.deliver(activity("Announce", group, inner), group)
    settle()


def _fetched_notes(fediverse: FakeFediverse) -> int:
    asked = fediverse.server("victim.test").asked
    return sum(count for path, count in asked.items() if path.startswith("/notes"))


def test_a_proven_post_is_believed_as_it_stands_there(
    fediverse: FakeFediverse, tuin: RemoteActor, bob: RemoteActor, settle: Settle
) -> None:
    create = activity("Create", bob, page(bob, tuin.uri, "Snoeien"))

    _announce(fediverse, tuin, prove(create, bob), settle)

    post = find_post_by_uri(create["object"]["id"])
    assert outcome() == ("done", None)
    assert post is not None
    assert post.title == "Snoeien"
    assert _fetched_notes(fediverse) == 0


def test_a_changed_one_is_fetched(
    fediverse: FakeFediverse, tuin: RemoteActor, bob: RemoteActor, settle: Settle
) -> None:
    thing = fediverse.put(page(bob, tuin.uri, "Echt van Bob"))
    create = prove(activity("Create", bob, thing), bob)
    create["object"] = {**thing, "name": "Nooit gezegd"}

    _announce(fediverse, tuin, create, settle)

    post = find_post_by_uri(thing["id"])
    assert post is not None
    assert post.title == "Echt van Bob"
    assert _fetched_notes(fediverse) == 1


def test_a_proof_with_a_key_that_bob_does_not_list_is_none(
    fediverse: FakeFediverse, tuin: RemoteActor, bob: RemoteActor, settle: Settle
) -> None:
    thing = page(bob, tuin.uri, "Nooit gezegd")
    create = prove(activity("Create", bob, thing), bob, generate_proof_key_pair())

    _announce(fediverse, tuin, create, settle)

    assert find_post_by_uri(thing["id"]) is None


def test_a_proof_of_somebody_else_on_the_same_server_is_none(
    fediverse: FakeFediverse, tuin: RemoteActor, bob: RemoteActor, settle: Settle
) -> None:
    eve = fediverse.person("eve", "victim.test")
    pair = give_proof_key(fediverse, eve, generate_proof_key_pair())
    Chase(activity_client()).bring(eve.uri)
    thing = page(bob, tuin.uri, "Nooit gezegd")
    create = prove(activity("Create", bob, thing), eve, pair)

    _announce(fediverse, tuin, create, settle)

    assert find_post_by_uri(thing["id"]) is None


def test_no_context_is_ever_fetched(
    fediverse: FakeFediverse, tuin: RemoteActor, bob: RemoteActor, settle: Settle
) -> None:
    evil = fediverse.server("evil.test")
    evil.put("/context", {"@context": {"actor": "http://evil.test/other"}})
    context = ["https://www.w3.org/ns/activitystreams", "http://evil.test/context"]
    create = activity("Create", bob, page(bob, tuin.uri, "Snoeien"), **{"@context": context})

    _announce(fediverse, tuin, prove(create, bob), settle)

    assert find_post_by_uri(create["object"]["id"]) is not None
    assert evil.asked.total() == 0
