"""Asking, changing and taking back, through a browser."""

from collections.abc import Callable

import pytest
from flask.ctx import AppContext
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core.db import session
from app.core.visibility import State, Visibility
from app.forum.models.post import Post, PostKind
from tests.support.browsing import token_of
from tests.support.factories import make_account, make_community, make_post, sign_in

HOSTILE = '"><script>alert(1)</script>'


def find_only_post() -> Post | None:
    return session().scalar(select(Post))


def test_asking_needs_an_account_and_keeps_the_question(client: FlaskClient) -> None:
    answer = client.get("/nieuw?title=Hoe+toetsen+jullie%3F")

    assert answer.status_code == 303
    assert "next=/nieuw" in answer.location.replace("%2F", "/")
    assert "Hoe" in answer.location


@pytest.mark.parametrize("name", ["titel", "title"])
def test_the_ask_box_fills_the_title(client: FlaskClient, ctx: AppContext, name: str) -> None:
    make_community()
    sign_in(client, make_account())

    page = client.get(f"/nieuw?{name}=Hoe+toetsen+jullie%3F&link_url=https://elders.test/1").text

    assert 'value="Hoe toetsen jullie?"' in page
    assert 'value="https://elders.test/1"' in page
    assert "Iedereen kan dit lezen, ook op andere servers." in page


def test_without_communities_there_is_nowhere_to_ask(client: FlaskClient, ctx: AppContext) -> None:
    sign_in(client, make_account())

    assert "Er zijn nog geen groepen." in client.get("/nieuw").text


def test_a_question_is_asked(
    client: FlaskClient, ctx: AppContext, reread: Callable[[], None]
) -> None:
    make_community()
    sign_in(client, make_account())
    data = {
        "kind": "link",
        "community": "toetsing",
        "title": "Een rubric",
        "link_url": "https://elders.test/rubric",
        "body": "Zo **doen** wij het.",
        "language": "nl",
        "csrf_token": token_of(client, "/c/toetsing/nieuw"),
    }

    answer = client.post("/c/toetsing/nieuw", data=data)
    reread()
    post = find_only_post()

    assert post is not None
    assert (answer.status_code, answer.location) == (303, f"/post/{post.public_id}")
    assert (post.kind, post.link_url) == (PostKind.LINK, "https://elders.test/rubric")
    page = client.get(answer.location).text
    assert "<strong>doen</strong>" in page
    assert 'href="https://elders.test/rubric"' in page


def test_bad_input_names_the_field_and_keeps_the_text(client: FlaskClient, ctx: AppContext) -> None:
    make_community()
    make_community("besloten", owner=make_account("otto"), visibility=Visibility.MEMBERS)
    sign_in(client, make_account())
    good = {
        "kind": "question",
        "community": "toetsing",
        "title": "Goed",
        "body": HOSTILE,
        "language": "nl",
        "csrf_token": token_of(client, "/nieuw"),
    }
    wrong = [
        ({"title": ""}, 'id="title-error"', "Schrijf een titel."),
        ({"title": "a" * 301}, 'id="title-error"', "Maak de titel korter"),
        ({"kind": "poll"}, 'id="kind-error"', "Not a valid choice"),
        ({"kind": "link"}, 'id="link_url-error"', "Vul het adres in"),
        ({"link_url": "javascript:alert(1)"}, 'id="link_url-error"', "Dit adres klopt niet."),
        ({"community": "weg"}, "Deze groep bestaat niet.", ""),
        ({"community": "besloten"}, "Deze groep bestaat niet.", ""),
        ({"body": "a" * 50_001}, 'id="body-error"', "Maak je tekst korter"),
    ]

    for change, named, text in wrong:
        answer = client.post("/nieuw", data=good | change)

        assert answer.status_code == 422, change
        assert named in answer.text, change
        assert text in answer.text or text.startswith("Not"), change
        assert "<script>alert" not in answer.text
        if "body" not in change:
            assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text
    assert find_only_post() is None


def test_a_preview_shows_the_text_and_stores_nothing(client: FlaskClient, ctx: AppContext) -> None:
    make_community()
    sign_in(client, make_account())
    data = {
        "kind": "question",
        "community": "toetsing",
        "title": "Goed",
        "body": "**vet** <script>",
        "language": "nl",
        "preview": "1",
        "csrf_token": token_of(client, "/nieuw"),
    }

    answer = client.post("/nieuw", data=data)

    assert answer.status_code == 200
    assert "<strong>vet</strong> &lt;script&gt;" in answer.text
    assert "**vet** &lt;script&gt;" in answer.text
    assert find_only_post() is None


def test_questions_that_look_like_it_are_shown(client: FlaskClient, ctx: AppContext) -> None:
    anna, otto = make_account(), make_account("otto")
    make_post(make_community(), anna, title="Hoe toetsen jullie leeruitkomsten?")
    closed = make_community("besloten", owner=otto, visibility=Visibility.MEMBERS)
    make_post(closed, otto, title="Leeruitkomsten in het geheim")
    sign_in(client, anna)

    page = client.get("/nieuw?title=leeruitkomsten").text

    assert "Lijkt dit erop?" in page
    assert "Hoe toetsen jullie leeruitkomsten?" in page
    assert "in het geheim" not in page


def test_restricted_posting_is_explained_and_keeps_the_text(
    client: FlaskClient, ctx: AppContext
) -> None:
    make_community(is_posting_restricted=True)
    sign_in(client, make_account())
    data = {
        "kind": "question",
        "community": "toetsing",
        "title": "Mag dit?",
        "body": "Tekst",
        "language": "nl",
        "csrf_token": token_of(client, "/nieuw"),
    }

    answer = client.post("/nieuw", data=data)

    assert answer.status_code == 422
    assert "In deze groep kun je geen gesprek beginnen." in answer.text
    assert 'value="Mag dit?"' in answer.text


def test_the_writer_changes_a_post(
    client: FlaskClient, ctx: AppContext, reread: Callable[[], None]
) -> None:
    anna = make_account()
    post = make_post(make_community(), anna, body="Met **vet**")
    sign_in(client, anna)
    path = f"/post/{post.public_id}/bewerken"
    data = {
        "kind": "question",
        "title": "Beter",
        "body": "Nieuw",
        "language": "nl",
        "csrf_token": token_of(client, path),
    }

    form = client.get(path).text
    preview = client.post(path, data=data | {"preview": "1"})
    bad = client.post(path, data=data | {"title": ""})
    link = client.post(path, data=data | {"kind": "link"})
    good = client.post(path, data=data)
    reread()

    assert "Met **vet**" in form
    assert (preview.status_code, bad.status_code, link.status_code) == (200, 422, 422)
    assert (good.status_code, good.location) == (303, f"/post/{post.public_id}")
    assert post.title == "Beter"
    assert "aangepast" in client.get(good.location).text


def test_others_do_not_change_or_delete_a_post(client: FlaskClient, ctx: AppContext) -> None:
    post = make_post(make_community(), make_account())
    sign_in(client, make_account("bram"))
    token = token_of(client, "/forum")

    for act in ("bewerken", "verwijderen", "weghalen"):
        path = f"/post/{post.public_id}/{act}"
        assert client.get(path).status_code == 403
        assert client.post(path, data={"csrf_token": token}).status_code == 403
    for act in ("vastzetten", "sluiten"):
        answer = client.post(f"/post/{post.public_id}/{act}", data={"csrf_token": token, "on": "1"})
        assert answer.status_code == 403


def test_the_writer_takes_a_post_back(
    client: FlaskClient, ctx: AppContext, reread: Callable[[], None]
) -> None:
    anna = make_account()
    post = make_post(make_community(), anna, title="Weg hiermee")
    sign_in(client, anna)
    path = f"/post/{post.public_id}/verwijderen"

    asked = client.get(path).text
    answer = client.post(path, data={"csrf_token": token_of(client, path)})
    reread()
    page = client.get(f"/post/{post.public_id}").text

    assert "Wil je dit verwijderen?" in asked
    assert (answer.status_code, answer.location) == (303, "/c/toetsing")
    assert post.state == State.DELETED
    assert "Dit bericht is verwijderd door de schrijver." in page
    assert "Weg hiermee" not in page
