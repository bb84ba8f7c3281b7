"""Who asks may quote what everybody may read, and others can check it (FEP-044f)."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from app.accounts.models.account import Account
from app.accounts.queries import find_account_by_uri
from app.core.db import session, unit_of_work
from app.core.visibility import Visibility
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.services import bans, posts
from federation.models.outbox_activity import OutboxActivity
from tests.federation.outbound.peers import Peers, give_key
from tests.readers import jsonld
from tests.support.factories import make_account, make_comment, make_community, make_post
from tests.support.fediverse import ACTIVITY_JSON, FakeFediverse, Json, RemoteActor, activity
from tests.support.inbox import outcome

QUOTE = "http://masto.test/notes/77"


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
    return make_community("toetsing", owner=anna)


@pytest.fixture
def bob(fediverse: FakeFediverse) -> RemoteActor:
    return fediverse.person("bob", "masto.test")


def ask(bob: RemoteActor, uri: str, quote: Json | str = QUOTE) -> Json:
    return activity("QuoteRequest", bob, uri, instrument=quote)


def stamps() -> int:
    statement = select(func.count(OutboxActivity.id))
    return session().scalar(statement.where(OutboxActivity.type == "QuoteAuthorization")) or 0


def test_who_asks_gets_a_stamp_that_anybody_can_read(
    peers: Peers, anna: Account, toetsing: Community, bob: RemoteActor
) -> None:
    post = make_post(toetsing, anna)
    request = ask(bob, post.uri, {"type": "Note", "id": QUOTE, "attributedTo": bob.uri})

    peers.take(request, bob)

    [accept] = peers.got("masto.test")
    assert (accept["type"], accept["actor"], accept["to"]) == ("Accept", anna.uri, [bob.uri])
    assert accept["object"] == {
        "type": "QuoteRequest",
        "id": request["id"],
        "actor": bob.uri,
        "object": post.uri,
        "instrument": QUOTE,
    }
    served = peers.fediverse.client.get(accept["result"], headers={"Accept": ACTIVITY_JSON})
    stamp = json.loads(served.data)
    assert served.content_type == ACTIVITY_JSON
    assert jsonld.expand(accept)["@id"] == accept["id"]
    assert jsonld.expand(stamp)["@type"] == ["https://w3id.org/fep/044f#QuoteAuthorization"]
    del stamp["@context"]
    assert stamp == {
        "type": "QuoteAuthorization",
        "id": accept["result"],
        "attributedTo": anna.uri,
        "interactingObject": QUOTE,
        "interactionTarget": post.uri,
    }


def test_who_asks_again_gets_the_same_stamp_and_another_text_its_own(
    peers: Peers, anna: Account, toetsing: Community, bob: RemoteActor
) -> None:
    comment = make_comment(make_post(toetsing, anna), anna)

    for quote in (QUOTE, QUOTE, f"{QUOTE}0"):
        peers.take(ask(bob, comment.uri, quote), bob)

    first, again, other = (one["result"] for one in peers.got("masto.test"))
    assert first == again != other
    assert stamps() == 2


def test_the_stamp_ends_with_what_is_quoted(
    peers: Peers, anna: Account, toetsing: Community, bob: RemoteActor
) -> None:
    post = make_post(toetsing, anna)
    peers.take(ask(bob, post.uri), bob)
    [accept] = peers.got("masto.test")

    with unit_of_work():
        posts.delete_post(session().get_one(Post, post.id), anna)

    served = peers.fediverse.client.get(accept["result"], headers={"Accept": ACTIVITY_JSON})
    assert served.status_code == 410


def test_who_is_banned_from_this_server_is_refused(
    peers: Peers, anna: Account, toetsing: Community, bob: RemoteActor
) -> None:
    post = make_post(toetsing, anna)
    admin = make_account("dora", admin=True)
    peers.ask(bob, anna)
    peers.forget()
    known = find_account_by_uri(bob.uri)
    assert known is not None
    with unit_of_work():
        bans.ban_person(admin, known, None, bans.BanTerms(reason="reclame"))

    peers.take(ask(bob, post.uri), bob)

    answer = peers.got("masto.test")[-1]
    assert (answer["type"], answer["object"]["instrument"]) == ("Reject", QUOTE)
    assert "result" not in answer
    assert stamps() == 0


@pytest.mark.parametrize(
    "case", ["unknown", "closed", "of another server", "quote elsewhere", "no quote", "deleted"]
)
def test_there_is_no_leave_for_anything_else(
    peers: Peers, anna: Account, toetsing: Community, bob: RemoteActor, case: str
) -> None:
    post = make_post(toetsing, anna)
    uri, quote = post.uri, QUOTE
    if case == "unknown":
        uri = "http://ons.test/post/0198c6b8-0000-7000-8000-000000000000"
    elif case == "closed":
        with unit_of_work():
            session().get_one(Community, toetsing.id).visibility = Visibility.MEMBERS
    elif case == "of another server":
        uri = "http://elders.test/notes/1"
    elif case == "quote elsewhere":
        quote = "http://elders.test/notes/2"
    elif case == "no quote":
        quote = ""
    else:
        with unit_of_work():
            posts.delete_post(session().get_one(Post, post.id), anna)

    peers.take(ask(bob, uri, quote), bob)

    assert peers.got("masto.test") == []
    assert stamps() == 0
    assert outcome()[0] == "refused"
