"""Pins and moderators, told by the collections of a group (federation.md section 3.8)."""

import pytest

from app.core.db import unit_of_work
from app.forum.queries.communities import list_moderators
from app.forum.services import memberships
from tests.support.factories import make_account, make_post
from tests.support.fediverse import Json, activity
from tests.support.inbox import outcome
from tests.support.moderating import Place, Scene


def moderators(place: Place) -> list[str]:
    return [account.uri for account in list_moderators(place.community)]


def test_a_pin_and_its_end(scene: Scene) -> None:
    place, mo = scene.ours, scene.ours.moderator

    scene.take(activity("Add", mo, place.thread_uri, target=place.featured), mo)
    assert place.thread.is_pinned
    scene.take(activity("Remove", mo, place.thread_uri, target=place.featured), mo)

    assert not place.thread.is_pinned


def test_the_target_may_be_whole_and_is_compared_as_the_group_names_it(scene: Scene) -> None:
    place = scene.theirs
    target = {"type": "OrderedCollection", "id": place.featured}

    scene.wrapped(place, activity("Add", place.moderator, place.thread_uri, target=target))
    assert place.thread.is_pinned
    other = f"{place.uri}/featured/"
    scene.wrapped(place, activity("Remove", place.moderator, place.thread_uri, target=other))

    assert outcome() == ("ignored", "target-of-no-use")
    assert place.thread.is_pinned


def test_a_thread_of_another_group_is_not_pinned(scene: Scene) -> None:
    place, mo = scene.ours, scene.ours.moderator

    for uri in (scene.theirs.thread_uri, make_post(scene.vakken, scene.anna).uri):
        scene.take(activity("Add", mo, uri, target=place.featured), mo)
        assert outcome() == ("refused", "object-of-another-group")


@pytest.mark.parametrize("verb", ["Add", "Remove"])
def test_a_thread_that_moves_is_no_matter_of_moderators(scene: Scene, verb: str) -> None:
    """NodeBB moves threads with a context as target."""
    place, mo = scene.ours, scene.ours.moderator
    target = f"{place.thread_uri}/context"

    scene.take(activity(verb, mo, place.thread_uri, target=target), mo)

    assert outcome() == ("ignored", "target-of-no-use")


def test_the_owner_of_ours_from_elsewhere_appoints_and_others_do_not(scene: Scene) -> None:
    place, mo, member = scene.ours, scene.ours.moderator, scene.people["member"]

    scene.take(activity("Add", mo, member.uri, target=place.moderators), mo)

    assert outcome()[0] == "refused"
    assert member.uri not in moderators(place)


def test_the_list_of_a_group_elsewhere_is_believed_and_not_the_act(scene: Scene) -> None:
    place, member = scene.theirs, scene.people["member"]
    assert place.group is not None
    add = activity("Add", place.moderator, member.uri, target=place.moderators)

    scene.wrapped(place, add)
    assert member.uri not in moderators(place)
    scene.list_moderators(place.group, place.moderator.uri, member.uri)
    scene.wrapped(place, {**add, "id": f"{add['id']}-2"})

    assert moderators(place) == [place.moderator.uri, member.uri]


@pytest.mark.parametrize("shape", ["ids", "objects"])
def test_somebody_unknown_is_fetched_and_becomes_moderator(scene: Scene, shape: str) -> None:
    place = scene.theirs
    assert place.group is not None
    new = scene.fediverse.person("nieuw", "ver.test")
    members: list[str | Json] = [place.moderator.uri, new.uri]
    if shape == "objects":
        members = [place.moderator.document, new.document]
    scene.list_moderators(place.group, *members)

    scene.wrapped(place, activity("Add", place.moderator, new.uri, target=place.moderators))

    assert outcome() == ("done", None)
    assert moderators(place) == [place.moderator.uri, new.uri]


def test_our_person_moderates_elsewhere_once_the_list_says_so(scene: Scene) -> None:
    place = scene.theirs
    assert place.group is not None
    carla = "http://ons.test/u/carla"
    scene.list_moderators(place.group, place.moderator.uri, carla)

    scene.wrapped(place, activity("Add", place.moderator, carla, target=place.moderators))

    assert carla in moderators(place)


def test_who_was_dismissed_there_does_nothing_more(scene: Scene) -> None:
    place = scene.theirs
    assert place.group is not None
    scene.list_moderators(place.group)

    scene.wrapped(place, activity("Lock", place.moderator, place.thread_uri))

    assert outcome() == ("refused", "not-a-moderator")
    assert not place.thread.is_locked
    assert moderators(place) == []


def test_a_list_that_cannot_be_read_dismisses_nobody(scene: Scene) -> None:
    place = scene.theirs
    scene.fediverse.server("groep.test").answers.pop("/c/tuin/moderators")

    scene.wrapped(place, activity("Lock", place.moderator, place.thread_uri))

    assert outcome() == ("done", None)
    assert place.thread.is_locked


def test_a_list_on_pages_dismisses_nobody(scene: Scene) -> None:
    place = scene.theirs
    first = f"{place.moderators}?page=1"
    paged = {"id": place.moderators, "type": "OrderedCollection", "totalItems": 1, "first": first}
    scene.fediverse.put(paged)

    scene.wrapped(place, activity("Lock", place.moderator, place.thread_uri))

    assert moderators(place) == [place.moderator.uri]
    assert place.thread.is_locked


def test_a_moderator_of_ours_may_be_dismissed_by_the_owner_only(scene: Scene) -> None:
    place, mo = scene.ours, scene.ours.moderator
    carla = make_account("lien")
    with unit_of_work():
        memberships.set_moderator(place.community, carla, is_moderator=True, by=None)

    scene.take(activity("Remove", mo, carla.uri, target=place.moderators), mo)

    assert carla.uri in moderators(place)


def test_a_group_elsewhere_tells_itself_whom_it_appointed(scene: Scene) -> None:
    place, member = scene.theirs, scene.people["member"]
    assert place.group is not None
    scene.list_moderators(place.group, place.moderator.uri, member.uri)

    scene.take(activity("Add", place.group, member.uri, target=place.moderators), place.group)

    assert outcome() == ("done", None)
    assert scene.account(member) in list_moderators(place.community)
