"""Answering, voting and moderating, through a browser."""

from collections.abc import Callable

from flask.ctx import AppContext
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core.db import session, unit_of_work
from app.core.visibility import State
from app.forum.models.comment import Comment
from app.forum.services import posts
from tests.support.browsing import token_of
from tests.support.factories import (
    make_account,
    make_comment,
    make_community,
    make_post,
    sign_in,
)


def test_a_post_and_a_comment_are_answered(
    client: FlaskClient, ctx: AppContext, reread: Callable[[], None]
) -> None:
    anna, bram = make_account(), make_account("bram")
    post = make_post(make_community(), anna)
    sign_in(client, bram)
    path = f"/post/{post.public_id}"
    token = token_of(client, path)

    first = client.post(f"{path}/antwoord", data={"body": "Zo.", "csrf_token": token})
    reread()
    comment = session().scalars(select(Comment)).one()
    page = client.get(f"/comment/{comment.public_id}/antwoord").text
    second = client.post(
        f"/comment/{comment.public_id}/antwoord", data={"body": "En zo.", "csrf_token": token}
    )
    reread()
    reply = session().scalars(select(Comment).where(Comment.parent_id == comment.id)).one()

    assert (first.status_code, first.location) == (303, f"{path}#comment-{comment.public_id}")
    assert "Zo." in page
    assert second.location == f"{path}#comment-{reply.public_id}"


def test_an_empty_answer_is_named_and_a_long_one_is_kept(
    client: FlaskClient, ctx: AppContext
) -> None:
    post = make_post(make_community(), make_account())
    sign_in(client, make_account("bram"))
    path = f"/post/{post.public_id}/antwoord"
    token = token_of(client, path)

    empty = client.post(path, data={"body": "  ", "csrf_token": token})
    long = client.post(path, data={"body": "lang" * 12_501, "csrf_token": token})

    assert (empty.status_code, long.status_code) == (422, 422)
    assert 'id="body-error"' in empty.text
    assert "lang" * 12_501 in long.text


def test_an_answer_can_be_previewed(client: FlaskClient, ctx: AppContext) -> None:
    post = make_post(make_community(), make_account())
    sign_in(client, make_account("bram"))
    path = f"/post/{post.public_id}/antwoord"
    data = {"body": "**vet**", "preview": "1", "csrf_token": token_of(client, path)}

    answer = client.post(path, data=data)

    assert answer.status_code == 200
    assert "<strong>vet</strong>" in answer.text
    assert session().scalar(select(Comment)) is None


def test_a_closed_thread_keeps_what_was_typed(client: FlaskClient, ctx: AppContext) -> None:
    otto = make_account("otto")
    post = make_post(make_community(owner=otto), make_account())
    sign_in(client, make_account("bram"))
    path = f"/post/{post.public_id}/antwoord"
    data = {"body": "Net te laat", "csrf_token": token_of(client, path)}
    with unit_of_work():
        posts.lock_post(post, otto, is_locked=True)

    answer = client.post(path, data=data)

    assert answer.status_code == 422
    assert "Dit gesprek is gesloten." in answer.text
    assert "Net te laat" in answer.text
    assert client.get(path).status_code == 409


def test_answering_needs_an_account(client: FlaskClient, ctx: AppContext) -> None:
    post = make_post(make_community(), make_account())

    assert client.get(f"/post/{post.public_id}/antwoord").status_code == 303


def test_the_writer_changes_and_takes_back_an_answer(
    client: FlaskClient, ctx: AppContext, reread: Callable[[], None]
) -> None:
    anna = make_account()
    comment = make_comment(make_post(make_community(), anna), anna, "Met **vet**")
    sign_in(client, anna)
    path = f"/comment/{comment.public_id}"
    token = token_of(client, f"{path}/bewerken")

    form = client.get(f"{path}/bewerken").text
    preview = client.post(
        f"{path}/bewerken", data={"body": "**Anders**", "preview": "1", "csrf_token": token}
    )
    bad = client.post(f"{path}/bewerken", data={"body": "", "csrf_token": token})
    good = client.post(f"{path}/bewerken", data={"body": "Anders", "csrf_token": token})
    reread()
    body = comment.body_html
    asked = client.get(f"{path}/verwijderen")
    gone = client.post(f"{path}/verwijderen", data={"csrf_token": token})
    reread()

    assert "Met **vet**" in form
    assert "<strong>Anders</strong>" in preview.text
    assert (bad.status_code, good.status_code) == (422, 303)
    assert body == "<p>Anders</p>"
    assert (asked.status_code, gone.status_code) == (200, 303)
    assert comment.state == State.DELETED


def test_others_do_not_change_an_answer(client: FlaskClient, ctx: AppContext) -> None:
    anna = make_account()
    comment = make_comment(make_post(make_community(), anna), anna)
    sign_in(client, make_account("bram"))

    for act in ("bewerken", "verwijderen", "weghalen"):
        assert client.get(f"/comment/{comment.public_id}/{act}").status_code == 403


def test_votes_are_given_and_taken_back(
    client: FlaskClient, ctx: AppContext, reread: Callable[[], None]
) -> None:
    anna = make_account()
    post = make_post(make_community(), anna)
    comment = make_comment(post, anna)
    sign_in(client, make_account("bram"))
    page = f"/post/{post.public_id}"
    token = token_of(client, page)

    for target in (f"/post/{post.public_id}", f"/comment/{comment.public_id}"):
        for on in ("1", "1"):
            answer = client.post(f"{target}/nuttig", data={"on": on, "csrf_token": token})
            assert answer.status_code == 303
            assert answer.location.startswith(page)
    reread()
    given = (post.vote_count, comment.vote_count)
    shown = client.get(page).text
    for target in (f"/post/{post.public_id}", f"/comment/{comment.public_id}"):
        client.post(f"{target}/nuttig", data={"on": "0", "csrf_token": token})
    reread()

    assert given == (1, 1)
    assert shown.count('name="on" value="0" aria-pressed="true"') == 2
    assert (post.vote_count, comment.vote_count) == (0, 0)


def test_a_moderator_removes_with_a_reason_and_brings_back(
    client: FlaskClient, ctx: AppContext, reread: Callable[[], None]
) -> None:
    anna, otto = make_account(), make_account("otto")
    post = make_post(make_community(owner=otto), anna)
    comment = make_comment(post, anna)
    sign_in(client, otto)

    for thing, path in (
        (comment, f"/comment/{comment.public_id}"),
        (post, f"/post/{post.public_id}"),
    ):
        token = token_of(client, f"{path}/weghalen")
        without = client.post(f"{path}/weghalen", data={"reason": " ", "csrf_token": token})
        removed = client.post(f"{path}/weghalen", data={"reason": "Reclame", "csrf_token": token})
        reread()
        state, reason = thing.state, thing.state_reason
        restored = client.post(f"{path}/terugzetten", data={"csrf_token": token})
        reread()

        assert (without.status_code, removed.status_code, restored.status_code) == (422, 303, 303)
        assert 'id="reason-error"' in without.text
        assert (state, reason) == (State.REMOVED, "Reclame")
        assert thing.state == State.PUBLISHED


def test_a_moderator_pins_and_closes(
    client: FlaskClient, ctx: AppContext, reread: Callable[[], None]
) -> None:
    otto = make_account("otto")
    post = make_post(make_community(owner=otto), make_account())
    sign_in(client, otto)
    path = f"/post/{post.public_id}"
    token = token_of(client, path)

    for on, expected in (("1", True), ("0", False)):
        client.post(f"{path}/vastzetten", data={"on": on, "csrf_token": token})
        client.post(f"{path}/sluiten", data={"on": on, "csrf_token": token})
        reread()

        assert (post.is_pinned, post.is_locked) == (expected, expected)
