"""What belongs to something that is not here waits for it, by whatever way it comes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.core.db import session, unit_of_work
from app.forum.models.community import Community
from app.forum.queries.comments import find_comment_by_uri
from app.forum.queries.communities import find_community_by_uri
from app.forum.queries.posts import find_post_by_uri
from app.forum.services import memberships
from federation.dereference.chase import Chase
from federation.dereference.orphans import drop_orphans
from federation.models.inbox_activity import InboxActivity
from federation.transport.client import activity_client
from tests.support.clock import FakeClock
from tests.support.factories import make_account, make_community
from tests.support.fediverse import Answer, FakeFediverse, RemoteActor, activity, note, page
from tests.support.inbox import outcome

Settle = Callable[[], None]
Json = dict[str, Any]


@pytest.fixture
def bob(fediverse: FakeFediverse) -> RemoteActor:
    return fediverse.person("bob", "victim.test")


@pytest.fixture
def carol(fediverse: FakeFediverse) -> RemoteActor:
    return fediverse.person("carol", "calm.test")


@pytest.fixture
def community(fediverse: FakeFediverse) -> Community:
    return make_community("toetsing")


@pytest.fixture
def orphan(
    fediverse: FakeFediverse,
    bob: RemoteActor,
    carol: RemoteActor,
    community: Community,
    settle: Settle,
) -> tuple[Json, Json]:
    """An answer by bob to a thread by carol, whose server does not show it."""
    thread = page(carol, community.uri)
    answer = note(bob, "<p>Goed idee</p>", inReplyTo=thread["id"])
    fediverse.deliver(activity("Create", bob, answer), bob)
    settle()
    assert outcome()[0] == "orphaned"
    return thread, answer


def test_an_answer_is_applied_when_its_parent_is_delivered(
    fediverse: FakeFediverse, carol: RemoteActor, orphan: tuple[Json, Json], settle: Settle
) -> None:
    thread, answer = orphan

    fediverse.deliver(activity("Create", carol, thread), carol)
    settle()

    comment = find_comment_by_uri(answer["id"])
    assert comment is not None
    assert comment.post.remote_uri == thread["id"]
    assert set(session().scalars(select(InboxActivity.state))) == {"done"}


def test_an_answer_is_applied_when_its_parent_was_looked_up(
    fediverse: FakeFediverse, orphan: tuple[Json, Json], settle: Settle
) -> None:
    thread, answer = orphan
    fediverse.put(thread)

    Chase(activity_client()).bring(thread["id"])
    settle()

    assert find_comment_by_uri(answer["id"]) is not None


def test_a_whole_branch_comes_in_when_its_root_does(
    fediverse: FakeFediverse,
    bob: RemoteActor,
    carol: RemoteActor,
    orphan: tuple[Json, Json],
    settle: Settle,
) -> None:
    thread, answer = orphan
    deeper = note(bob, "<p>En nog iets</p>", inReplyTo=answer["id"])
    fediverse.deliver(activity("Create", bob, deeper), bob)
    settle()
    assert outcome()[0] == "orphaned"

    fediverse.deliver(activity("Create", carol, thread), carol)
    settle()

    comment = find_comment_by_uri(deeper["id"])
    assert comment is not None
    assert comment.depth == 2


def test_an_answer_whose_parent_comes_after_a_week_is_forgotten(
    fediverse: FakeFediverse,
    clock: FakeClock,
    carol: RemoteActor,
    orphan: tuple[Json, Json],
    settle: Settle,
) -> None:
    thread, answer = orphan
    clock.advance(timedelta(days=7, seconds=1))
    with unit_of_work():
        assert drop_orphans(10) == 1

    fediverse.deliver(activity("Create", carol, thread), carol)
    settle()

    assert find_post_by_uri(thread["id"]) is not None
    assert find_comment_by_uri(answer["id"]) is None


def test_an_answer_that_was_taken_back_meanwhile_stays_away(
    fediverse: FakeFediverse,
    bob: RemoteActor,
    carol: RemoteActor,
    orphan: tuple[Json, Json],
    settle: Settle,
) -> None:
    thread, answer = orphan
    fediverse.deliver(activity("Delete", bob, answer["id"]), bob)

    fediverse.deliver(activity("Create", carol, thread), carol)
    settle()

    assert find_post_by_uri(thread["id"]) is not None
    assert find_comment_by_uri(answer["id"]) is None


def test_a_vote_waits_for_its_thing_and_makes_us_fetch_nothing(
    fediverse: FakeFediverse,
    bob: RemoteActor,
    carol: RemoteActor,
    community: Community,
    settle: Settle,
) -> None:
    thread = page(carol, community.uri)
    fediverse.deliver(activity("Like", bob, thread["id"], to=[]), bob)
    settle()
    assert outcome() == ("orphaned", "object-unknown")
    assert not fediverse.server("calm.test").asked

    fediverse.deliver(activity("Create", carol, thread), carol)
    settle()

    post = find_post_by_uri(thread["id"])
    assert post is not None
    assert post.vote_count == 1


def test_a_vote_for_our_community_has_its_thing_fetched(
    fediverse: FakeFediverse,
    bob: RemoteActor,
    carol: RemoteActor,
    community: Community,
    settle: Settle,
) -> None:
    thread = fediverse.put(page(carol, community.uri))

    fediverse.deliver(activity("Like", bob, thread["id"], audience=community.uri), bob)
    settle()

    post = find_post_by_uri(thread["id"])
    assert post is not None
    assert post.vote_count == 1


def test_what_waits_for_another_attempt_goes_on_when_its_parent_arrives(
    fediverse: FakeFediverse,
    bob: RemoteActor,
    carol: RemoteActor,
    community: Community,
    clock: FakeClock,
    settle: Settle,
) -> None:
    thread = page(carol, community.uri)
    path = thread["id"].removeprefix("http://calm.test")
    fediverse.server("calm.test").answers[path] = Answer(status=503)
    answer = note(bob, inReplyTo=thread["id"])
    fediverse.deliver(activity("Create", bob, answer), bob)
    settle()
    assert outcome()[0] == "fetching"

    fediverse.deliver(activity("Create", carol, thread), carol)
    settle()

    assert find_comment_by_uri(answer["id"]) is not None


def test_an_answer_that_a_group_passes_on_starts_no_thread_of_its_own(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    group = fediverse.group("tuin", "calm.test")
    Chase(activity_client()).bring(group.uri)
    theirs = find_community_by_uri(group.uri)
    assert theirs is not None
    with unit_of_work():
        memberships.join_community(make_account("anna"), theirs)
    answer = fediverse.put(note(bob, inReplyTo="http://calm.test/post/weg", audience=group.uri))

    fediverse.deliver(activity("Announce", group, activity("Create", bob, answer)), group)
    settle()

    assert outcome()[0] == "orphaned"
    assert find_post_by_uri(answer["id"]) is None
