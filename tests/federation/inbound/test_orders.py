"""A history ends in one state, in whatever order and however often its steps arrive."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.accounts.models.following import Following
from app.accounts.queries import find_account_by_uri
from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.forum.models.membership import Membership
from app.forum.queries.communities import find_community_by_uri
from app.forum.services import memberships
from federation.dereference.chase import Chase
from federation.transport.client import activity_client
from tests.federation.inbound.histories import (
    THOROUGH,
    Json,
    Scene,
    Step,
    bare,
    draw_order,
    edited,
    liked,
    numbers,
    orders,
    seen,
)
from tests.support.factories import make_account, make_community
from tests.support.fediverse import FakeFediverse, RemoteActor, activity, note, page


@pytest.fixture
def scene(fediverse: FakeFediverse, settle: Callable[[], None]) -> Scene:
    community = make_community("toetsing", owner=make_account("anna"))
    bob, carol = fediverse.person("bob", "victim.test"), fediverse.person("carol", "calm.test")
    for actor in (bob, carol):
        Chase(activity_client()).bring(actor.uri)
    return Scene(fediverse, settle, community, bob, carol, bare)


@pytest.fixture
def passed_on(fediverse: FakeFediverse, scene: Scene) -> Scene:
    """The same, where a group on bob's server passes everything on."""
    group = fediverse.group("tuin", scene.bob.host)
    Chase(activity_client()).bring(group.uri)
    community = find_community_by_uri(group.uri)
    anna = find_account_by_uri("http://ons.test/u/anna")
    assert community is not None
    assert anna is not None
    with unit_of_work():
        memberships.join_community(anna, community)

    def announce(document: Json, _actor: RemoteActor) -> tuple[Json, RemoteActor]:
        return activity("Announce", group, document), group

    scene.community, scene.wrap = community, announce
    return scene


def history(scene: Scene, verbs: frozenset[str]) -> tuple[list[Step], Json]:
    """Of Create, Update, Like, Undo and Delete those asked for, in the order of life."""
    first = page(scene.bob, scene.community.uri, "Eerst", published=_hours_ago(2))
    second = edited(first, name="Daarna", content="<p>Beter</p>")
    like, undo = liked(scene.carol, first["id"])
    steps = {
        "Create": Step("Create", scene.bob, first),
        "Update": Step("Update", scene.bob, second),
        "Like": like,
        "Undo": undo,
        "Delete": Step("Delete", scene.bob, {"id": first["id"], "type": "Tombstone"}),
    }
    if "Delete" in verbs:
        scene.hide(first)
    else:
        scene.show(second if "Update" in verbs else first)
    return [step for verb, step in steps.items() if verb in verbs], first


def _hours_ago(hours: int) -> str:
    return (utcnow() - timedelta(hours=hours)).isoformat()


HISTORIES = [
    frozenset({"Create", "Update", "Like", "Undo", "Delete"}),
    frozenset({"Create", "Update", "Like", "Undo"}),
    frozenset({"Create", "Update", "Like"}),
    frozenset({"Create", "Delete"}),
]


def ends(verbs: frozenset[str]) -> Callable[[tuple[Any, ...]], bool]:
    """What the end must be: told by the steps alone, not by what our program made of them."""
    if "Delete" in verbs:
        return partial(_equals, ("gone",))
    votes = 1 if "Like" in verbs and "Undo" not in verbs else 0
    return partial(_stands, votes)


def _equals(wanted: tuple[Any, ...], found: tuple[Any, ...]) -> bool:
    return found == wanted


def _stands(votes: int, found: tuple[Any, ...]) -> bool:
    title, body, when, *counted = found
    return (title, body, counted) == ("Daarna", "<p>Beter</p>", [votes, votes]) and when is not None


@pytest.mark.parametrize("verbs", HISTORIES, ids=lambda verbs: "+".join(sorted(verbs)))
@THOROUGH
@given(data=orders)
def test_the_life_of_a_post_in_our_community(
    scene: Scene, verbs: frozenset[str], data: st.DataObject
) -> None:
    steps, thing = history(scene, verbs)
    order, pauses = draw_order(data, steps)

    scene.play(order, settles=pauses)

    assert ends(verbs)(seen(thing["id"])), seen(thing["id"])


@pytest.mark.parametrize("verbs", HISTORIES, ids=lambda verbs: "+".join(sorted(verbs)))
@THOROUGH
@given(data=orders)
def test_the_life_of_a_post_that_a_group_elsewhere_passes_on(
    passed_on: Scene, verbs: frozenset[str], data: st.DataObject
) -> None:
    steps, thing = history(passed_on, verbs)
    order, pauses = draw_order(data, steps)

    passed_on.play(order, settles=pauses)

    assert ends(verbs)(seen(thing["id"])), seen(thing["id"])


@pytest.mark.parametrize("is_shown", [True, False])
@THOROUGH
@given(data=orders)
def test_a_thread_and_an_answer_with_their_edits(
    scene: Scene, data: st.DataObject, is_shown: bool
) -> None:
    first = page(scene.bob, scene.community.uri, "Eerst", published=_hours_ago(3))
    second = edited(first, name="Daarna", content="<p>Beter</p>")
    answer = note(scene.carol, "<p>Ja</p>", inReplyTo=first["id"], published=_hours_ago(2))
    better = edited(answer, content="<p>Nee</p>")
    like, _ = liked(scene.bob, answer["id"])
    if is_shown:
        scene.show(second, better)
    steps = [
        Step("Create", scene.bob, first),
        Step("Update", scene.bob, second),
        Step("Create", scene.carol, answer),
        Step("Update", scene.carol, better),
        like,
    ]
    order, pauses = draw_order(data, steps)

    scene.play(order, settles=pauses)

    assert seen(first["id"])[:2] == ("Daarna", "<p>Beter</p>")
    place, body, when, *votes = seen(answer["id"])
    assert (place, body, votes) == ((first["id"], 1), "<p>Nee</p>", [1, 1])
    assert when is not None


@THOROUGH
@given(data=orders)
def test_three_generations_whose_servers_show_nothing(scene: Scene, data: st.DataObject) -> None:
    root = page(scene.bob, scene.community.uri, "Begin")
    child = note(scene.carol, "<p>Kind</p>", inReplyTo=root["id"])
    grandchild = note(scene.bob, "<p>Kleinkind</p>", inReplyTo=child["id"])
    authors = (scene.bob, scene.carol, scene.bob)
    documents = (root, child, grandchild)
    steps = [Step("Create", who, what) for who, what in zip(authors, documents, strict=True)]
    order, pauses = draw_order(data, steps)

    scene.play(order, settles=pauses)

    assert [seen(one["id"])[0] for one in documents] == [
        "Begin",
        (root["id"], 1),
        (root["id"], 2),
    ]


@pytest.mark.parametrize("of", ["community", "person"])
@pytest.mark.parametrize("is_undone", [True, False])
@THOROUGH
@given(data=orders)
def test_following_and_letting_go(
    scene: Scene, data: st.DataObject, of: str, is_undone: bool
) -> None:
    whom = scene.community.uri if of == "community" else "http://ons.test/u/anna"
    somebody = scene.fediverse.person(f"volger{next(numbers)}", "victim.test")
    Chase(activity_client()).bring(somebody.uri)
    follow = activity("Follow", somebody, whom)
    undo = activity("Undo", somebody, follow)
    steps = [Step("Follow", somebody, whom, is_undoable=True, document=follow)]
    if is_undone:
        steps.append(Step("Undo", somebody, follow, is_undoable=True, document=undo))
    order, pauses = draw_order(data, steps)

    scene.play(order, settles=pauses)

    account = find_account_by_uri(somebody.uri)
    assert account is not None
    column = Membership.account_id if of == "community" else Following.follower_id
    count = session().scalar(select(func.count()).where(column == account.id)) or 0
    assert count == (0 if is_undone else 1)
