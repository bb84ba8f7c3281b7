"""One broken thing in what a server lists keeps the others from nobody (security.md A109)."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.accounts.models.account import Account
from app.core.db import session
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.queries.communities import find_community_by_uri, list_moderators
from federation.models.backfill import BackfillState, CommunityBackfill
from tests.federation.dereference.conftest import follow
from tests.support.lemmy import LemmyGroup, collection

ReadAll = Callable[[], int]
OUTBOX = "/c/tuin/outbox"


def titles() -> set[str]:
    return set(session().scalars(select(Post.title)))


def state() -> str:
    session().expire_all()
    return str(session().scalars(select(CommunityBackfill.state)).one())


def broken(lemmy: LemmyGroup) -> list[Any]:
    """Things that each go wrong at another place: reading, fetching, believing, storing."""
    root = lemmy.server.root
    author = lemmy.people[0].uri
    page = {"type": "Page", "attributedTo": author, "to": [lemmy.uri], "audience": lemmy.uri}
    return [
        7,
        {"type": "Page"},
        f"{root}/post/weg",
        f"{root}/post/geen-json",
        "http://evil.test/nergens",
        {**page, "id": f"{root}/post/900", "attributedTo": [author, "http://lemmy.test/u/x"]},
        {**page, "id": f"{root}/post/901", "name": {"a": 1}, "content": 5},
        {**page, "id": f"{root}/post/902", "attributedTo": "http://evil.test/u/mal"},
        {**page, "id": f"{root}/post/903", "published": "gisteren", "name": "\x00", "content": ""},
        lemmy.announce({"id": f"{root}/a/1", "type": "Create", "actor": author, "object": [1, 2]}),
    ]


def test_an_outbox_is_read_around_what_is_broken(
    lemmy: LemmyGroup, anna: Account, read_all: ReadAll
) -> None:
    first, last = lemmy.thread("Eerste"), lemmy.thread("Laatste")
    items = [
        lemmy.announce(lemmy.create(first)),
        *broken(lemmy),
        lemmy.announce(lemmy.create(last)),
    ]
    lemmy.refresh()
    lemmy.put("/post/geen-json", "geen json")
    lemmy.put(OUTBOX, collection(f"{lemmy.uri}/outbox", items))

    follow(anna, lemmy)
    read_all()

    assert titles() >= {"Eerste", "Laatste"}
    assert state() == BackfillState.DONE


def test_a_broken_page_of_an_outbox_keeps_the_first_page(
    lemmy: LemmyGroup, anna: Account, read_all: ReadAll
) -> None:
    uri = f"{lemmy.uri}/outbox"
    first = collection(uri, [lemmy.announce(lemmy.create(lemmy.thread("Eerste")))])
    lemmy.refresh()
    lemmy.put(OUTBOX, first | {"next": f"{uri}?page=2"})
    lemmy.put(f"{OUTBOX}?page=2", {"type": "OrderedCollectionPage", "orderedItems": {"a": [5]}})

    follow(anna, lemmy)
    read_all()

    assert titles() == {"Eerste"}
    assert state() == BackfillState.DONE


def test_pins_are_read_around_what_is_broken(
    lemmy: LemmyGroup, anna: Account, read_all: ReadAll
) -> None:
    pinned = lemmy.thread("Huisregels")
    lemmy.refresh()
    lemmy.put("/post/geen-json", "geen json")
    uri = f"{lemmy.uri}/featured"
    lemmy.put("/c/tuin/featured", collection(uri, [*broken(lemmy), pinned]))

    follow(anna, lemmy)
    read_all()

    found = session().scalars(select(Post.title).where(Post.is_pinned.is_(True))).all()
    assert "Huisregels" in found


def test_moderators_are_read_around_who_is_broken(
    lemmy: LemmyGroup, anna: Account, read_all: ReadAll
) -> None:
    known = lemmy.people[3]
    odd = [5, None, {"id": 7}, "http://evil.test/u/nergens", "geen adres"]
    lemmy.put("/c/tuin/moderators", collection(f"{lemmy.uri}/moderators", [*odd, known.uri]))

    follow(anna, lemmy)
    read_all()

    community = find_community_by_uri(lemmy.uri)
    assert community is not None
    assert [one.uri for one in list_moderators(community)] == [known.uri]


def test_a_thread_is_read_around_what_is_broken(
    lemmy: LemmyGroup, anna: Account, read_all: ReadAll
) -> None:
    post = lemmy.thread("Snoeien")
    lemmy.comment(post, content={"a": 1}, attributedTo=[])
    lemmy.comment(post, published=7)
    answer = lemmy.comment(post)
    lemmy.refresh()

    follow(anna, lemmy)
    read_all()

    assert answer["id"] in session().scalars(select(Comment.remote_uri)).all()


@pytest.mark.parametrize("name", ["tag", "attachment", "cc"])
def test_a_post_is_taken_with_what_can_be_read_of_it(
    lemmy: LemmyGroup, anna: Account, read_all: ReadAll, name: str
) -> None:
    lemmy.thread("Snoeien", **{name: [5, {"type": "Mention"}, {"url": []}, None, [[]]]})
    lemmy.refresh()

    follow(anna, lemmy)
    read_all()

    assert titles() == {"Snoeien"}
