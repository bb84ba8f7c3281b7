"""Flag, Resolve and Warn: who hears of what, and who does not."""

from typing import Any

import pytest

from app.accounts.models.account import Account
from app.core.db import session, unit_of_work
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.queries.posts import find_post_by_uri
from app.forum.services import memberships
from app.moderation.models.report import Report
from app.moderation.services import reports, warnings
from federation.dereference.chase import Chase
from federation.transport.client import activity_client
from tests.federation.outbound.peers import Peers, give_key
from tests.support.factories import make_account, make_post
from tests.support.fediverse import RemoteActor, activity, page


@pytest.fixture
def carla(peers: Peers) -> Account:
    account = make_account("carla")
    give_key(account, 3)
    return account


def written_by(peers: Peers, author: RemoteActor, community: Community) -> Post:
    """A thread by somebody elsewhere in a group of ours."""
    thread = page(author, community.uri)
    peers.take(activity("Create", author, thread), author)
    peers.send()
    peers.forget()
    found = find_post_by_uri(thread["id"])
    assert found is not None
    return found


def group_elsewhere(peers: Peers, software: str = "lemmy") -> tuple[RemoteActor, Community]:
    peers.fediverse.server("groep.test", software)
    group = peers.fediverse.group("tuin", "groep.test")
    Chase(activity_client()).bring(group.uri)
    return group, peers.community(group)


def report(by: Account, post: Post, **source: Any) -> Report:
    with unit_of_work():
        made = reports.Source(**source)
        return reports.make_report(session().merge(by), session().merge(post), "Grof", made)


@pytest.mark.parametrize("software", ["lemmy", "peertube"])
def test_a_forum_hears_who_reports_what(
    peers: Peers, toetsing: Community, carla: Account, software: str
) -> None:
    bob = peers.follower(toetsing, "elders.test", software)
    post = written_by(peers, bob, toetsing)

    made = report(carla, post)

    (flag,) = peers.got("elders.test")
    assert (flag["type"], flag["actor"]) == ("Flag", carla.uri)
    assert flag["object"] == [bob.uri, post.uri]
    assert flag["summary"] == flag["content"] == "Grof"
    assert (flag["to"], flag["cc"]) == ([toetsing.uri], [])
    assert flag["id"] == f"http://ons.test/activities/flag/{made.public_id}"


def test_a_microblog_hears_it_from_the_server_without_a_name(
    peers: Peers, toetsing: Community, carla: Account
) -> None:
    bob = peers.follower(toetsing, "masto.test", "mastodon")
    post = written_by(peers, bob, toetsing)

    report(carla, post)

    (flag,) = peers.got("masto.test")
    assert (flag["type"], flag["actor"]) == ("Flag", "http://ons.test/")
    assert (flag["object"], flag["to"]) == ([bob.uri, post.uri], [bob.uri])
    assert carla.uri not in str(flag)


def test_a_flag_is_for_its_receivers_alone(
    peers: Peers, toetsing: Community, carla: Account
) -> None:
    bob = peers.follower(toetsing, "elders.test", "lemmy")
    post = written_by(peers, bob, toetsing)
    peers.follower(toetsing, "volger.test", "lemmy")

    made = report(carla, post)

    assert peers.got("volger.test") == []
    answer = peers.fediverse.client.get(
        f"http://ons.test/activities/flag/{made.public_id}",
        headers={"Accept": "application/activity+json"},
    )
    assert answer.status_code == 404


def test_the_reporter_may_keep_it_from_the_authors_server(
    peers: Peers, toetsing: Community, carla: Account
) -> None:
    bob = peers.follower(toetsing, "elders.test", "lemmy")
    post = written_by(peers, bob, toetsing)

    report(carla, post, tells_home=False)

    assert peers.got("elders.test") == []


@pytest.mark.parametrize("tells_home", [True, False])
def test_a_text_in_a_group_elsewhere_is_reported_there_in_any_case(
    peers: Peers, carla: Account, tells_home: bool
) -> None:
    group, community = group_elsewhere(peers)
    with unit_of_work():
        memberships.join_community(session().merge(carla), community)
    zoe = peers.fediverse.person("zoe", "derde.test")
    peers.fediverse.server("derde.test").software = "piefed"
    thread = peers.fediverse.put(page(zoe, group.uri))
    peers.take(activity("Announce", group, activity("Create", zoe, thread)), group)
    peers.send()
    peers.forget()
    post = find_post_by_uri(thread["id"])
    assert post is not None

    report(carla, post, tells_home=tells_home)

    (flag,) = peers.got("groep.test")
    assert (flag["type"], flag["to"], flag["audience"]) == ("Flag", [group.uri], group.uri)
    assert peers.kinds("derde.test") == (["Flag"] if tells_home else [])


def test_a_report_here_reaches_our_moderators_elsewhere_and_no_follower(
    peers: Peers, anna: Account, toetsing: Community, carla: Account
) -> None:
    mo = peers.follower(toetsing, "calm.test", "lemmy")
    peers.follower(toetsing, "volger.test", "lemmy")
    peers.follower(toetsing, "masto.test", "mastodon")
    post = make_post(toetsing, anna)
    with unit_of_work():
        memberships.set_moderator(toetsing, peers.account(mo), is_moderator=True, by=None)
    peers.send()
    peers.forget()

    made = report(carla, post)

    (announce,) = peers.got("calm.test")
    assert (announce["type"], announce["object"]["type"]) == ("Announce", "Flag")
    assert announce["object"]["actor"] == carla.uri
    assert peers.got("volger.test") == peers.got("masto.test") == []
    peers.forget()
    with unit_of_work():
        reports.resolve_report(session().get_one(Report, made.id), session().merge(anna), "Klaar")
    (announce,) = peers.got("calm.test")
    assert announce["object"]["type"] == "Resolve"
    assert announce["object"]["object"]["id"].endswith(made.public_id)
    assert peers.got("volger.test") == []


def test_a_report_from_elsewhere_is_passed_on_byte_for_byte_and_its_end_goes_back(
    peers: Peers, anna: Account, toetsing: Community
) -> None:
    mo = peers.follower(toetsing, "calm.test", "lemmy")
    bob = peers.follower(toetsing, "elders.test", "lemmy")
    post = make_post(toetsing, anna)
    with unit_of_work():
        memberships.set_moderator(toetsing, peers.account(mo), is_moderator=True, by=None)
    peers.send()
    peers.forget()
    flag = activity("Flag", bob, post.uri, to=[toetsing.uri], summary="Grof")

    peers.take(flag, bob)

    assert [one["object"] for one in peers.got("calm.test")] == [flag]
    assert peers.got("elders.test") == []
    with unit_of_work():
        (made,) = session().query(Report).all()
        reports.resolve_report(made, session().merge(anna), "Klaar")
    (resolve,) = peers.got("elders.test")
    assert (resolve["type"], resolve["object"]) == ("Resolve", flag)
    assert resolve["to"] == flag["to"] == [toetsing.uri]


def test_a_warning_goes_to_the_person_on_a_forum_and_to_nobody_else(
    peers: Peers, anna: Account, toetsing: Community
) -> None:
    for host, software in (("elders.test", "lemmy"), ("masto.test", "mastodon")):
        bob = peers.follower(toetsing, host, software)
        post = written_by(peers, bob, toetsing)

        with unit_of_work():
            warnings.warn_person(session().merge(anna), session().merge(post), "Let op je toon")

        if software == "mastodon":
            assert peers.got(host) == []
            continue
        (warning,) = peers.got(host)
        assert (warning["type"], warning["object"]) == ("Warn", post.uri)
        assert (warning["to"], warning["audience"]) == ([bob.uri], toetsing.uri)
        assert warning["summary"] == "Let op je toon"
