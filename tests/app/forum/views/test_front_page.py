"""The home page and the forum, through a browser."""

import itertools
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.ctx import AppContext
from flask.testing import FlaskClient

from app.core import home_panels
from app.core.db import unit_of_work
from app.core.home_panels import Door, Panel, PanelRow, add_doors, add_panel
from app.core.visibility import Visibility
from app.forum.models.post import PostKind
from app.forum.services import posts
from tests.support.clock import FakeClock
from tests.support.factories import (
    make_account,
    make_comment,
    make_community,
    make_post,
    sign_in,
)

MAX_STATEMENTS = 12


def fill_forum() -> None:
    anna, community = make_account(), make_community()
    for number in range(8):
        post = make_post(community, anna, title=f"Vraag {number}")
        make_comment(post, anna)


def test_home_has_the_ask_box_and_the_forum_door(client: FlaskClient, ctx: AppContext) -> None:
    make_post(make_community(), make_account(), title="Hoe toetsen jullie leeruitkomsten?")

    page = client.get("/").text

    assert "Hoe doen anderen dat?" in page
    assert 'action="/nieuw"' in page
    assert "Nieuw: “Hoe toetsen jullie leeruitkomsten?”" in page
    assert "1 gesprek" in page


def test_an_empty_home_says_what_to_do(client: FlaskClient) -> None:
    page = client.get("/").text

    assert "Er is nog niets gevraagd." in page
    assert "Stel de eerste vraag" in page


def test_where_only_conversations_are_they_are_shown(client: FlaskClient, ctx: AppContext) -> None:
    make_post(make_community(), make_account(), "Wat ik las", kind=PostKind.DISCUSSION)

    home, forum = client.get("/").text, client.get("/forum").text

    assert "Nieuw: “Wat ik las”" in home
    assert "Er is nog niets gevraagd" not in home + forum
    assert "Nog geen vragen" not in home
    assert "Wat ik las" in forum


def test_questions_come_first_where_there_are_any(client: FlaskClient, ctx: AppContext) -> None:
    community, anna = make_community(), make_account()
    make_post(community, anna, "Wie weet dit?", kind=PostKind.QUESTION)
    make_post(community, anna, "Wat ik las", kind=PostKind.DISCUSSION)

    pages = client.get("/").text + client.get("/forum").text

    assert "Wie weet dit?" in pages
    assert "Wat ik las" not in pages


def test_higher_floors_add_doors_and_panels(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home_panels, "_doors", {})
    monkeypatch.setattr(home_panels, "_panels", {})
    add_doors(
        "directory",
        lambda: [
            Door("network", "Netwerken", "/netwerken", "9 netwerken", "Nieuw: <i>x</i>"),
            Door("training", "Scholing", "/scholing", "3 opleidingen"),
        ],
    )
    add_panel(
        "news",
        lambda: Panel(
            "news",
            "Nieuws",
            "/nieuws",
            "Alle bronnen",
            (
                PanelRow("Handreiking", "https://elders.test/1", "SURF", None, is_external=True),
                PanelRow("Binnen", "/gids/x", "Wij"),
            ),
            "Nog geen nieuws.",
        ),
    )

    page = client.get("/").text

    assert "9 netwerken" in page
    assert "Nieuw: &lt;i&gt;x&lt;/i&gt;" in page
    assert page.index('href="/netwerken"') < page.index('href="/scholing"')
    assert "Handreiking" in page
    assert "Binnen" in page


@pytest.mark.parametrize("path", ["/", "/forum", "/forum?soort=alles&antwoord=zonder"])
@pytest.mark.parametrize("is_signed_in", [False, True])
def test_lists_cost_few_statements(
    client: FlaskClient,
    ctx: AppContext,
    count_statements: Callable,
    path: str,
    is_signed_in: bool,
) -> None:
    fill_forum()
    if is_signed_in:
        sign_in(client, make_account("bram"))

    with count_statements() as statements:
        assert client.get(path).status_code == 200

    assert len(statements) <= MAX_STATEMENTS, "\n".join(statements)
    assert all(statement.startswith("SELECT") for statement in statements)


def test_an_anonymous_page_sets_no_cookie_and_carries_no_token(
    client: FlaskClient, ctx: AppContext
) -> None:
    fill_forum()

    for path in ("/", "/forum", "/c/toetsing"):
        answer = client.get(path)

        assert "Set-Cookie" not in answer.headers
        assert "csrf_token" not in answer.text


def test_tabs_hold_their_own_kind(client: FlaskClient, ctx: AppContext) -> None:
    anna, community = make_account(), make_community()
    make_post(community, anna, title="Een vraag", kind=PostKind.QUESTION)
    make_post(community, anna, title="Een gesprek", kind=PostKind.DISCUSSION)

    first, talks = client.get("/forum").text, client.get("/forum?soort=gesprekken").text
    everything, links = client.get("/forum?soort=alles").text, client.get("/forum?soort=links").text

    assert "Een vraag" in first
    assert "Een gesprek" not in first
    assert "Een gesprek" in talks
    assert "Een vraag" not in talks
    assert "Een vraag" in everything
    assert "Een gesprek" in everything
    assert "Er zijn nog geen links gedeeld." in links


def test_the_filter_keeps_what_has_no_answer(client: FlaskClient, ctx: AppContext) -> None:
    anna, community = make_account(), make_community()
    make_comment(make_post(community, anna, title="Beantwoord"), anna)
    make_post(community, anna, title="Onbeantwoord")

    page = client.get("/forum?antwoord=zonder").text

    assert "Onbeantwoord" in page
    assert "Beantwoord" not in page.replace("Onbeantwoord", "")


def test_sixty_posts_of_one_moment_come_once_each_both_ways(
    client: FlaskClient, ctx: AppContext, clock: FakeClock
) -> None:
    anna, community = make_account(), make_community()
    for number in range(60):
        make_post(community, anna, title=f"Vraag-{number:02}.")
    clock.advance(timedelta(seconds=2))
    titles = [f"Vraag-{number:02}." for number in range(60)]

    def walk(path: str, rel: str) -> tuple[list[list[str]], str]:
        pages = []
        while True:
            text = client.get(path).text
            pages.append([title for title in titles if f">{title}<" in text])
            _, found, rest = text.partition(f'rel="{rel}" href="')
            if not found:
                return pages, path
            path = rest.partition('"')[0].replace("&amp;", "&")

    down, last = walk("/forum", "next")
    up, _first = walk(last, "prev")

    assert [len(page) for page in down] == [25, 25, 10]
    assert sorted(itertools.chain.from_iterable(down)) == titles
    assert sorted(itertools.chain.from_iterable(up)) == titles


def test_a_forged_page_address_is_refused(client: FlaskClient) -> None:
    assert client.get("/forum?voor=onzin").status_code == 422


def test_what_is_new_is_marked_for_who_reads(
    client: FlaskClient, ctx: AppContext, clock: FakeClock
) -> None:
    bram = make_account("bram")
    clock.advance(timedelta(minutes=1))
    anna = make_account()
    post = make_post(make_community(), anna)
    sign_in(client, bram)

    fresh = client.get("/forum").text
    client.get(f"/post/{post.public_id}")
    seen = client.get("/forum").text
    clock.advance(timedelta(minutes=1))
    make_comment(post, anna)
    again = client.get("/forum").text

    assert "post-row unread" in fresh
    assert "post-row unread" not in seen
    assert "post-row unread" in again


@pytest.mark.parametrize("visibility", [Visibility.LOCAL, Visibility.MEMBERS])
def test_what_is_not_public_leaks_into_no_list_or_count(
    client: FlaskClient, ctx: AppContext, visibility: Visibility
) -> None:
    otto = make_account("otto")
    closed = make_community("gesloten", owner=otto, visibility=visibility)
    hidden = make_post(closed, otto, title="Geheim onderwerp")
    comment = make_comment(hidden, otto, "Geheim antwoord")
    inner = make_post(make_community(), otto, title="Besloten bericht")
    with unit_of_work():
        inner.visibility = visibility

    pages = [client.get(path) for path in ("/", "/forum?soort=alles", "/c/toetsing", "/u/otto")]

    for page in pages:
        assert page.status_code == 200
        assert "Geheim" not in page.text
        assert "Besloten" not in page.text
        assert "Gesloten" not in page.text
    assert "0 gesprekken" in pages[0].text
    for path in (
        "/c/gesloten",
        f"/post/{hidden.public_id}",
        f"/post/{inner.public_id}",
        f"/comment/{comment.public_id}",
    ):
        assert client.get(path).status_code == 404


def test_a_removed_post_leaves_the_lists(client: FlaskClient, ctx: AppContext) -> None:
    anna = make_account()
    post = make_post(make_community(owner=anna), anna, title="Weg ermee")
    with unit_of_work():
        posts.remove_post(post, anna, "Reclame")

    for path in ("/", "/forum?soort=alles", "/c/toetsing"):
        assert "Weg ermee" not in client.get(path).text
