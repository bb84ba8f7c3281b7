"""What a thread offers to do, and to whom."""

import pytest
from flask.ctx import AppContext
from flask.testing import FlaskClient

from app.core.db import unit_of_work
from app.forum.models.post import PostKind
from app.forum.services import posts
from tests.support.factories import make_account, make_comment, make_community, make_post, sign_in


@pytest.mark.parametrize(
    ("kind", "invitation"),
    [
        (PostKind.QUESTION, "Wie weet hier iets van?"),
        (PostKind.DISCUSSION, "Er is nog niet gereageerd."),
    ],
)
def test_a_thread_without_answers_invites_to_one(
    client: FlaskClient, ctx: AppContext, kind: PostKind, invitation: str
) -> None:
    post = make_post(make_community(), make_account(), kind=kind)

    assert invitation in client.get(f"/post/{post.public_id}").text


def test_a_removed_post_shows_no_empty_list_of_answers(
    client: FlaskClient, ctx: AppContext
) -> None:
    otto = make_account("otto")
    post = make_post(make_community(owner=otto), make_account())
    with unit_of_work():
        posts.remove_post(post, otto, "Reclame")

    page = client.get(f"/post/{post.public_id}").text

    assert "Reden: Reclame" in page
    assert "0 antwoorden" not in page


def test_your_own_text_is_not_offered_to_report(client: FlaskClient, ctx: AppContext) -> None:
    anna, bram, group = make_account(), make_account("bram"), make_community()
    own, other = make_post(group, anna, "Van mij"), make_post(group, bram, "Van een ander")
    make_comment(other, anna, "Ook van mij.")
    sign_in(client, anna)

    pages = [client.get(f"/post/{post.public_id}").text for post in (own, other)]

    assert [page.count("/melden/") for page in pages] == [0, 1]
    assert f"/melden/post/{other.public_id}" in pages[1]


def test_who_has_an_account_here_is_not_asked_for_a_server(
    client: FlaskClient, ctx: AppContext
) -> None:
    anna = make_account()
    post = make_post(make_community(), anna)
    paths = [f"/post/{post.public_id}", "/c/toetsing"]
    visitor = [client.get(path).text for path in paths]
    sign_in(client, anna)
    member = [client.get(path).text for path in paths]

    assert all("Je adres of je server" in page for page in visitor)
    assert not any("Je adres of je server" in page for page in member)
    assert post.uri in member[0]
    assert "@toetsing@ons.test" in member[1]
