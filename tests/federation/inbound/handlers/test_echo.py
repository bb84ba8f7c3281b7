"""What our people write in a group elsewhere comes back, is turned down, or is sent once more."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models.account import Account
from app.core.db import session, unit_of_work
from app.forum.models.post import Post
from app.forum.queries.communities import find_community_by_uri
from app.forum.services import echoes, memberships, posts
from app.notifications.models import Notification
from federation.dereference.chase import Chase
from federation.models.delivery import Delivery
from federation.models.outbox_activity import OutboxActivity
from federation.transport.client import activity_client
from tests.support.browsing import token_of
from tests.support.clock import FakeClock
from tests.support.factories import make_account, make_comment, sign_in
from tests.support.fediverse import FakeFediverse, Json, RemoteActor, activity, note
from tests.support.inbox import outcome

Settle = Callable[[], None]


@pytest.fixture
def anna(fediverse: FakeFediverse) -> Account:
    return make_account("anna")


@pytest.fixture
def tuin(fediverse: FakeFediverse, clock: FakeClock) -> RemoteActor:
    return fediverse.group("tuin", "forum.test")


@pytest.fixture
def post(anna: Account, tuin: RemoteActor) -> Post:
    """A post by anna in a group elsewhere that she follows."""
    Chase(activity_client()).bring(tuin.uri)
    community = find_community_by_uri(tuin.uri)
    assert community is not None
    with unit_of_work():
        memberships.approve_membership(memberships.join_community(anna, community))
        return posts.publish_post(anna, community, posts.PostDraft(title="Snoeien"))


def creates(uri: str) -> list[OutboxActivity]:
    session().rollback()
    statement = select(OutboxActivity).where(
        OutboxActivity.type == "Create", OutboxActivity.object_uri == uri
    )
    return list(session().scalars(statement.order_by(OutboxActivity.id)))


def fresh(post: Post) -> Post:
    session().rollback()
    session().expire_all()
    return post


@pytest.mark.parametrize("shape", ["create", "object", "id"])
def test_what_the_group_passes_on_has_arrived(
    fediverse: FakeFediverse, tuin: RemoteActor, post: Post, settle: Settle, shape: str
) -> None:
    create: Json = json.loads(creates(post.uri)[0].body)
    inner = {"create": create, "object": create["object"], "id": post.uri}[shape]

    fediverse.deliver(activity("Announce", tuin, inner), tuin)
    settle()

    assert outcome() == ("done", None)
    assert fresh(post).echoed_at is not None


@pytest.mark.parametrize("verb", ["Like", "Create"])
def test_what_others_vote_on_and_answer_there_has_arrived(
    fediverse: FakeFediverse, tuin: RemoteActor, post: Post, settle: Settle, verb: str
) -> None:
    bob = fediverse.person("bob", "forum.test")
    answer = fediverse.put(note(bob, inReplyTo=post.uri, audience=tuin.uri))
    inner = activity(verb, bob, {"Like": post.uri, "Create": answer}[verb])

    fediverse.deliver(activity("Announce", tuin, inner), tuin)
    settle()

    assert outcome() == ("done", None)
    assert fresh(post).echoed_at is not None
    assert {"Like": post.vote_count, "Create": post.comment_count}[verb] == 1


def test_a_vote_that_another_group_passes_on_confirms_nothing(
    fediverse: FakeFediverse, anna: Account, post: Post, settle: Settle
) -> None:
    mal = fediverse.group("mal", "evil.test")
    bob = fediverse.person("bob", "evil.test")
    Chase(activity_client()).bring(mal.uri)
    other = find_community_by_uri(mal.uri)
    assert other is not None
    with unit_of_work():
        memberships.join_community(anna, other)

    fediverse.deliver(activity("Announce", mal, activity("Like", bob, post.uri)), mal)
    settle()

    assert fresh(post).echoed_at is None


def test_another_group_confirms_nothing(
    fediverse: FakeFediverse, anna: Account, post: Post, settle: Settle
) -> None:
    mal = fediverse.group("mal", "evil.test")
    Chase(activity_client()).bring(mal.uri)
    other = find_community_by_uri(mal.uri)
    assert other is not None
    with unit_of_work():
        memberships.join_community(anna, other)

    fediverse.deliver(activity("Announce", mal, json.loads(creates(post.uri)[0].body)), mal)
    settle()

    assert fresh(post).echoed_at is None


@pytest.mark.parametrize("shape", ["create", "create id", "object", "id"])
def test_a_refusal_shows_its_reason_to_the_writer_alone(
    fediverse: FakeFediverse,
    client: FlaskClient,
    anna: Account,
    tuin: RemoteActor,
    post: Post,
    settle: Settle,
    shape: str,
) -> None:
    row = creates(post.uri)[0]
    create: Json = json.loads(row.body)
    refused = {
        "create": create, "create id": row.uri, "object": create["object"], "id": post.uri
    }[shape]  # fmt: skip
    reject = activity("Reject", tuin, refused, summary="Alleen <b>vragen</b> hier.")

    fediverse.deliver(reject, tuin)
    settle()

    assert fresh(post).turned_down == "Alleen vragen hier."
    told = session().scalars(select(Notification)).all()
    assert [(one.account_id, one.kind, one.post_id) for one in told] == [
        (anna.id, "turned_down", post.id)
    ]
    page = f"/post/{post.public_id}"
    assert "Alleen vragen hier." not in client.get(page).text
    sign_in(client, anna)
    assert "Reden: Alleen vragen hier." in client.get(page).text
    assert "Snoeien" in client.get("/meldingen").text


def test_nobody_else_turns_a_text_down(
    fediverse: FakeFediverse, tuin: RemoteActor, post: Post, settle: Settle
) -> None:
    mal = fediverse.group("mal", "evil.test")
    bob = fediverse.person("bob", "forum.test")
    create = json.loads(creates(post.uri)[0].body)
    for who in (mal, bob):
        Chase(activity_client()).bring(who.uri)
        fediverse.deliver(activity("Reject", who, create, summary="nee"), who)
        settle()

    assert fresh(post).turned_down is None
    fediverse.deliver(activity("Reject", tuin, note(bob)["id"], summary="nee"), tuin)
    settle()
    assert outcome()[0] == "ignored"


def test_what_came_back_is_not_turned_down_afterwards(
    fediverse: FakeFediverse, tuin: RemoteActor, post: Post, settle: Settle
) -> None:
    create = json.loads(creates(post.uri)[0].body)
    for one in (activity("Announce", tuin, create), activity("Reject", tuin, create)):
        fediverse.deliver(one, tuin)
        settle()

    assert fresh(post).turned_down is None


def test_after_ten_minutes_the_writer_may_send_it_once_more(
    client: FlaskClient, anna: Account, post: Post, clock: FakeClock
) -> None:
    page = f"/post/{post.public_id}"
    sign_in(client, anna)
    early = client.get(page).text
    clock.advance(timedelta(minutes=11))
    late = client.get(page).text
    again = {"csrf_token": token_of(client, page)}

    answers = [client.post(f"{page}/opnieuw-sturen", data=again) for _ in range(2)]

    assert "nog niet bevestigd door forum.test" in early
    assert ("Opnieuw sturen" in early, "Opnieuw sturen" in late) == (False, True)
    assert [answer.status_code for answer in answers] == [303, 303]
    first, second = creates(post.uri)  # the second press came moments after the first
    assert json.loads(first.body)["id"] != json.loads(second.body)["id"]
    assert json.loads(first.body)["object"]["id"] == json.loads(second.body)["object"]["id"]
    sent = session().scalars(select(Delivery).where(Delivery.outbox_activity_id == second.id)).all()
    assert {row.host for row in sent} == {"forum.test"}


def test_only_the_writer_sends_it_again_and_only_when_needed(
    client: FlaskClient, anna: Account, post: Post, clock: FakeClock
) -> None:
    page = f"/post/{post.public_id}"
    bas = make_account("bas")
    clock.advance(timedelta(minutes=11))
    sign_in(client, bas)
    shown = client.get(page).text
    refused = client.post(f"{page}/opnieuw-sturen", data={"csrf_token": token_of(client, page)})
    with unit_of_work():
        echoes.note_echo(post, post.community)
    sign_in(client, anna)
    needless = client.post(f"{page}/opnieuw-sturen", data={"csrf_token": token_of(client, page)})

    assert "nog niet bevestigd" in shown
    assert "Opnieuw sturen" not in shown
    assert (refused.status_code, needless.status_code) == (403, 409)
    assert len(creates(post.uri)) == 1


def test_an_answer_carries_the_context_of_the_thread_and_is_confirmed_likewise(
    fediverse: FakeFediverse,
    client: FlaskClient,
    anna: Account,
    tuin: RemoteActor,
    post: Post,
    settle: Settle,
    clock: FakeClock,
) -> None:
    bob = fediverse.person("bob", "forum.test")
    thread = fediverse.put(
        {
            **note(bob),
            "type": "Page",
            "name": "Zaaien",
            "to": [tuin.uri, "https://www.w3.org/ns/activitystreams#Public"],
            "audience": tuin.uri,
            "context": "http://forum.test/topic/7",
        }
    )
    fediverse.deliver(activity("Announce", tuin, activity("Create", bob, thread)), tuin)
    settle()
    session().rollback()
    started = session().scalars(select(Post).where(Post.title == "Zaaien")).one()

    answer = make_comment(started, anna)
    document = json.loads(creates(answer.uri)[0].body)["object"]
    clock.advance(timedelta(minutes=11))
    sign_in(client, anna)
    page = f"/post/{started.public_id}"
    before = client.get(page).text
    client.post(
        f"/comment/{answer.public_id}/opnieuw-sturen", data={"csrf_token": token_of(client, page)}
    )
    fediverse.deliver(activity("Announce", tuin, json.loads(creates(answer.uri)[1].body)), tuin)
    settle()

    assert document["context"] == "http://forum.test/topic/7"
    assert "nog niet bevestigd door forum.test" in before
    assert "nog niet bevestigd" not in client.get(page).text
