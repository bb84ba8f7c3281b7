from collections.abc import Callable
from datetime import timedelta

import pytest

from app.accounts.queries import find_account_by_uri
from app.core.clock import utcnow
from app.core.db import session
from app.forum.queries.communities import find_community_by_uri
from app.forum.queries.posts import find_post_by_uri
from federation.dereference.actors import find_remote_actor
from tests.support.clock import FakeClock
from tests.support.factories import make_account, make_community, make_post
from tests.support.fediverse import FakeFediverse, RemoteActor, activity, page
from tests.support.inbox import outcome

Settle = Callable[[], None]
Json = dict[str, object]


@pytest.fixture
def bob(fediverse: FakeFediverse) -> RemoteActor:
    return fediverse.person("bob", "victim.test")


def later(hours: int) -> str:
    return (utcnow() + timedelta(hours=hours)).isoformat()


@pytest.fixture
def thread(fediverse: FakeFediverse, bob: RemoteActor, settle: Settle) -> Json:
    """A post by bob in our community."""
    thing = page(bob, make_community("toetsing").uri, "Eerst")
    fediverse.deliver(activity("Create", bob, thing), bob)
    settle()
    return thing


def test_the_author_edits_the_newest_edit_wins(
    fediverse: FakeFediverse, bob: RemoteActor, thread: Json, settle: Settle, clock: FakeClock
) -> None:
    clock.set(utcnow() + timedelta(days=800))
    newer = {**thread, "name": "Daarna", "updated": later(-1)}
    older = {**thread, "name": "Tussendoor", "updated": later(-2)}

    for thing in (newer, older):
        fediverse.deliver(activity("Update", bob, thing), bob)
    settle()

    post = find_post_by_uri(str(thread["id"]))
    assert post is not None
    assert post.title == "Daarna"


def test_an_edit_without_a_time_counts_from_its_arrival(
    fediverse: FakeFediverse, bob: RemoteActor, thread: Json, settle: Settle, clock: FakeClock
) -> None:
    clock.set(utcnow() + timedelta(days=800))

    fediverse.deliver(activity("Update", bob, {**thread, "name": "Daarna"}), bob)
    settle()

    post = find_post_by_uri(str(thread["id"]))
    assert post is not None
    assert post.title == "Daarna"


def test_an_update_before_its_create_publishes(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    thing = page(bob, make_community("toetsing").uri, "Al aangepast", updated=later(1))

    fediverse.deliver(activity("Update", bob, thing), bob)
    fediverse.deliver(activity("Create", bob, {**thing, "name": "Oud", "updated": None}), bob)
    settle()

    post = find_post_by_uri(str(thing["id"]))
    assert post is not None
    assert post.title == "Al aangepast"


def test_what_is_ours_is_not_edited_from_elsewhere(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    post = make_post(make_community("toetsing"), make_account("anna"), "Van Anna")
    stolen = page(bob, post.community.uri, "Van Bob", id=post.uri, attributedTo=bob.uri)

    answer = fediverse.deliver(activity("Update", bob, stolen), bob)
    settle()

    assert answer.status_code == 403
    session().expire_all()
    assert post.title == "Van Anna"


def test_an_update_of_a_person_is_only_a_hint_to_look(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    fediverse.deliver(activity("Like", bob, "http://ons.test/post/x"), bob)
    bob.document["name"] = "Bob de Bouwer"
    fediverse.put(bob.document)
    pushed = {**bob.document, "name": "Iemand anders", "inbox": "http://evil.test/inbox"}

    fediverse.deliver(activity("Update", bob, pushed), bob)
    settle()

    account, actor = find_account_by_uri(bob.uri), find_remote_actor(bob.uri)
    assert account is not None
    assert account.display_name == "Bob de Bouwer"
    assert actor is not None
    assert actor.inbox_url == f"{bob.uri}/inbox"
    assert outcome() == ("done", None)


def test_nobody_updates_another_person(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    mal = fediverse.person("mal", "evil.test")
    fediverse.deliver(activity("Like", bob, "http://ons.test/post/x"), bob)
    settle()
    asked = fediverse.server("victim.test").asked["/u/bob"]

    answer = fediverse.deliver(activity("Update", mal, {**bob.document, "name": "Mal"}), mal)
    settle()

    assert answer.status_code == 403
    assert fediverse.server("victim.test").asked["/u/bob"] == asked


def test_a_group_tells_that_it_changed(fediverse: FakeFediverse, settle: Settle) -> None:
    group = fediverse.group("tuin", "forum.test")
    fediverse.deliver(activity("Like", group, "http://ons.test/post/x"), group)
    group.document["summary"] = "<p>Nieuw</p>"
    fediverse.put(group.document)

    fediverse.deliver(activity("Update", group, group.document), group)
    settle()

    community = find_community_by_uri(group.uri)
    assert community is not None
    assert community.description_html == "<p>Nieuw</p>"


def test_a_person_does_not_become_a_group(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    fediverse.deliver(activity("Like", bob, "http://ons.test/post/x"), bob)
    fediverse.put({**bob.document, "type": "Group"})

    fediverse.deliver(activity("Update", bob, bob.document), bob)
    settle()

    assert outcome()[0] == "refused"
    assert find_community_by_uri(bob.uri) is None


def test_an_edit_for_few_does_not_show_to_all(
    fediverse: FakeFediverse, bob: RemoteActor, thread: Json, settle: Settle
) -> None:
    few = {"to": [f"{bob.uri}/followers"], "cc": [], "updated": later(1)}

    fediverse.deliver(activity("Update", bob, {**thread, "name": "Geheim", **few}), bob)
    settle()

    post = find_post_by_uri(str(thread["id"]))
    assert post is not None
    assert post.title == "Eerst"
    assert outcome() == ("refused", "not-public")
