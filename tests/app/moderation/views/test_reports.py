"""Reporting, and the queue in which moderators find reports and what waits."""

from collections.abc import Callable

import pytest
from flask.ctx import AppContext
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.origin import Remote
from app.forum.queries.posts import get_post
from app.forum.services import memberships, posts
from app.moderation.models.report import Report, ReportState
from app.moderation.services import reports
from federation.models.actor import Actor
from federation.models.delivery import Delivery
from federation.models.outbox_activity import OutboxActivity
from tests.support.browsing import token_of
from tests.support.factories import make_account, make_comment, make_community, make_post, sign_in

HOSTILE = '"><script>alert(1)</script>'
OTHER = "nobody-has-this-id"


@pytest.fixture
def otto(ctx: AppContext) -> Account:
    return make_account("otto")


@pytest.fixture
def community(otto: Account) -> Community:
    return make_community(owner=otto)


@pytest.fixture
def post(community: Community, otto: Account) -> Post:
    return make_post(community, otto)


def make_report(target: Post, name: str = "bram", reason: str = "Reclame") -> Report:
    with unit_of_work():
        return reports.make_report(make_account(name), target, reason)


def open_reports() -> list[Report]:
    return list(session().scalars(select(Report).where(Report.state == ReportState.OPEN)))


def test_a_reader_reports_with_a_reason(
    client: FlaskClient, post: Post, reread: Callable[[], None]
) -> None:
    comment = make_comment(post, make_account("carla"))
    sign_in(client, make_account("bram"))

    for kind, thing in (("post", post), ("comment", comment)):
        path = f"/melden/{kind}/{thing.public_id}"
        data = {"reason": "spam", "text": "Zie de link", "csrf_token": token_of(client, path)}
        assert client.post(path, data=data).status_code == 303
        assert client.post(path, data=data).status_code == 303

    reread()
    assert [one.reason for one in open_reports()] == ["Het is reclame: Zie de link"] * 2


def test_a_report_without_a_reason_comes_back_with_the_text_kept(
    client: FlaskClient, post: Post, reread: Callable[[], None]
) -> None:
    sign_in(client, make_account("bram"))
    path = f"/melden/post/{post.public_id}"
    token = token_of(client, path)

    none = client.post(path, data={"text": f"Mijn uitleg {HOSTILE}", "csrf_token": token})
    strange = client.post(path, data={"reason": "onzin", "csrf_token": token})
    long = client.post(path, data={"reason": "spam", "text": "a" * 2001, "csrf_token": token})
    without_token = client.post(path, data={"reason": "spam"})

    assert [one.status_code for one in (none, strange, long, without_token)] == [422, 422, 422, 400]
    assert "Wat is er mis? Kies wat er mis is." in none.text
    assert "Mijn uitleg" in none.text
    assert "<script>alert" not in none.text
    assert "a" * 2001 in long.text
    reread()
    assert open_reports() == []


@pytest.mark.parametrize("kind", ["community", "account", "Post"])
def test_only_posts_and_comments_can_be_reported(
    client: FlaskClient, post: Post, kind: str
) -> None:
    sign_in(client, make_account("bram"))

    assert client.get(f"/melden/{kind}/{post.public_id}").status_code == 404


def test_reporting_takes_a_sign_in(client: FlaskClient, post: Post) -> None:
    answer = client.get(f"/melden/post/{post.public_id}")

    assert (answer.status_code, "/inloggen" in answer.location) == (303, True)


WHO_SEES = {
    "nobody": 303,
    "reader": 403,
    "member": 403,
    "moderator elsewhere": 200,
    "moderator": 200,
    "admin": 200,
}


@pytest.mark.parametrize(("role", "status"), WHO_SEES.items())
def test_the_queue_shows_moderators_their_own_communities_only(
    client: FlaskClient, community: Community, otto: Account, post: Post, role: str, status: int
) -> None:
    people = {name: make_account(f"p{n}") for n, name in enumerate(list(WHO_SEES)[1:5])}
    people["admin"] = make_account("beatrix", admin=True)
    make_community("rekenen", owner=people["moderator elsewhere"])
    with unit_of_work():
        memberships.join_community(people["member"], community)
        memberships.set_moderator(community, people["moderator"], is_moderator=True, by=otto)
        community.is_premoderated = True
    report = make_report(post, "melder")
    held = make_post(community, make_account("nieuw"), title="Wacht nog even")
    if role != "nobody":
        sign_in(client, people[role])

    answer = client.get("/moderatie")

    assert answer.status_code == status
    is_theirs = role in {"moderator", "admin"}
    assert (report.public_id in answer.text) is is_theirs
    assert (held.public_id in answer.text) is is_theirs
    assert ("Wacht nog even" in answer.text) is is_theirs


@pytest.mark.parametrize(("role", "status"), {**WHO_SEES, "moderator elsewhere": 403}.items())
def test_only_those_who_see_a_report_can_close_it(
    client: FlaskClient,
    community: Community,
    otto: Account,
    post: Post,
    role: str,
    status: int,
    reread: Callable[[], None],
) -> None:
    people = {name: make_account(f"p{n}") for n, name in enumerate(list(WHO_SEES)[1:5])}
    people["admin"] = make_account("beatrix", admin=True)
    make_community("rekenen", owner=people["moderator elsewhere"])
    with unit_of_work():
        memberships.set_moderator(community, people["moderator"], is_moderator=True, by=otto)
    report = make_report(post, "melder")
    data = {"outcome": "Gelezen"}
    if role != "nobody":
        sign_in(client, people[role])
        data["csrf_token"] = token_of(client, "/c/toetsing/nieuw")

    answer = client.post(f"/moderatie/{report.public_id}", data=data)

    expected = {200: 303, 303: 400}.get(status, status)  # nobody: no session, so no token
    assert answer.status_code == expected
    reread()
    assert (open_reports() == []) is (status == 200)


def test_closing_says_what_was_done_and_keeps_a_text_that_is_too_long(
    client: FlaskClient, otto: Account, post: Post, reread: Callable[[], None]
) -> None:
    first, second = make_report(post), make_report(post, "carla", HOSTILE)
    sign_in(client, otto)
    token = token_of(client, "/moderatie")
    path = f"/moderatie/{first.public_id}"

    empty = client.post(path, data={"outcome": " ", "csrf_token": token})
    long = client.post(path, data={"outcome": HOSTILE + "a" * 500, "csrf_token": token})
    done = client.post(path, data={"outcome": "Gelezen", "csrf_token": token})
    again = client.post(path, data={"outcome": "Gelezen", "csrf_token": token})
    unknown = client.post(f"/moderatie/{OTHER}", data={"outcome": "x", "csrf_token": token})
    without = client.post(f"/moderatie/{second.public_id}", data={"outcome": "Gelezen"})

    assert [one.status_code for one in (empty, long, done, again)] == [422, 422, 303, 409]
    assert (unknown.status_code, without.status_code) == (404, 400)
    assert "a" * 500 in long.text
    assert long.text.count("aria-invalid") == 1
    for answer in (empty, long):
        assert "<script>alert" not in answer.text
    reread()
    assert [one.public_id for one in open_reports()] == [second.public_id]


def test_the_queue_shows_what_waits_and_both_buttons(
    client: FlaskClient, community: Community, otto: Account, reread: Callable[[], None]
) -> None:
    with unit_of_work():
        community.is_premoderated = True
    nieuw = make_account("nieuw", display_name=HOSTILE)
    thread = make_post(community, otto, title=HOSTILE)
    held, answer = make_post(community, nieuw, title=HOSTILE), make_comment(thread, nieuw, HOSTILE)
    sign_in(client, otto)

    page = client.get("/moderatie").text
    data = {"csrf_token": token_of(client, "/moderatie"), "next": "/moderatie"}
    done = client.post(f"/post/{held.public_id}/plaatsen", data=data)

    for kind, thing in (("post", held), ("comment", answer)):
        assert f'formaction="/{kind}/{thing.public_id}/plaatsen"' in page
        assert f'href="/{kind}/{thing.public_id}/weghalen"' in page
    assert "<script>alert" not in page
    assert (done.status_code, done.location) == (303, "/moderatie")
    reread()
    assert get_post(held.public_id).is_published
    assert held.public_id not in client.get("/moderatie").text


def test_a_quiet_queue_says_so(client: FlaskClient, community: Community, otto: Account) -> None:
    sign_in(client, otto)

    assert "Niets te doen." in client.get("/moderatie").text


def test_a_removal_answers_the_report_which_still_leads_somewhere(
    client: FlaskClient, otto: Account, post: Post
) -> None:
    make_report(post)
    with unit_of_work():
        posts.remove_post(post, otto, "Grof")
    sign_in(client, otto)

    waiting = client.get("/moderatie").text
    handled = client.get("/moderatie?stand=afgehandeld").text

    assert "Niets te doen." in waiting
    assert f'href="/post/{post.public_id}"' in handled
    assert "Weggehaald. Grof" in handled


@pytest.mark.parametrize("is_ticked", [True, False])
def test_the_reporter_chooses_whether_the_authors_server_may_know(
    client: FlaskClient, community: Community, reread: Callable[[], None], is_ticked: bool
) -> None:
    host, inbox = "elders.test", "http://elders.test/inbox"
    nora = make_account("nora", host=host)
    with unit_of_work():
        origin = Remote("http://elders.test/post/1")
        text = posts.publish_post(nora, community, posts.PostDraft(title="Van nora"), origin)
        session().add(
            Actor(kind="person", account=nora, host=host, inbox_url=inbox, made_at=utcnow())
        )
    sign_in(client, make_account("bram"))
    path = f"/melden/post/{text.public_id}"
    data = {"reason": "spam", "csrf_token": token_of(client, path)}

    asked = client.get(path).text
    client.post(path, data={**data, "tells_home": "y"} if is_ticked else data)

    reread()
    assert 'name="tells_home"' in asked
    flags = select(Delivery.inbox_url).join(Delivery.activity).where(OutboxActivity.type == "Flag")
    assert set(session().scalars(flags)) == ({inbox} if is_ticked else set())


def test_nobody_is_asked_about_the_server_of_who_lives_here(
    client: FlaskClient, post: Post
) -> None:
    sign_in(client, make_account("bram"))

    asked = client.get(f"/melden/post/{post.public_id}").text

    assert 'name="tells_home"' not in asked
