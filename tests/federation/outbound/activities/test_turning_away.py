"""Whoever is refused by a community hears why: once, in private, and never in a loop."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.accounts.models.account import Account
from app.accounts.queries import find_account_by_uri
from app.core.db import session, unit_of_work
from app.core.visibility import State
from app.forum.models.ban import Ban
from app.forum.models.community import Community
from app.forum.services import posts
from tests.federation.outbound.peers import Peers, give_key
from tests.support.clock import FakeClock
from tests.support.factories import make_account, make_community, make_post
from tests.support.fediverse import PUBLIC, FakeFediverse, RemoteActor, activity, note, page
from tests.support.inbox import outcome

HOST = "kort.test"


@pytest.fixture
def peers(fediverse: FakeFediverse, settle: Callable[[], None]) -> Peers:
    return Peers(fediverse, settle)


@pytest.fixture
def anna(fediverse: FakeFediverse) -> Account:
    account = make_account("anna")
    give_key(account, 1)
    return account


@pytest.fixture
def group(anna: Account) -> Community:
    community = make_community("toetsing", owner=anna)
    give_key(community, 2)
    return community


@pytest.fixture
def bob(fediverse: FakeFediverse) -> RemoteActor:
    return fediverse.person("bob", HOST)


def change(community: Community, **fields: Any) -> None:
    with unit_of_work():
        for name, value in fields.items():
            setattr(community, name, value)


def privately(bob: RemoteActor, group: Community, **extra: Any) -> dict[str, Any]:
    mention = {"type": "Mention", "href": group.uri, "name": "@toetsing"}
    thing = note(bob, "<p>@toetsing psst</p>", to=[group.uri], tag=[mention], **extra)
    return activity("Create", bob, thing, to=[group.uri])


def test_a_private_mention_gets_one_private_answer(
    peers: Peers, group: Community, bob: RemoteActor
) -> None:
    create = privately(bob, group)

    peers.take(create, bob)

    assert outcome() == ("refused", "not-public")
    [answer] = peers.got(HOST)
    said = answer["object"]
    assert (answer["type"], answer["actor"], answer["to"], answer["cc"]) == (
        ("Create", group.uri, [bob.uri], [])
    )
    assert (said["type"], said["to"], said["cc"]) == ("Note", [bob.uri], [])
    assert said["inReplyTo"] == create["object"]["id"]
    assert said["attributedTo"] == group.uri
    assert [tag["href"] for tag in said["tag"]] == [bob.uri]
    assert "Toetsing is niet openbaar" in said["content"]
    assert PUBLIC not in str(answer)


def test_nothing_of_a_private_mention_is_passed_on(
    peers: Peers, group: Community, bob: RemoteActor
) -> None:
    peers.follower(group, "forum.test", "lemmy")
    peers.follower(group, "ander.test", "mastodon")

    peers.take(privately(bob, group), bob)

    assert peers.kinds("forum.test") == peers.kinds("ander.test") == []


def test_a_forum_server_gets_a_reject_of_the_very_create(
    peers: Peers, group: Community, bob: RemoteActor
) -> None:
    peers.fediverse.server(HOST).software = "lemmy"
    change(group, is_posting_restricted=True)
    create = activity("Create", bob, page(bob, group.uri))

    peers.take(create, bob)

    [answer] = peers.got(HOST)
    assert (answer["type"], answer["actor"], answer["to"]) == ("Reject", group.uri, [bob.uri])
    assert answer["object"] == create
    assert answer["summary"].startswith("In Toetsing beginnen alleen moderators een gesprek.")


def test_what_is_very_long_is_rejected_by_its_id(
    peers: Peers, group: Community, bob: RemoteActor
) -> None:
    peers.fediverse.server(HOST).software = "lemmy"
    change(group, is_posting_restricted=True)
    thing = page(bob, group.uri, content="<p>" + "veel " * 20_000 + "</p>")

    peers.take(activity("Create", bob, thing), bob)

    [answer] = peers.got(HOST)
    assert (answer["type"], answer["object"]) == ("Reject", thing["id"])


def ban(account_uri: str, community: Community) -> None:
    account = find_account_by_uri(account_uri)
    assert account is not None
    with unit_of_work():
        session().add(Ban(account_id=account.id, community_id=community.id))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"is_posting_restricted": True}, "beginnen alleen moderators een gesprek"),
        ({"requires_membership": True}, "schrijven alleen leden"),
        ({"state": State.REMOVED}, "is gesloten"),
        ({}, "Je kunt niet meedoen in Toetsing"),
    ],
)
def test_every_reason_has_its_words(
    peers: Peers, group: Community, bob: RemoteActor, fields: dict[str, Any], words: str
) -> None:
    peers.take(activity("Like", bob, "http://calm.test/x"), bob)
    if not fields:
        ban(bob.uri, group)
    change(group, **fields)

    peers.take(activity("Create", bob, note(bob, "<p>Hoi</p>", cc=[group.uri])), bob)

    assert outcome()[0] == "refused"
    [answer] = peers.got(HOST)
    assert words in answer["object"]["content"]


def test_the_words_are_in_the_language_of_the_community(
    peers: Peers, group: Community, bob: RemoteActor
) -> None:
    change(group, language="en")

    peers.take(privately(bob, group), bob)

    [answer] = peers.got(HOST)
    assert list(answer["object"]["contentMap"]) == ["en"]


def test_an_answer_in_a_closed_thread_is_told_so(
    peers: Peers, anna: Account, group: Community, bob: RemoteActor
) -> None:
    post = make_post(group, anna)
    with unit_of_work():
        posts.lock_post(post, anna, is_locked=True)
    peers.forget()

    peers.take(activity("Create", bob, note(bob, inReplyTo=post.uri)), bob)

    [answer] = [one for one in peers.got(HOST) if one["type"] == "Create"]
    assert "is gesloten" in answer["object"]["content"]


def test_one_person_hears_of_one_community_once_an_hour(
    clock: FakeClock, peers: Peers, group: Community, bob: RemoteActor
) -> None:
    other = make_community("vakken")
    give_key(other, 3)

    for _ in range(5):
        peers.take(privately(bob, group), bob)
    peers.take(privately(bob, other), bob)
    first = [one["actor"] for one in peers.got(HOST)]
    clock.advance(timedelta(hours=1))
    peers.forget()
    peers.take(privately(bob, group), bob)

    assert first == [group.uri, other.uri]
    assert len(peers.got(HOST)) == 1


def test_nobody_is_answered_for_answering_the_answer(
    clock: FakeClock, peers: Peers, group: Community, bob: RemoteActor
) -> None:
    peers.take(privately(bob, group), bob)
    [answer] = peers.got(HOST)
    clock.advance(timedelta(hours=2))
    peers.forget()

    peers.take(privately(bob, group, inReplyTo=answer["object"]["id"]), bob)

    assert peers.got(HOST) == []


@pytest.mark.parametrize("kind", ["Service", "Application"])
def test_bots_are_told_nothing(
    fediverse: FakeFediverse, peers: Peers, group: Community, kind: str
) -> None:
    robot = fediverse.person("robot", HOST)
    fediverse.put({**robot.document, "type": kind})

    peers.take(privately(robot, group), robot)

    assert outcome() == ("refused", "not-public")
    assert peers.got(HOST) == []


def test_a_community_that_is_not_for_everybody_keeps_silent(
    peers: Peers, group: Community, bob: RemoteActor
) -> None:
    change(group, visibility="members")

    peers.take(privately(bob, group), bob)

    assert peers.got(HOST) == []


def test_a_message_between_people_is_no_business_of_a_community(
    peers: Peers, anna: Account, group: Community, bob: RemoteActor
) -> None:
    post = make_post(group, anna)
    thing = note(bob, "<p>Even onder ons</p>", to=[anna.uri], inReplyTo=post.uri)
    peers.forget()

    peers.take(activity("Create", bob, thing, to=[anna.uri]), bob)

    assert outcome()[0] == "refused"
    assert [one for one in peers.got(HOST) if one["type"] in {"Create", "Reject"}] == []


def test_the_answer_itself_is_not_for_others_to_read(
    peers: Peers, group: Community, bob: RemoteActor
) -> None:
    peers.take(privately(bob, group), bob)
    [answer] = peers.got(HOST)

    read = peers.fediverse.client.get(answer["id"], headers={"Accept": "application/activity+json"})

    assert read.status_code in {401, 403, 404}
