"""Outbox, followers, moderators, featured, replies, context: in the shapes that all can read."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.ctx import AppContext

from app.accounts.models.account import Account
from app.accounts.services.deletion import delete_account
from app.accounts.services.system import get_moderation_account
from app.core.db import session, unit_of_work
from app.core.visibility import Visibility
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.origin import Remote
from app.forum.services import comments, memberships, posts
from federation.views import collections
from tests.federation.views.conftest import Get
from tests.support.factories import make_account, make_comment, make_community, make_post

Read = Callable[..., dict[str, Any]]


@pytest.fixture
def anna(ctx: AppContext) -> Account:
    return make_account("anna")


@pytest.fixture
def toetsing(anna: Account) -> Community:
    return make_community("toetsing", owner=anna)


def pin(post: Post, by: Account) -> None:
    with unit_of_work():
        posts.pin_post(session().get_one(Post, post.id), by, True)


def remote_post(community: Community, title: str = "Van ver") -> Post:
    bob = make_account("bob", host="a.test")
    with unit_of_work():
        draft = posts.PostDraft(title=title, body_source="", body_html="<p>Hoi</p>")
        return posts.publish_post(bob, community, draft, Remote(uri="http://a.test/post/1"))


def test_the_outbox_of_a_community_holds_announced_creates_newest_first(
    read: Read, anna: Account, toetsing: Community
) -> None:
    uris = [make_post(toetsing, anna, f"Vraag {number}").uri for number in range(3)]
    make_comment(session().get_one(Post, 1), anna)

    outbox = read(f"{toetsing.uri}/outbox")

    assert (outbox["type"], outbox["totalItems"]) == ("OrderedCollection", 3)
    assert [item["type"] for item in outbox["orderedItems"]] == ["Announce"] * 3
    assert [item["object"]["object"]["id"] for item in outbox["orderedItems"]] == uris[::-1]


def test_an_outbox_holds_a_changed_text_as_it_is_now(
    read: Read, anna: Account, toetsing: Community
) -> None:
    post = make_post(toetsing, anna, "Vraag")
    before = read(f"{toetsing.uri}/outbox")["orderedItems"][0]
    with unit_of_work():
        draft = posts.PostDraft(title="Andere vraag", body_source="Zo dus")
        posts.edit_post(session().get_one(Post, post.id), draft, by=anna)

    (announce,) = read(f"{toetsing.uri}/outbox")["orderedItems"]
    (create,) = read(f"{anna.uri}/outbox?page=1")["orderedItems"]

    for told in (announce["object"], create):
        assert told["type"] == "Create"
        assert told["object"]["name"] == "Andere vraag"
        assert "Zo dus" in told["object"]["content"]
        assert told["object"]["updated"]
        assert told["id"] == before["object"]["id"]
    same = ("id", "type", "actor", "to", "cc", "published")
    assert {key: announce[key] for key in same} == {key: before[key] for key in same}
    assert announce["proof"]["verificationMethod"] == before["proof"]["verificationMethod"]


def test_an_outbox_tells_that_a_conversation_is_closed(
    read: Read, anna: Account, toetsing: Community
) -> None:
    post = make_post(toetsing, anna, "Vraag")
    with unit_of_work():
        posts.lock_post(session().get_one(Post, post.id), anna, True)

    (announce,) = read(f"{toetsing.uri}/outbox")["orderedItems"]

    assert announce["object"]["object"]["commentsEnabled"] is False


def test_what_somebody_elsewhere_wrote_stands_in_the_outbox_as_it_came(
    read: Read, toetsing: Community
) -> None:
    post = remote_post(toetsing)
    before = read(f"{toetsing.uri}/outbox")["orderedItems"]
    with unit_of_work():
        session().get_one(Post, post.id).is_locked = True

    assert read(f"{toetsing.uri}/outbox")["orderedItems"] == before


def test_the_outbox_goes_on_in_pages(
    read: Read, get: Get, anna: Account, toetsing: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("federation.outbound.outbox.OUTBOX_PAGE", 2)
    for number in range(5):
        make_post(toetsing, anna, f"Vraag {number}")

    found, address = [], read(f"{toetsing.uri}/outbox")["first"]
    while address:
        page = read(address)
        assert page["id"] == address
        found += [item["object"]["object"]["name"] for item in page["orderedItems"]]
        address = page.get("next")

    assert found == [f"Vraag {number}" for number in (4, 3, 2, 1, 0)]
    assert get(f"{toetsing.uri}/outbox?page=1&before=x").status_code == 400
    assert get(f"{toetsing.uri}/outbox?page=1&before=99999999999").status_code == 400


def test_the_outbox_of_a_person_counts_what_was_written_and_comes_in_pages(
    read: Read, anna: Account, toetsing: Community
) -> None:
    make_comment(make_post(toetsing, anna), anna)

    outbox = read(f"{anna.uri}/outbox")

    assert outbox["totalItems"] == 2
    assert "orderedItems" not in outbox
    assert [item["type"] for item in read(outbox["first"])["orderedItems"]] == ["Create"] * 2


@pytest.mark.parametrize("way", ["deleted", "removed", "left", "closed"])
def test_what_is_gone_stands_in_no_outbox_and_at_no_activity(
    read: Read, get: Get, anna: Account, toetsing: Community, way: str
) -> None:
    carla = make_account("carla")
    post = make_post(toetsing, carla, "Geheim geworden")
    (announce,) = read(f"{toetsing.uri}/outbox")["orderedItems"]
    with unit_of_work():
        mine = session().get_one(Post, post.id)
        if way == "deleted":
            posts.delete_post(mine, carla)
        elif way == "removed":
            posts.remove_post(mine, anna, "onzin")
        elif way == "left":
            delete_account(session().get_one(Account, carla.id))
        else:
            mine.visibility = Visibility.LOCAL

    outbox = read(f"{toetsing.uri}/outbox")

    assert (outbox["totalItems"], outbox["orderedItems"]) == (0, [])
    for uri in (announce["id"], announce["object"]["id"]):
        answer = get(uri)
        assert answer.status_code == 410
        assert "Geheim" not in answer.text


def test_a_restored_post_is_in_the_outbox_again(
    read: Read, anna: Account, toetsing: Community
) -> None:
    post = make_post(toetsing, anna)
    with unit_of_work():
        posts.remove_post(session().get_one(Post, post.id), anna, "onzin")
        posts.restore_post(session().get_one(Post, post.id), anna)

    assert len(read(f"{toetsing.uri}/outbox")["orderedItems"]) == 1


def test_followers_of_a_community_are_counted_all_and_named_none(
    read: Read, anna: Account, toetsing: Community
) -> None:
    with unit_of_work():
        memberships.join_community(make_account("bob", host="a.test"), toetsing)

    followers = read(f"{toetsing.uri}/followers")

    assert followers["type"] == "Collection"
    assert (followers["totalItems"], followers["items"]) == (2, [])
    assert read(followers["first"]["id"])["type"] == "CollectionPage"


def test_followers_and_following_of_a_person_have_a_first_page(read: Read, anna: Account) -> None:
    for name in ("followers", "following"):
        found = read(f"{anna.uri}/{name}")
        assert found["type"] == "OrderedCollection"
        assert found["totalItems"] == 0
        assert read(found["first"])["orderedItems"] == []


def test_pinned_posts_stand_in_full_also_those_of_other_servers(
    read: Read, anna: Account, toetsing: Community
) -> None:
    ours, theirs = make_post(toetsing, anna), remote_post(toetsing)
    pin(ours, anna)
    pin(theirs, anna)

    featured = read(f"{toetsing.uri}/featured")

    assert featured["totalItems"] == 2
    items = {item["id"]: item for item in featured["orderedItems"]}
    assert set(items) == {ours.uri, theirs.uri}
    assert all(item["type"] == "Page" for item in items.values())
    assert items[theirs.uri]["cc"] == []
    assert "context" not in items[theirs.uri]


def test_replies_and_context_name_all_answers_wherever_they_were_written(
    read: Read, get: Get, anna: Account, toetsing: Community
) -> None:
    post = make_post(toetsing, anna)
    first = make_comment(post, anna)
    nested = make_comment(post, anna, parent=first)
    bob = make_account("bob", host="a.test")
    with unit_of_work():
        draft = comments.CommentDraft(body_source="", body_html="<p>Hoi</p>")
        origin = Remote(uri="http://a.test/comment/1")
        theirs = comments.publish_comment(bob, post, None, draft, origin)
        theirs_path = f"/comment/{theirs.public_id}/replies"

    context = read(f"{post.uri}/context")
    replies = read(f"{post.uri}/replies")

    everything = [post.uri, first.uri, nested.uri, "http://a.test/comment/1"]
    assert context["orderedItems"] == everything
    assert (context["totalItems"], context["attributedTo"]) == (4, toetsing.uri)
    assert replies["first"]["items"] == [first.uri, "http://a.test/comment/1"]
    assert read(f"{first.uri}/replies")["first"]["items"] == [nested.uri]
    assert get(theirs_path).status_code == 404


def test_a_long_thread_comes_in_pages(
    read: Read, get: Get, anna: Account, toetsing: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collections, "IDS_PAGE", 2)
    post = make_post(toetsing, anna)
    uris = [make_comment(post, anna).uri for _ in range(4)]

    for name, expected in (("context", [post.uri, *uris]), ("replies", uris)):
        found, address = [], f"{post.uri}/{name}?page=1"
        while address:
            page = read(address)
            found += page.get("orderedItems", page.get("items"))
            address = page.get("next")
        assert found == expected
    assert get(f"{post.uri}/replies?page=0").status_code == 400


def test_moderators_are_ids_the_owner_first(read: Read, anna: Account, toetsing: Community) -> None:
    carla = make_account("carla")
    with unit_of_work():
        memberships.set_moderator(toetsing, carla, True, anna)

    moderators = read(f"{toetsing.uri}/moderators")

    assert moderators["orderedItems"] == [anna.uri, carla.uri]
    assert moderators["totalItems"] == 2


def test_the_person_of_the_server_is_a_moderator_of_its_groups(
    read: Read, anna: Account, toetsing: Community
) -> None:
    with unit_of_work():
        own = get_moderation_account()

    moderators = read(f"{toetsing.uri}/moderators")

    assert moderators["orderedItems"] == [anna.uri, own.uri]
    assert moderators["totalItems"] == 2
    assert read(own.uri)["type"] == "Person"


def test_collections_of_what_is_closed_or_remote_are_not_found(
    get: Get, anna: Account, toetsing: Community
) -> None:
    post = make_post(toetsing, anna)
    far = make_community("ver", host="a.test")
    with unit_of_work():
        session().get_one(Community, toetsing.id).visibility = Visibility.MEMBERS

    for name in ("outbox", "followers", "following", "moderators", "featured"):
        assert get(f"{toetsing.uri}/{name}").status_code == 404
        assert get(f"/c/{far.page_name}/{name}").status_code == 404
    for name in ("replies", "context"):
        assert get(f"{post.uri}/{name}").status_code == 404


def test_the_server_itself_has_an_empty_outbox(read: Read) -> None:
    assert read("/outbox")["orderedItems"] == []
