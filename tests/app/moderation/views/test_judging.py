"""The pages on which moderators warn, ban and lift, by role, and what the banned person sees."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.ctx import AppContext
from flask.testing import FlaskClient

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import unit_of_work
from app.forum.models.ban import Ban
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.queries.bans import find_ban, list_bans
from app.forum.services import bans, memberships
from app.moderation.models.report import ReportState
from app.moderation.services import reports
from tests.app.conftest import CountStatements
from tests.support.browsing import token_of
from tests.support.factories import make_account, make_comment, make_community, make_post, sign_in

HOSTILE = '"><script>alert(1)</script>'
Reread = Callable[[], None]


@pytest.fixture
def otto(ctx: AppContext) -> Account:
    return make_account("otto", display_name="Otto")


@pytest.fixture
def anna(ctx: AppContext) -> Account:
    return make_account(display_name=f"Anna {HOSTILE}")


@pytest.fixture
def community(otto: Account) -> Community:
    return make_community(owner=otto)


@pytest.fixture
def post(community: Community, anna: Account) -> Post:
    return make_post(community, anna)


def ban(by: Account, account: Account, community: Community | None, days: int = 0) -> Ban:
    end = utcnow() + timedelta(days=days) if days else None
    with unit_of_work():
        return bans.ban_person(by, account, community, bans.BanTerms(f"Reclame {HOSTILE}", end))


ROLES = ("nobody", "reader", "member", "moderator elsewhere", "moderator", "owner", "admin")
PAGES = {
    "/waarschuwen/post/{post}": {"moderator", "owner", "admin"},
    "/c/toetsing/blokkeren/{anna}": {"moderator", "owner", "admin"},
    "/c/toetsing/blokkeren/{mo}": {"owner", "admin"},
    "/c/toetsing/blokkeren/{otto}": {"admin"},
    "/c/toetsing/blokkades": {"moderator", "owner", "admin"},
    "/blokkades/{ban}/opheffen": {"moderator", "owner", "admin"},
    "/blokkades/{everywhere}/opheffen": {"admin"},
    "/beheer/blokkeren/{anna}": {"admin"},
    "/beheer/blokkades": {"admin"},
    "/post/{post}/vastzetten": {"moderator", "owner", "admin"},
    "/post/{post}/sluiten": {"moderator", "owner", "admin"},
    "/post/{post}/terugzetten": {"moderator", "owner", "admin"},
}


@pytest.mark.parametrize("role", ROLES)
def test_a_page_opens_for_the_roles_that_may(
    client: FlaskClient, community: Community, otto: Account, post: Post, role: str
) -> None:
    people = {name: make_account(f"p{n}") for n, name in enumerate(ROLES[1:5])}
    people |= {"owner": otto, "admin": make_account("beatrix", admin=True)}
    make_community("rekenen", owner=people["moderator elsewhere"])
    with unit_of_work():
        memberships.join_community(people["member"], community)
        for one in (people["moderator"], make_account("mo")):
            memberships.set_moderator(community, one, is_moderator=True, by=otto)
    carla = make_account("carla")
    ids = {
        "post": post.public_id,
        "anna": post.author.public_id,
        "mo": one.public_id,
        "otto": otto.public_id,
        "ban": ban(otto, carla, community).public_id,
        "everywhere": ban(people["admin"], carla, None).public_id,
    }
    if role != "nobody":
        sign_in(client, people[role])

    found = {path: client.get(path.format(**ids)).status_code for path in PAGES}

    shut = 303 if role == "nobody" else 403
    assert found == {path: 200 if role in roles else shut for path, roles in PAGES.items()}


def test_a_ban_keeps_to_the_chosen_terms(
    client: FlaskClient, community: Community, otto: Account, post: Post, reread: Reread
) -> None:
    path = f"/c/toetsing/blokkeren/{post.author.public_id}"
    sign_in(client, otto)
    data = {"csrf_token": token_of(client, path), "reason": "Reclame", "days": "7"}

    none = client.post(path, data={"csrf_token": data["csrf_token"]})
    strange = client.post(path, data={**data, "days": "8"})
    without = client.post(path, data={"reason": "Reclame", "days": "7"})
    done = client.post(path, data={**data, "removes_posts": "y"})

    assert [one.status_code for one in (none, strange, without)] == [422, 422, 400]
    assert (done.status_code, done.location) == (303, "/c/toetsing/blokkades")
    reread()
    found = find_ban(post.author, community)
    assert found is not None
    assert found.expires_at is not None
    assert abs(found.expires_at - utcnow() - timedelta(days=7)) < timedelta(minutes=5)
    assert (found.reason, found.removes_posts, post.is_published) == ("Reclame", True, False)
    listed = client.get("/c/toetsing/blokkades").text
    assert "Reclame" in listed
    assert "<script>alert" not in listed


def test_a_second_moderator_hears_that_somebody_was_first(
    client: FlaskClient, community: Community, otto: Account, anna: Account, reread: Reread
) -> None:
    mo = make_account("mo")
    with unit_of_work():
        memberships.set_moderator(community, mo, is_moderator=True, by=otto)
    path = f"/c/toetsing/blokkeren/{anna.public_id}"
    sign_in(client, mo)
    data = {"csrf_token": token_of(client, path), "reason": "Reclame", "days": "1"}
    ban(otto, anna, community)

    answer = client.post(path, data=data)

    assert answer.status_code == 422
    assert "al geblokkeerd door iemand anders" in answer.text
    reread()
    assert len(list_bans(community)) == 1


def test_lifting_may_bring_the_texts_back(
    client: FlaskClient, community: Community, otto: Account, post: Post, reread: Reread
) -> None:
    with unit_of_work():
        terms = bans.BanTerms("Reclame", removes_posts=True)
        made = bans.ban_person(otto, post.author, community, terms)
    path = f"/blokkades/{made.public_id}/opheffen"
    sign_in(client, otto)
    data = {"csrf_token": token_of(client, path), "reason": "Spijt", "restores_posts": "y"}

    first, again = client.post(path, data=data), client.post(path, data=data)

    assert [one.status_code for one in (first, again)] == [303, 303]
    reread()
    assert find_ban(post.author, community) is None
    assert post.is_published


def test_whom_to_ban_is_found_by_name(
    client: FlaskClient, community: Community, otto: Account, anna: Account
) -> None:
    eva = make_account("eva", host="elders.test")
    beatrix = make_account("beatrix", admin=True)
    sign_in(client, otto)

    ours = client.get("/c/toetsing/blokkades?wie=@anna")
    theirs = client.get("/c/toetsing/blokkades?wie=eva@elders.test")
    unknown = client.get("/c/toetsing/blokkades?wie=niemand@elders.test")
    sign_in(client, beatrix)
    everywhere = client.get("/beheer/blokkades?wie=eva@elders.test")

    assert ours.location == f"/c/toetsing/blokkeren/{anna.public_id}"
    assert theirs.location == f"/c/toetsing/blokkeren/{eva.public_id}"
    assert "Deze persoon kennen we hier niet. Zoek eerst op het hele adres." in unknown.text
    assert everywhere.location == f"/beheer/blokkeren/{eva.public_id}"


def test_a_warning_goes_out_and_leads_back(
    client: FlaskClient, otto: Account, post: Post, reread: Reread
) -> None:
    with unit_of_work():
        report = reports.make_report(make_account("bram"), post, "Grof")
    sign_in(client, otto)
    path = f"/waarschuwen/post/{post.public_id}?next=/moderatie"
    page = client.get(path).text
    data = {"csrf_token": token_of(client, path), "reason": "Te grof", "next": "/moderatie"}

    empty = client.post(path, data={**data, "reason": " "})
    done = client.post(path, data=data)
    bare = path.partition("?")[0]
    away = client.post(bare, data={**data, "next": "https://elders.test/"})

    assert 'name="next" value="/moderatie"' in page
    assert empty.status_code == 422
    assert (done.status_code, done.location) == (303, "/moderatie")
    assert away.location == f"/post/{post.public_id}"
    reread()
    assert report.state == ReportState.RESOLVED


def test_the_queue_says_who_what_and_where_from_and_lets_one_act_at_once(
    client: FlaskClient, community: Community, otto: Account, post: Post
) -> None:
    comment = make_comment(post, post.author)
    with unit_of_work():
        source = reports.Source("http://elders.test/flag/1", "elders.test")
        reports.make_report(None, comment, f"Spam {HOSTILE}", source)
        eva = make_account("eva", host="anders.test", display_name="Eva")
        reports.report_person(eva, post.author, community, "Lastig")
    sign_in(client, otto)

    page = client.get("/moderatie").text.partition("<main")[2].partition("</main>")[0]

    for part in (
        "Gemeld door de server elders.test",
        "Gemeld door Eva via anders.test",
        "Antwoord van Anna",
        "Persoon: Anna",
        f'href="/comment/{comment.public_id}"',
        f'href="/comment/{comment.public_id}/weghalen?next=/moderatie"',
        f'href="/waarschuwen/comment/{comment.public_id}?next=/moderatie"',
        f'href="/c/toetsing/blokkeren/{post.author.public_id}?next=/moderatie"',
    ):
        assert part in page, part
    assert "<script>alert" not in page


def test_the_queue_costs_the_same_for_many_reports(
    client: FlaskClient, otto: Account, post: Post, count_statements: CountStatements
) -> None:
    bram = make_account("bram")
    sign_in(client, otto)

    def look(count: int) -> int:
        with unit_of_work():
            for _number in range(count):
                reports.make_report(bram, make_comment(post, bram), "Spam")
        client.get("/moderatie")
        with count_statements() as statements:
            client.get("/moderatie")
        return len(statements)

    assert look(1) == look(5)


@pytest.mark.parametrize("is_everywhere", [False, True])
def test_the_banned_person_sees_why_and_until_when_instead_of_the_form(
    client: FlaskClient, community: Community, otto: Account, post: Post, is_everywhere: bool
) -> None:
    beatrix = make_account("beatrix", admin=True)
    ban(beatrix, post.author, None if is_everywhere else community, days=7)
    sign_in(client, post.author)

    thread = client.get(f"/post/{post.public_id}").text
    group = client.get("/c/toetsing").text
    form = client.get("/c/toetsing/nieuw").text
    refused = client.get(f"/post/{post.public_id}/antwoord")

    for page in (thread, group, form):
        assert "Een moderator heeft je geblokkeerd tot" in page
        assert "Reclame" in page
        assert "<script>alert" not in page
    assert "op deze server" in thread if is_everywhere else "in deze groep" in thread
    assert 'name="body"' not in thread + form
    assert "Stel een vraag</a>" not in group.partition("<main")[2].partition("</main>")[0]
    assert refused.status_code == 409
