"""Verbs times owners (security.md A033): who may speak of what, told by origins (FEP-fe34)."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import inspect

from app.core.db import Base, db, session
from app.forum.queries.comments import find_comment_by_uri
from app.forum.queries.posts import find_post_by_uri
from federation.dereference.chase import Chase
from federation.transport.client import activity_client
from tests.support.factories import make_account, make_comment, make_community, make_post
from tests.support.fediverse import FakeFediverse, RemoteActor, activity, note, page
from tests.support.inbox import outcome

Settle = Callable[[], None]
VERBS = ("Create", "Update", "Delete", "Undo", "Add", "Remove", "Accept", "Reject", "Move", "Block")
# What may change when somebody is refused: the inbox itself, and who is known by name.
OF_THE_GATE = {"inbox_activity", "peer", "actor", "account", "lease", "following", "membership"}


@pytest.fixture
def world(fediverse: FakeFediverse, settle: Settle) -> dict[tuple[str, str], Any]:
    """Things of ours and of bob@victim.test, as mal@evil.test would name them."""
    anna = make_account("anna")
    community = make_community("toetsing", owner=anna)
    post = make_post(community, anna)
    comment = make_comment(post, anna)
    bob = fediverse.person("bob", "victim.test")
    group = fediverse.group("tuin", "victim.test")
    Chase(activity_client()).bring(group.uri)
    thread = fediverse.put(page(bob, community.uri))
    answer = fediverse.put(note(bob, inReplyTo=post.uri))
    like = activity("Like", bob, post.uri)
    follow = activity("Follow", bob, community.uri)
    for one in (activity("Create", bob, thread), activity("Create", bob, answer), like, follow):
        fediverse.deliver(one, bob)
    settle()
    ours = {
        "post": {**page(bob, community.uri), "id": post.uri, "attributedTo": anna.uri},
        "comment": {**note(bob), "id": comment.uri, "attributedTo": anna.uri},
        "person": {**bob.document, "id": anna.uri},
        "group": {**group.document, "id": community.uri},
        "like": {**like, "id": "http://ons.test/activities/like/1", "actor": anna.uri},
        "follow": {**follow, "id": "http://ons.test/activities/follow/1", "actor": anna.uri},
    }
    theirs = {
        "post": thread,
        "comment": answer,
        "person": bob.document,
        "group": group.document,
        "like": like,
        "follow": follow,
    }
    return {("ours", name): thing for name, thing in ours.items()} | {
        ("victim", name): thing for name, thing in theirs.items()
    }


def contents() -> dict[str, list[Any]]:
    """Everything stored, apart from what the gate keeps."""
    session().rollback()
    session().expire_all()
    with db.engine.connect() as connection:
        made = set(inspect(connection).get_table_names()) - OF_THE_GATE
        return {
            name: list(connection.execute(table.select()).all())
            for name, table in Base.metadata.tables.items()
            if name in made
        }


@pytest.mark.parametrize("verb", VERBS)
def test_mal_does_nothing_to_what_is_anothers(
    fediverse: FakeFediverse, world: dict[tuple[str, str], Any], settle: Settle, verb: str
) -> None:
    mal = fediverse.person("mal", "evil.test")
    fediverse.deliver(activity("Like", mal, "http://ons.test/post/x"), mal)
    settle()
    before = contents()
    forms = [
        form
        for document in world.values()
        for form in (document, {**document, "attributedTo": mal.uri}, document["id"])
    ]

    for form in forms:
        answer = fediverse.deliver(activity(verb, mal, form), mal)
        settle()
        assert answer.status_code in {202, 400, 403}
        if answer.status_code == 202:
            assert outcome()[0] in {"refused", "ignored"}

    assert contents() == before


@pytest.mark.parametrize("field", ["attributedTo", "id", "type", "actor", "object"])
@pytest.mark.parametrize("shape", ["two", "objects", "nested", "null", "number", "empty"])
def test_lists_and_nothings_where_one_text_belongs_are_refused(
    fediverse: FakeFediverse, settle: Settle, field: str, shape: str
) -> None:
    community = make_community("toetsing")
    mal = fediverse.person("mal", "evil.test")
    bob = fediverse.person("bob", "victim.test")
    value = {
        "two": [mal.uri, bob.uri],
        "objects": [{"id": mal.uri}, bob.uri],
        "nested": [[bob.uri]],
        "null": None,
        "number": 5,
        "empty": [],
    }[shape]
    create = activity("Create", mal, page(mal, community.uri))
    if field == "attributedTo":
        create["object"][field] = value
    else:
        create[field] = value

    answer = fediverse.deliver(create, mal)
    settle()

    assert answer.status_code in {400, 401, 403}
    assert not contents()["post"]


def test_a052_an_activity_id_of_another_host(fediverse: FakeFediverse) -> None:
    mal = fediverse.person("mal", "evil.test")
    like = {**activity("Like", mal, "http://ons.test/p"), "id": "http://victim.test/activities/1"}

    answer = fediverse.deliver(like, mal)

    assert answer.status_code == 403
    assert answer.json is not None
    assert answer.json["reason"] == "activity-id-elsewhere"


def test_a134_who_is_suspended_does_nothing(fediverse: FakeFediverse, settle: Settle) -> None:
    community = make_community("toetsing")
    mal: RemoteActor = fediverse.person("mal", "evil.test")
    fediverse.deliver(activity("Like", mal, "http://ons.test/p"), mal)
    account = make_account("mal", host="evil.test")
    account.state = "suspended"
    session().commit()
    thing = page(mal, community.uri)

    answer = fediverse.deliver(activity("Create", mal, thing), mal)
    settle()

    assert answer.status_code == 403
    assert find_post_by_uri(thing["id"]) is find_comment_by_uri(thing["id"]) is None
