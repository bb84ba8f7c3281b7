"""Reports that come from elsewhere."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core.db import session, unit_of_work
from app.forum.services import memberships, posts
from app.moderation.models.report import Report
from tests.support.factories import make_account, make_comment, make_post, sign_in
from tests.support.fediverse import Json, RemoteActor, activity
from tests.support.inbox import outcome
from tests.support.moderating import Scene


def reports() -> list[Report]:
    session().expire_all()
    return list(session().scalars(select(Report).order_by(Report.id)))


def flag(by: RemoteActor, *things: object, **extra: object) -> Json:
    thing = things[0] if len(things) == 1 else list(things)
    return activity("Flag", by, thing, **{"to": [], "summary": "grof", **extra})


@pytest.mark.parametrize("order", ["account first", "account last", "one id", "documents"])
def test_a_report_reaches_the_moderators_in_whatever_form(scene: Scene, order: str) -> None:
    place, member = scene.ours, scene.people["member"]
    who, what = place.writer.uri, place.thread_uri
    things: tuple[object, ...] = {
        "account first": (who, what),
        "account last": (what, who),
        "one id": (what,),
        "documents": ({"type": "Person", "id": who}, {"type": "Page", "id": what}),
    }[order]

    document = flag(member, *things, to=[place.uri])
    scene.take(document, member)

    (report,) = reports()
    assert report.post_id == place.thread.id
    assert report.community_id == place.community.id
    assert report.reporter is not None
    assert report.reporter.uri == member.uri
    assert (report.reason, report.remote_uri) == ("grof", document["id"])


@pytest.mark.parametrize("field", ["summary", "content"])
def test_the_reason_stands_in_summary_or_content(scene: Scene, field: str) -> None:
    member = scene.people["member"]
    reason = {"summary": None, "content": None, field: "Dit is reclame"}

    scene.take(flag(member, scene.ours.thread_uri, **reason), member)

    assert [one.reason for one in reports()] == ["Dit is reclame"]


def test_a_server_that_names_nobody_is_itself_the_reporter(scene: Scene) -> None:
    """Mastodon: the account first, then texts, `to` a text, no reason given."""
    server = scene.fediverse.at("http://mast.test/actor", "Application")
    comment = make_comment(scene.ours.thread, scene.anna)
    document = flag(server, scene.anna.uri, scene.ours.thread_uri, comment.uri)
    document |= {"summary": None, "content": "", "to": scene.anna.uri}

    scene.take(document, server)

    found = reports()
    assert [one.reporter_id for one in found] == [None, None]
    assert {one.reporter_host for one in found} == {"mast.test"}
    assert [one.comment_id for one in found] == [None, comment.id]


def test_a_person_of_ours_is_reported(scene: Scene) -> None:
    member = scene.people["member"]

    scene.take(flag(member, "http://ons.test/u/carla"), member)

    (report,) = reports()
    assert report.target is None
    assert report.account is not None
    assert report.account.name == "carla"


def test_what_our_person_wrote_elsewhere_is_our_business(scene: Scene) -> None:
    member = scene.people["member"]
    with unit_of_work():
        carla = scene.account_here("carla")
    post = make_post(scene.theirs.community, carla)

    scene.take(flag(member, post.uri), member)

    assert [one.post_id for one in reports()] == [post.id]


def test_what_is_of_no_concern_here_is_left_alone(scene: Scene) -> None:
    member = scene.people["member"]

    scene.take(flag(member, scene.theirs.thread_uri, scene.theirs.writer.uri), member)

    assert outcome() == ("ignored", "nothing-of-ours")
    assert reports() == []


def test_one_text_that_is_gone_does_not_spoil_the_others(scene: Scene) -> None:
    member = scene.people["member"]
    gone = make_post(scene.ours.community, scene.anna)
    with unit_of_work():
        posts.remove_post(gone, scene.anna, "dubbel")

    scene.take(flag(member, gone.uri, scene.ours.thread_uri), member)

    assert [one.post_id for one in reports()] == [scene.ours.thread.id]


def test_a_group_elsewhere_tells_its_moderators_among_ours(scene: Scene) -> None:
    place, member = scene.theirs, scene.people["member"]

    scene.wrapped(place, flag(member, place.thread_uri))
    assert outcome() == ("ignored", "nothing-of-ours")
    with unit_of_work():
        carla = scene.account_here("carla")
        memberships.set_moderator(place.community, carla, is_moderator=True, by=None)
    scene.wrapped(place, flag(member, place.thread_uri))

    (report,) = reports()
    assert report.community_id == place.community.id


def test_a_group_speaks_for_reports_of_its_own_texts_only(scene: Scene) -> None:
    evil, member = scene.evil_group(), scene.people["member"]

    scene.take(activity("Announce", evil, flag(member, scene.ours.thread_uri)), evil)

    assert outcome()[0] in {"ignored", "refused"}
    assert reports() == []


def test_the_same_complaint_twice_is_one_report(scene: Scene) -> None:
    member = scene.people["member"]

    for _ in range(2):
        scene.take(flag(member, scene.ours.thread_uri), member)

    assert len(reports()) == 1


def test_a_whole_group_of_ours_is_reported_to_the_administrators(scene: Scene) -> None:
    member = scene.people["member"]

    scene.take(flag(member, scene.ours.uri, to=[scene.ours.uri]), member)
    scene.take(flag(member, "http://ons.test/c/vakken"), member)
    scene.take(flag(member, scene.ours.uri), member)  # the same again, while it is open

    assert outcome() == ("done", None)
    whole, other = reports()
    assert whole.about_community_id == scene.ours.community.id
    assert (whole.community_id, whole.account_id, whole.target) == (None, None, None)
    assert other.about_community_id == scene.vakken.id


def test_a_text_or_person_that_is_named_too_is_what_is_meant(scene: Scene) -> None:
    member = scene.people["member"]

    scene.take(flag(member, scene.ours.uri, scene.ours.thread_uri), member)
    scene.take(flag(member, scene.ours.uri, scene.anna.uri), member)

    assert [one.about_community_id for one in reports()] == [None, None]


def test_a_group_elsewhere_is_nobodys_business_here(scene: Scene) -> None:
    member = scene.people["member"]

    scene.take(flag(member, scene.theirs.uri), member)

    assert outcome() == ("ignored", "nothing-of-ours")


def test_a_moderator_of_the_group_does_not_settle_what_is_said_about_it(scene: Scene) -> None:
    member, mo = scene.people["member"], scene.ours.moderator
    said = flag(member, scene.ours.uri)
    scene.take(said, member)

    scene.take(activity("Resolve", mo, said), mo)

    assert outcome() == ("refused", "not-a-moderator")
    assert reports()[0].state == "open"


def test_administrators_see_a_report_about_a_group_and_settle_it(
    scene: Scene, client: FlaskClient
) -> None:
    member = scene.people["member"]
    scene.take(flag(member, scene.ours.uri, summary="haatgroep"), member)
    sign_in(client, make_account("bea", admin=True))

    page = client.get("/moderatie").text

    assert "haatgroep" in page
    assert "Groep: " in page
    assert f"/c/{scene.ours.community.name}" in page
