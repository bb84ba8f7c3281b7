"""What groups pass on (FEP-1b12), and what they may not (security.md A051)."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from app.accounts.models.account import Account
from app.accounts.queries import find_account_by_uri
from app.core.db import session, unit_of_work
from app.core.visibility import State
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.queries.comments import find_comment_by_uri
from app.forum.queries.communities import find_community_by_uri
from app.forum.queries.posts import find_post_by_uri
from app.forum.services import memberships
from federation.dereference.chase import Chase
from federation.transport.client import activity_client
from tests.support.factories import make_account, make_community, make_post
from tests.support.fediverse import FakeFediverse, RemoteActor, activity, note, page
from tests.support.inbox import outcome

Settle = Callable[[], None]
Json = dict[str, Any]


@pytest.fixture
def anna(fediverse: FakeFediverse) -> Account:
    return make_account("anna")


def followed(fediverse: FakeFediverse, anna: Account, name: str, host: str) -> RemoteActor:
    group = fediverse.group(name, host)
    Chase(activity_client()).bring(group.uri)
    community = find_community_by_uri(group.uri)
    assert community is not None
    with unit_of_work():
        membership = memberships.join_community(anna, community)
        memberships.approve_membership(membership)
    return group


@pytest.fixture
def tuin(fediverse: FakeFediverse, anna: Account) -> RemoteActor:
    """A remote group that anna follows."""
    return followed(fediverse, anna, "tuin", "forum.test")


@pytest.fixture
def tess(fediverse: FakeFediverse) -> RemoteActor:
    """Somebody on the group's own server."""
    return fediverse.person("tess", "forum.test")


@pytest.fixture
def bob(fediverse: FakeFediverse) -> RemoteActor:
    """Somebody on a third server."""
    return fediverse.person("bob", "victim.test")


def announced(
    fediverse: FakeFediverse, group: RemoteActor, thing: object, settle: Settle
) -> tuple[str, str | None]:
    fediverse.deliver(activity("Announce", group, thing), group)
    settle()
    return outcome()


def test_a_post_of_the_groups_own_server_is_believed_inline(
    fediverse: FakeFediverse, tuin: RemoteActor, tess: RemoteActor, settle: Settle
) -> None:
    thing = page(tess, tuin.uri, "Snoeien")

    assert announced(fediverse, tuin, activity("Create", tess, thing), settle) == ("done", None)

    post = find_post_by_uri(thing["id"])
    assert post is not None
    assert (post.title, post.community.uri) == ("Snoeien", tuin.uri)
    assert not any(path.startswith("/notes") for path in fediverse.server("forum.test").asked)


def test_a_post_from_elsewhere_is_fetched_from_there(
    fediverse: FakeFediverse, tuin: RemoteActor, bob: RemoteActor, settle: Settle
) -> None:
    thing = fediverse.put(page(bob, tuin.uri, "Echt van Bob"))
    forged = {**thing, "name": "Nooit gezegd", "content": "<p>Koop nu</p>"}

    assert announced(fediverse, tuin, activity("Create", bob, forged), settle) == ("done", None)

    post = find_post_by_uri(thing["id"])
    assert post is not None
    assert (post.title, post.author.uri) == ("Echt van Bob", bob.uri)


def test_a051_words_put_in_the_mouth_of_another_are_not_published(
    fediverse: FakeFediverse, tuin: RemoteActor, bob: RemoteActor, settle: Settle
) -> None:
    invented = page(bob, tuin.uri, "Nooit geschreven")

    state, reason = announced(fediverse, tuin, activity("Create", bob, invented), settle)

    assert (state, reason) == ("orphaned", "unreachable: gone: status-404")
    assert find_post_by_uri(invented["id"]) is None


def test_an_edit_from_elsewhere_is_fetched_as_well(
    fediverse: FakeFediverse, tuin: RemoteActor, bob: RemoteActor, settle: Settle
) -> None:
    thing = fediverse.put(page(bob, tuin.uri, "Eerst"))
    announced(fediverse, tuin, activity("Create", bob, thing), settle)
    edited = fediverse.put({**thing, "name": "Daarna", "updated": "2099-01-01T00:00:00Z"})
    forged = {**edited, "name": "Vervalst"}

    before = find_post_by_uri(thing["id"])
    assert before is not None
    assert announced(fediverse, tuin, activity("Update", bob, forged), settle)[0] == "done"

    session().expire_all()
    assert before.title in {"Eerst", "Daarna"}


@pytest.mark.parametrize("form", ["id", "page", "create"])
def test_every_form_of_passing_on_gives_one_post(
    fediverse: FakeFediverse, tuin: RemoteActor, bob: RemoteActor, settle: Settle, form: str
) -> None:
    thing = fediverse.put(page(bob, tuin.uri))
    create = activity("Create", bob, thing)

    for _ in range(2):
        announced(fediverse, tuin, {"id": thing["id"], "page": thing, "create": create}[form]
                  if form != "id" else thing["id"], settle)  # fmt: skip

    assert session().scalar(select(func.count()).select_from(Post)) == 1


def test_the_id_of_a_create_leads_to_its_object(
    fediverse: FakeFediverse, tuin: RemoteActor, bob: RemoteActor, settle: Settle
) -> None:
    thing = page(bob, tuin.uri)
    create = fediverse.put(activity("Create", bob, thing))

    announced(fediverse, tuin, create["id"], settle)

    assert find_post_by_uri(thing["id"]) is not None


def test_a_comment_that_names_no_group_hangs_under_its_parent(
    fediverse: FakeFediverse, tuin: RemoteActor, tess: RemoteActor, bob: RemoteActor, settle: Settle
) -> None:
    thread = page(tess, tuin.uri)
    announced(fediverse, tuin, activity("Create", tess, thread), settle)
    answer = fediverse.put(note(bob, "<p>Mooi</p>", inReplyTo=thread["id"]))

    announced(fediverse, tuin, activity("Create", bob, answer), settle)

    comment = find_comment_by_uri(answer["id"])
    assert comment is not None
    assert comment.post.uri == thread["id"]


def test_a_batch_is_taken_one_by_one(
    fediverse: FakeFediverse, tuin: RemoteActor, tess: RemoteActor, bob: RemoteActor, settle: Settle
) -> None:
    thread = page(tess, tuin.uri)
    announced(fediverse, tuin, activity("Create", tess, thread), settle)
    votes = [
        activity("Like", bob, thread["id"]),
        activity("PollVote", bob, thread["id"]),
        activity("Like", fediverse.person("carol", "calm.test"), thread["id"]),
        {**activity("Like", bob, thread["id"]), "actor": "http://silent.test/u/x"},
    ]
    fediverse.server("silent.test").down = 503

    assert announced(fediverse, tuin, votes, settle) == ("fetching", "status-503")

    post = find_post_by_uri(thread["id"])
    assert post is not None
    assert post.vote_count == 2


def test_a_group_speaks_only_for_what_stands_in_it(
    fediverse: FakeFediverse, anna: Account, tuin: RemoteActor, tess: RemoteActor, settle: Settle
) -> None:
    evil = followed(fediverse, anna, "kwaad", "evil.test")
    bob = fediverse.person("bob", "victim.test")
    thread = fediverse.put(page(tess, tuin.uri))
    announced(fediverse, tuin, activity("Create", tess, thread), settle)
    ours = make_post(make_community("toetsing"), anna)
    post = find_post_by_uri(thread["id"])
    assert post is not None

    for target in (thread["id"], ours.uri):
        for verb, actor in (("Like", bob), ("Delete", tess), ("Delete", bob)):
            state, _ = announced(fediverse, evil, activity(verb, actor, target), settle)
            assert state in {"refused", "ignored"}

    session().expire_all()
    assert {post.state, ours.state} == {State.PUBLISHED}
    assert post.vote_count == ours.vote_count == 0


def test_a_group_that_nobody_follows_is_not_listened_to(
    fediverse: FakeFediverse, tess: RemoteActor, settle: Settle
) -> None:
    tuin = fediverse.group("tuin", "forum.test")

    state = announced(fediverse, tuin, activity("Create", tess, page(tess, tuin.uri)), settle)

    assert state == ("ignored", "group-not-followed")
    assert session().scalar(select(func.count()).select_from(Post)) == 0


def test_the_boost_of_a_person_is_ignored(
    fediverse: FakeFediverse, bob: RemoteActor, settle: Settle
) -> None:
    thing = fediverse.put(note(bob))

    assert announced(fediverse, bob, thing["id"], settle) == ("ignored", "announced-by-a-person")


def test_the_echo_of_what_our_people_wrote_changes_nothing(
    fediverse: FakeFediverse, anna: Account, tuin: RemoteActor, settle: Settle
) -> None:
    community = find_community_by_uri(tuin.uri)
    assert community is not None
    post = make_post(community, anna)
    create = {**activity("Create", tuin, {"id": post.uri}), "actor": anna.uri}

    assert announced(fediverse, tuin, create, settle) == ("done", None)
    assert announced(fediverse, tuin, post.uri, settle) == ("done", None)
    assert session().scalar(select(func.count()).select_from(Post)) == 1


def test_verbs_that_are_not_passed_on_are_ignored_inside(
    fediverse: FakeFediverse, tuin: RemoteActor, bob: RemoteActor, settle: Settle
) -> None:
    ours = make_community("toetsing")
    follow = activity("Follow", bob, ours.uri)

    for inner in (follow, activity("Accept", bob, follow), activity("Announce", tuin, follow)):
        assert announced(fediverse, tuin, inner, settle) == ("ignored", "verb-of-no-use")

    assert find_account_by_uri(bob.uri) is None


def test_a_moderator_on_the_groups_list_removes_there(
    fediverse: FakeFediverse, tuin: RemoteActor, tess: RemoteActor, bob: RemoteActor, settle: Settle
) -> None:
    thread = page(tess, tuin.uri)
    announced(fediverse, tuin, activity("Create", tess, thread), settle)
    mods = {"id": f"{tuin.uri}/moderators", "type": "OrderedCollection", "orderedItems": [bob.uri]}
    fediverse.put(mods)
    removal = activity("Delete", bob, thread["id"], summary="dubbel")

    announced(fediverse, tuin, removal, settle)

    post = find_post_by_uri(thread["id"])
    assert post is not None
    assert (post.state, post.state_reason) == (State.REMOVED, "dubbel")


def test_who_is_not_on_the_list_removes_nothing(
    fediverse: FakeFediverse, tuin: RemoteActor, tess: RemoteActor, bob: RemoteActor, settle: Settle
) -> None:
    thread = fediverse.put(page(tess, tuin.uri))
    announced(fediverse, tuin, activity("Create", tess, thread), settle)
    fediverse.put({"id": f"{tuin.uri}/moderators", "type": "OrderedCollection", "orderedItems": []})

    state, _ = announced(fediverse, tuin, activity("Delete", bob, thread["id"]), settle)

    post = find_post_by_uri(thread["id"])
    assert state == "refused"
    assert post is not None
    assert post.state == State.PUBLISHED


def test_an_administrator_of_the_groups_server_removes_there(
    fediverse: FakeFediverse, tuin: RemoteActor, tess: RemoteActor, bob: RemoteActor, settle: Settle
) -> None:
    thread = fediverse.put(page(bob, tuin.uri))
    announced(fediverse, tuin, activity("Create", bob, thread), settle)
    admin = fediverse.person("beheer", "forum.test")

    announced(fediverse, tuin, activity("Delete", admin, thread["id"], summary="weg"), settle)

    post = find_post_by_uri(thread["id"])
    assert post is not None
    assert post.state == State.REMOVED


def test_a_group_does_not_take_people_away(
    fediverse: FakeFediverse, tuin: RemoteActor, bob: RemoteActor, settle: Settle
) -> None:
    thread = fediverse.put(page(bob, tuin.uri))
    announced(fediverse, tuin, activity("Create", bob, thread), settle)

    state, reason = announced(fediverse, tuin, activity("Delete", bob, bob.uri), settle)

    assert (state, reason) == ("refused", "departure-by-proxy")
    assert session().scalar(select(func.count()).select_from(Comment)) == 0
