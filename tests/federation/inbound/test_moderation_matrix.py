"""Verbs of moderation times who says them times whose group (security.md A033, A051, A128)."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.core.db import session, unit_of_work
from app.moderation.models.log_entry import LogEntry
from app.moderation.services import reports
from tests.support.fediverse import Json, RemoteActor, activity
from tests.support.inbox import outcome
from tests.support.moderating import Place, Scene, changes, contents

Make = Callable[[RemoteActor, Place, Scene], Json]


def _act(verb: str, **extra: Any) -> Make:
    def make(by: RemoteActor, place: Place, _scene: Scene) -> Json:
        return activity(verb, by, place.thread_uri, summary="zo is het", **extra)

    return make


def _undo(inner: Make) -> Make:
    def make(by: RemoteActor, place: Place, scene: Scene) -> Json:
        return activity("Undo", by, inner(by, place, scene))

    return make


def _list(verb: str, which: str) -> Make:
    def make(by: RemoteActor, place: Place, scene: Scene) -> Json:
        thing = place.thread_uri if which == "featured" else scene.people["member"].uri
        return activity(verb, by, thing, target=getattr(place, which))

    return make


def _block(by: RemoteActor, place: Place, _scene: Scene) -> Json:
    return activity("Block", by, place.writer.uri, target=place.uri, summary="reclame")


def _resolve(by: RemoteActor, place: Place, _scene: Scene) -> Json:
    flag = {**activity("Flag", place.writer, place.thread_uri), "id": FLAG_ID}
    return activity("Resolve", by, flag, to=[place.uri])


FLAG_ID = "http://victim.test/activities/flag/1"
DELETE, LOCK = _act("Delete"), _act("Lock")
PIN = _list("Add", "featured")
# The verb, and what must have been done before.
VERBS: dict[str, tuple[Make, Make | None]] = {
    "Delete": (DELETE, None),
    "Undo Delete": (_undo(DELETE), DELETE),
    "Lock": (LOCK, None),
    "Undo Lock": (_undo(LOCK), LOCK),
    "Add featured": (PIN, None),
    "Remove featured": (_list("Remove", "featured"), PIN),
    "Block": (_block, None),
    "Undo Block": (_undo(_block), _block),
    "Resolve": (_resolve, None),
    "Warn": (_act("Warn"), None),
}
REFUSED = {"refused", "ignored"}


def _log_size() -> int:
    return len(session().scalars(select(LogEntry.id)).all())


def _prepare(scene: Scene, place: Place, before: Make | None) -> None:
    """Have done what the verb undoes, and a report waiting."""
    with unit_of_work():
        source = reports.Source(FLAG_ID, "victim.test")
        reports.make_report(scene.anna, place.thread, "kijk hier", source)
    if before is not None:
        scene.take(before(place.moderator, place, scene), place.moderator)
        assert outcome() == ("done", None)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("where", ["ours", "theirs"])
def test_who_is_listed_does_it_and_it_is_logged(scene: Scene, where: str, verb: str) -> None:
    place: Place = getattr(scene, where)
    make, before = VERBS[verb]
    _prepare(scene, place, before)
    logged = _log_size()

    scene.take(make(place.moderator, place, scene), place.moderator)

    assert outcome() == ("done", None)
    assert _log_size() > logged


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("by", ["home", "listed"])
def test_a_group_elsewhere_passes_on_what_its_own_people_and_moderators_did(
    scene: Scene, by: str, verb: str
) -> None:
    place = scene.theirs
    make, before = VERBS[verb]
    _prepare(scene, place, before)
    actor = place.moderator if by == "listed" else scene.people["home"]
    logged = _log_size()

    scene.wrapped(place, make(actor, place, scene))

    assert outcome() == ("done", None)
    assert _log_size() > logged


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("by", ["home", "member", "stranger", "other", "writer"])
def test_nobody_else_does_anything_in_a_group_of_ours(scene: Scene, by: str, verb: str) -> None:
    place = scene.ours
    make, before = VERBS[verb]
    _prepare(scene, place, before)
    actor = place.writer if by == "writer" else scene.people[by]
    if (by, verb) == ("writer", "Delete"):
        pytest.skip("an author may")
    known = contents()

    scene.take(make(actor, place, scene), actor)

    assert outcome()[0] in REFUSED
    assert outcome()[1]
    assert changes(known) == {}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("by", ["member", "stranger", "other"])
def test_nobody_else_does_anything_in_a_group_elsewhere(scene: Scene, by: str, verb: str) -> None:
    place = scene.theirs
    make, before = VERBS[verb]
    evil = scene.evil_group()
    _prepare(scene, place, before)
    actor = scene.people[by]
    known = contents()

    for group in (None, place.group, evil):
        document = make(actor, place, scene)
        if group is not None:
            document, signer = activity("Announce", group, document), group
        else:
            signer = actor
        scene.take(document, signer)
        assert outcome()[0] in REFUSED
        assert outcome()[1]

    assert changes(known) == {}


@pytest.mark.parametrize("verb", VERBS)
def test_who_merely_lives_on_the_server_of_a_group_does_nothing_there(
    scene: Scene, verb: str
) -> None:
    """Without the group's word an address on its server is no rank (security.md A033, A128)."""
    place, home = scene.theirs, scene.people["home"]
    make, before = VERBS[verb]
    _prepare(scene, place, before)
    known = contents()

    scene.take(make(home, place, scene), home)

    assert outcome()[0] == "refused"
    assert changes(known) == {}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("by", ["group", "server"])
def test_a_group_elsewhere_and_its_server_act_in_their_own_name(
    scene: Scene, by: str, verb: str
) -> None:
    place = scene.theirs
    make, before = VERBS[verb]
    _prepare(scene, place, before)
    actor = place.group
    if by == "server":
        actor = scene.fediverse.at("http://groep.test/", "Application")
        scene.introduce(actor)
    assert actor is not None
    logged = _log_size()

    scene.take(make(actor, place, scene), actor)

    assert outcome() == ("done", None)
    assert _log_size() > logged


@pytest.mark.parametrize("verb", VERBS)
def test_another_group_does_not_speak_for_the_moderators_of_this_one(
    scene: Scene, verb: str
) -> None:
    place = scene.theirs
    make, before = VERBS[verb]
    evil = scene.evil_group()
    _prepare(scene, place, before)
    known = contents()

    scene.take(activity("Announce", evil, make(place.moderator, place, scene)), evil)

    assert outcome()[0] in REFUSED
    assert changes(known) == {}
