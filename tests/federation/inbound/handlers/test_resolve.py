"""Reports that somebody elsewhere dealt with, and warnings."""

import pytest
from sqlalchemy import select

from app.core.db import session, unit_of_work
from app.moderation.models.log_entry import LogEntry
from app.moderation.models.report import Report, ReportState
from app.moderation.services import reports
from app.notifications.models import Notification, NotificationKind
from tests.support.factories import make_post
from tests.support.fediverse import Json, activity
from tests.support.moderating import Scene


def report() -> Report:
    session().expire_all()
    return session().scalars(select(Report)).one()


@pytest.mark.parametrize("form", ["as it came", "its id", "a new id"])
def test_a_moderator_elsewhere_closes_a_report(scene: Scene, form: str) -> None:
    """Lemmy makes the Flag that it embeds anew, with another id."""
    place, member = scene.ours, scene.people["member"]
    flag = activity("Flag", member, place.thread_uri, to=[place.uri], summary="grof")
    scene.take(flag, member)
    named: str | Json = {
        "as it came": flag,
        "its id": flag["id"],
        "a new id": {**flag, "id": "http://calm.test/activities/flag/9"},
    }[form]

    scene.take(activity("Resolve", place.moderator, named, to=[place.uri]), place.moderator)

    assert report().state == ReportState.RESOLVED
    assert report().outcome


def test_the_report_of_our_person_is_closed_by_its_id(scene: Scene) -> None:
    place = scene.theirs
    with unit_of_work():
        carla = scene.account_here("carla")
        made = reports.make_report(carla, place.thread, "grof")
    uri = f"http://ons.test/activities/flag/{made.public_id}"
    flag = {**activity("Flag", place.moderator, place.thread_uri), "id": uri, "actor": carla.uri}

    scene.wrapped(place, activity("Resolve", place.moderator, flag, summary="Weggehaald."))

    assert report().state == ReportState.RESOLVED
    assert report().outcome == "Weggehaald."


def test_our_person_is_warned_and_the_text_stays(scene: Scene) -> None:
    place = scene.theirs
    with unit_of_work():
        carla = scene.account_here("carla")
    post = make_post(place.community, carla)
    warning = activity("Warn", place.moderator, post.uri, summary="Let op je toon", to=[carla.uri])

    scene.take(warning, place.moderator)

    session().expire_all()
    assert post.is_published
    told = session().scalars(select(Notification)).all()
    assert [(one.account_id, one.kind) for one in told] == [(carla.id, NotificationKind.WARNED)]
    entry = session().scalars(select(LogEntry).where(LogEntry.action == "person_warned")).one()
    assert (entry.reason, entry.account_id) == ("Let op je toon", carla.id)
