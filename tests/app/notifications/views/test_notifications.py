"""The page with notifications, and the count in the frame of every page."""

import re
from collections.abc import Callable

import pytest
from flask.ctx import AppContext
from flask.testing import FlaskClient

from app.accounts.models.account import Account
from app.core.db import unit_of_work
from app.core.visibility import Visibility
from app.forum.models.community import Community
from app.forum.services import comments, memberships, posts
from app.moderation.services import reports
from app.notifications.queries import count_unread
from tests.app.conftest import CountStatements
from tests.support.browsing import token_of
from tests.support.factories import make_account, make_comment, make_community, make_post, sign_in

PAGE = "/meldingen"
HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
def anna(ctx: AppContext) -> Account:
    return make_account()


@pytest.fixture
def bram(ctx: AppContext) -> Account:
    return make_account("bram", display_name=f"Bram {HOSTILE}")


@pytest.fixture
def community(ctx: AppContext) -> Community:
    return make_community(owner=make_account("otto"))


def main_of(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


def test_all_kinds_are_shown_with_where_they_lead_and_nothing_in_them_runs(
    client: FlaskClient, community: Community, anna: Account, bram: Account
) -> None:
    post = make_post(community, anna, title=f"Vraag {HOSTILE}")
    answer = make_comment(post, bram)
    mention = make_post(community, bram, title=f"Ander {HOSTILE}", body="Dag @anna")
    with unit_of_work():
        memberships.set_moderator(community, anna, is_moderator=True, by=None)
        reports.make_report(bram, post, HOSTILE)
        community.is_premoderated = True
    held = make_post(community, make_account("nieuw"), title=f"Eerste {HOSTILE}")
    sign_in(client, anna)

    page = main_of(client.get(PAGE).text)

    assert f'href="/comment/{answer.public_id}"' in page
    assert f'href="/post/{mention.public_id}"' in page
    assert f"/post/{held.public_id}" not in page
    assert page.count('href="/moderatie"') == 2
    for sentence in ("gaf antwoord: Vraag", "noemde je: Ander", "Er is een bericht gemeld"):
        assert sentence in page, sentence
    assert "Wacht op jouw goedkeuring: Eerste" in page
    assert "<script>alert" not in page


def test_answers_in_one_thread_are_one_line_that_leads_to_the_first(
    client: FlaskClient, community: Community, anna: Account
) -> None:
    carla, dirk, els = (make_account(name) for name in ("carla", "dirk", "els"))
    lively, quiet = make_post(community, anna, "Levendig"), make_post(community, anna, "Rustig")
    first = make_comment(lively, carla)
    alone = make_comment(quiet, carla)
    for writer in (dirk, carla, els):
        make_comment(lively, writer)
    sign_in(client, anna)

    lines = re.findall(r'href="([^"]+)" data-step>([^<]+)<', main_of(client.get(PAGE).text))

    assert lines == [
        (f"/comment/{first.public_id}", "4 antwoorden van Els, Carla en anderen: Levendig"),
        (f"/comment/{alone.public_id}", "Carla gaf antwoord: Rustig"),
    ]


def test_answers_that_were_read_stay_apart_from_new_ones(
    client: FlaskClient, community: Community, anna: Account
) -> None:
    carla = make_account("carla")
    post = make_post(community, anna, "Levendig")
    make_comment(post, carla)
    sign_in(client, anna)
    client.post(f"{PAGE}/gelezen", data={"csrf_token": token_of(client, PAGE)})
    for _number in range(2):
        make_comment(post, carla)

    page = main_of(client.get(PAGE).text)

    assert re.findall(r"data-step>([^<]+)<", page) == [
        "2 antwoorden van Carla: Levendig",
        "Carla gaf antwoord: Levendig",
    ]
    assert page.count("row notice-row unread") == 1


def test_the_writer_reads_what_became_of_what_waited(
    client: FlaskClient, community: Community, anna: Account
) -> None:
    with unit_of_work():
        community.is_premoderated = True
    otto = make_account("otto2", admin=True)
    first, second = make_post(community, anna, "Goed"), make_post(community, anna, "Minder")
    with unit_of_work():
        posts.approve_post(first, otto)
        posts.refuse_post(second, otto, "Reclame")
    sign_in(client, anna)

    page = main_of(client.get(PAGE).text)

    assert "Niet geplaatst: Minder" in page
    assert ">Geplaatst: Goed" in page
    assert "otto" not in page.lower()


def test_what_can_no_longer_be_read_is_neither_listed_nor_counted(
    client: FlaskClient, community: Community, anna: Account, bram: Account
) -> None:
    otto = make_account("bea", admin=True)
    closed = make_post(community, bram, "Besloten vraag", body="@anna")
    removed = make_post(community, bram, "Weggehaalde vraag", body="@anna")
    own = make_post(community, anna, "Eigen vraag")
    answer, deleted = make_comment(own, bram), make_comment(own, bram)
    sign_in(client, anna)
    before = count_unread(anna)
    with unit_of_work():
        closed.visibility = Visibility.MEMBERS
        posts.remove_post(removed, otto, "Weg")
        comments.remove_comment(answer, otto, "Weg")
        comments.delete_comment(deleted, bram)

    page = client.get(PAGE).text

    assert before == 4
    assert count_unread(anna) == 0
    assert "Alles bij." in page
    assert "vraag" not in main_of(page).replace("Stel een vraag", "")


def test_opening_a_thread_takes_what_was_told_of_it_for_read(
    client: FlaskClient,
    community: Community,
    anna: Account,
    bram: Account,
    reread: Callable[[], None],
) -> None:
    post, other = make_post(community, anna), make_post(community, anna)
    for thread in (post, post, other):
        make_comment(thread, bram)
    sign_in(client, anna)
    client.get(f"/post/{post.public_id}")
    reread()
    after_opening = count_unread(anna)
    client.get(f"/post/{other.public_id}?weergave=plat")
    reread()
    make_comment(post, bram)
    again = count_unread(anna)
    client.get(f"/post/{post.public_id}")
    reread()

    assert (after_opening, again, count_unread(anna)) == (1, 1, 0)


def test_somebody_elses_visit_leaves_mine_unread(
    client: FlaskClient, community: Community, anna: Account, bram: Account
) -> None:
    post = make_post(community, anna)
    make_comment(post, bram)
    client.get(f"/post/{post.public_id}")
    sign_in(client, make_account("carla"))
    client.get(f"/post/{post.public_id}")

    assert count_unread(anna) == 1


def test_all_can_be_taken_for_read_at_once(
    client: FlaskClient,
    community: Community,
    anna: Account,
    bram: Account,
    reread: Callable[[], None],
) -> None:
    make_comment(make_post(community, anna), bram)
    make_comment(make_post(community, bram), anna)
    sign_in(client, anna)
    token = token_of(client, PAGE)

    without = client.post(f"{PAGE}/gelezen")
    done = client.post(f"{PAGE}/gelezen", data={"csrf_token": token})

    assert (without.status_code, done.status_code, done.location) == (400, 303, PAGE)
    reread()
    assert (count_unread(anna), count_unread(bram)) == (0, 1)
    assert "Alles gelezen" not in client.get(PAGE).text


def test_the_page_is_for_who_signed_in(client: FlaskClient, ctx: AppContext) -> None:
    answers = [client.get(PAGE), client.post(f"{PAGE}/gelezen")]

    assert [one.status_code for one in answers] == [303, 400]
    assert "/inloggen" in answers[0].location


def test_the_page_turns_both_ways_and_skips_nothing(
    client: FlaskClient, community: Community, anna: Account, bram: Account
) -> None:
    answers = [make_comment(make_post(community, anna), bram).public_id for _ in range(30)]
    sign_in(client, anna)
    link, row = re.compile(r'href="(/meldingen\?[^"]+)"'), re.compile(r'href="/comment/([^"]+)"')

    first = client.get(PAGE).text
    second = client.get(link.findall(first)[0]).text
    back = client.get(link.findall(second)[0]).text

    assert row.findall(first) + row.findall(second) == answers[::-1]
    assert row.findall(back) == row.findall(first)
    assert client.get(f"{PAGE}?voor=onzin").status_code == 422


@pytest.mark.parametrize("role", ["reader", "moderator", "admin"])
def test_the_frame_costs_at_most_two_statements_per_page(
    client: FlaskClient, community: Community, count_statements: CountStatements, role: str
) -> None:
    reader = make_account("lezer", admin=role == "admin")
    if role == "moderator":
        with unit_of_work():
            memberships.set_moderator(community, reader, is_moderator=True, by=None)
    make_comment(make_post(community, reader), make_account("bram"))
    sign_in(client, reader)

    with count_statements() as statements:
        page = client.get("/huisregels").text

    frame = [one for one in statements if "notification" in one or "membership" in one]
    assert len(frame) <= 2
    assert ('href="/moderatie"' in page) is (role != "reader")
    assert '<span class="badge"><span class="num">1</span>' in page


def test_anonymous_pages_ask_nothing_about_notifications(
    client: FlaskClient, community: Community, count_statements: CountStatements
) -> None:
    with count_statements() as statements:
        client.get("/huisregels")

    assert not [one for one in statements if "notification" in one or "membership" in one]
