from collections.abc import Callable
from typing import Any

import pytest

from app.accounts.models.account import AccountState
from app.accounts.queries import find_account_by_uri
from app.core.db import session, unit_of_work
from app.core.visibility import State
from app.forum.queries.comments import find_comment_by_uri
from app.forum.queries.posts import find_post_by_uri
from app.forum.services import memberships
from federation.dereference.actors import find_remote_actor
from tests.support.factories import make_account, make_community, make_post
from tests.support.fediverse import Answer, FakeFediverse, RemoteActor, activity, note, page
from tests.support.inbox import outcome

Settle = Callable[[], None]
Json = dict[str, Any]


@pytest.fixture
def bob(fediverse: FakeFediverse) -> RemoteActor:
    return fediverse.person("bob", "victim.test")


@pytest.fixture
def thread(fediverse: FakeFediverse, bob: RemoteActor, settle: Settle) -> Json:
    thing = page(bob, make_community("toetsing").uri, "Eerst")
    fediverse.deliver(activity("Create", bob, thing), bob)
    settle()
    return thing


def state_of(thing: Json) -> str | None:
    session().expire_all()
    found = find_post_by_uri(thing["id"]) or find_comment_by_uri(thing["id"])
    return None if found is None else str(found.state)


@pytest.mark.parametrize("form", ["id", "tombstone", "reference"])
def test_the_author_deletes(
    fediverse: FakeFediverse, bob: RemoteActor, thread: Json, settle: Settle, form: str
) -> None:
    thing: object = {
        "id": thread["id"],
        "tombstone": {"type": "Tombstone", "id": thread["id"]},
        "reference": {"id": thread["id"]},
    }[form]
    gone = activity("Delete", bob, thread["id"] if form == "id" else thing)

    fediverse.deliver(gone, bob)
    settle()

    assert outcome() == ("done", None)
    assert state_of(thread) == State.DELETED


def test_what_was_deleted_stays_deleted(
    fediverse: FakeFediverse, bob: RemoteActor, thread: Json, settle: Settle
) -> None:
    fediverse.deliver(activity("Delete", bob, thread["id"]), bob)
    settle()

    for verb in ("Create", "Update"):
        fediverse.deliver(activity(verb, bob, {**thread, "updated": "2090-01-01T00:00:00Z"}), bob)
    settle()

    assert state_of(thread) == State.DELETED


def test_a_delete_that_comes_first_is_remembered(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    thing = page(bob, make_community("toetsing").uri)
    fediverse.deliver(activity("Like", bob, "http://ons.test/post/x"), bob)

    fediverse.deliver(activity("Delete", bob, thing["id"]), bob)
    fediverse.deliver(activity("Create", bob, thing), bob)
    settle()

    assert outcome() == ("refused", "deleted-already")
    assert state_of(thing) is None


def test_nobody_deletes_in_advance_what_is_anothers(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    mal = fediverse.person("mal", "evil.test")
    thing = page(bob, make_community("toetsing").uri)
    fediverse.deliver(activity("Like", mal, "http://ons.test/post/x"), mal)

    fediverse.deliver(activity("Delete", mal, thing["id"]), mal)
    fediverse.deliver(activity("Create", bob, thing), bob)
    settle()

    assert state_of(thing) == State.PUBLISHED


def test_a_stranger_deletes_nothing(
    fediverse: FakeFediverse, bob: RemoteActor, thread: Json, settle: Settle
) -> None:
    mal = fediverse.person("mal", "evil.test")
    fediverse.put(thread)
    ours = make_post(make_community("vakken"), make_account("anna"))
    fediverse.deliver(activity("Like", mal, "http://ons.test/post/x"), mal)

    for uri in (thread["id"], ours.uri):
        fediverse.deliver(activity("Delete", mal, uri, summary="weg ermee"), mal)
        settle()
        assert outcome()[0] == "refused"

    assert state_of(thread) == State.PUBLISHED
    session().expire_all()
    assert ours.state == State.PUBLISHED


def test_what_its_own_server_no_longer_has_is_deleted_whoever_says_so(
    fediverse: FakeFediverse, bob: RemoteActor, thread: Json, settle: Settle
) -> None:
    admin = fediverse.person("beheer", "victim.test")
    fediverse.put({"id": thread["id"], "type": "Tombstone", "formerType": "Page"})
    fediverse.deliver(activity("Like", admin, "http://ons.test/post/x"), admin)

    fediverse.deliver(activity("Delete", admin, thread["id"]), admin)
    settle()

    assert outcome() == ("done", None)
    assert state_of(thread) == State.DELETED


def test_a_remote_moderator_of_our_community_removes(
    fediverse: FakeFediverse, bob: RemoteActor, thread: Json, settle: Settle
) -> None:
    mo = fediverse.person("mo", "calm.test")
    fediverse.deliver(activity("Like", mo, "http://ons.test/post/x"), mo)
    post, account = find_post_by_uri(thread["id"]), find_account_by_uri(mo.uri)
    assert post is not None
    assert account is not None
    with unit_of_work():
        memberships.set_moderator(post.community, account, is_moderator=True, by=None)

    fediverse.deliver(activity("Delete", mo, thread["id"], summary="buiten het onderwerp"), mo)
    settle()

    session().expire_all()
    assert (post.state, post.state_reason) == (State.REMOVED, "buiten het onderwerp")


def test_who_leaves_takes_everything_along(
    fediverse: FakeFediverse, bob: RemoteActor, thread: Json, settle: Settle
) -> None:
    fediverse.server("victim.test").answers["/u/bob"] = Answer(status=410)

    fediverse.deliver(activity("Delete", bob, bob.uri), bob)
    settle()

    account, actor = find_account_by_uri(bob.uri), find_remote_actor(bob.uri)
    assert account is not None
    assert account.state == AccountState.DELETED
    assert actor is not None
    assert actor.gone_at is not None
    assert state_of(thread) == State.DELETED
    fediverse.deliver(activity("Create", bob, note(bob, inReplyTo=thread["id"])), bob)
    settle()
    assert outcome()[0] == "refused"


def test_nobody_takes_another_person_away(
    fediverse: FakeFediverse, bob: RemoteActor, thread: Json, settle: Settle
) -> None:
    mal = fediverse.person("mal", "evil.test")
    fediverse.deliver(activity("Like", mal, "http://ons.test/post/x"), mal)

    fediverse.deliver(activity("Delete", mal, bob.uri), mal)
    settle()

    account = find_account_by_uri(bob.uri)
    assert account is not None
    assert account.state == AccountState.ACTIVE
