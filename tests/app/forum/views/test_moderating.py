"""Pinning, closing, taking away and bringing back, with a reason."""

from collections.abc import Callable

import pytest
from flask.ctx import AppContext
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core.db import session, unit_of_work
from app.forum.services import comments, posts
from app.moderation.models.log_entry import LogEntry
from tests.support.browsing import token_of
from tests.support.factories import make_account, make_comment, make_community, make_post, sign_in

HOSTILE = '"><script>alert(1)</script>'
Reread = Callable[[], None]


def acts() -> list[tuple[str, str]]:
    rows = session().execute(
        select(LogEntry.action, LogEntry.reason).order_by(LogEntry.id.desc()).limit(1)
    )
    return [(row.action, row.reason) for row in rows]


@pytest.mark.parametrize(
    ("path", "words", "actions"),
    [
        ("vastzetten", ("Vastzetten", "Losmaken"), ("post_pinned", "post_unpinned")),
        ("sluiten", ("Sluiten", "Heropenen"), ("post_locked", "post_unlocked")),
    ],
)
def test_a_thread_is_steered_with_a_reason_or_without(
    client: FlaskClient,
    ctx: AppContext,
    reread: Reread,
    path: str,
    words: tuple[str, str],
    actions: tuple[str, str],
) -> None:
    otto = make_account("otto")
    post = make_post(make_community(owner=otto), otto, title=HOSTILE, body=HOSTILE)
    address = f"/post/{post.public_id}/{path}"
    sign_in(client, otto)

    for word, on, reason, action in zip(words, "10", ("Klaar", ""), actions, strict=True):
        page = client.get(address).text
        data = {"csrf_token": token_of(client, address), "on": on, "reason": reason}
        answer = client.post(address, data=data)

        assert f"<h1>{word}</h1>" in page
        assert f'name="on" value="{on}"' in page
        assert "<script>alert" not in page
        assert answer.location == f"/post/{post.public_id}"
        reread()
        assert acts() == [(action, reason)]


def test_what_was_taken_away_comes_back_with_a_reason(
    client: FlaskClient, ctx: AppContext, reread: Reread
) -> None:
    otto, anna = make_account("otto"), make_account()
    post = make_post(make_community(owner=otto), otto)
    comment = make_comment(post, anna)
    other = make_post(post.community, anna)
    with unit_of_work():
        comments.remove_comment(comment, otto, "Grof")
        posts.remove_post(other, otto, "Grof")
    sign_in(client, otto)

    for address, action in (
        (f"/comment/{comment.public_id}/terugzetten", "comment_restored"),
        (f"/post/{other.public_id}/terugzetten", "post_restored"),
    ):
        data = {"csrf_token": token_of(client, address), "reason": "Bij nader inzien"}
        assert client.post(address, data=data).status_code == 303
        reread()
        assert acts() == [(action, "Bij nader inzien")]
    assert comment.is_published
    assert other.is_published


def test_a_removal_leads_back_to_where_it_was_asked(client: FlaskClient, ctx: AppContext) -> None:
    otto = make_account("otto")
    post = make_post(make_community(owner=otto), make_account())
    sign_in(client, otto)
    address = f"/post/{post.public_id}/weghalen"
    page = client.get(f"{address}?next=/moderatie").text
    data = {"csrf_token": token_of(client, address), "reason": "Grof", "next": "/moderatie"}

    answer = client.post(address, data=data)

    assert 'name="next" value="/moderatie"' in page
    assert answer.location == "/moderatie"


def test_the_menu_of_a_moderator_leads_to_all_of_it(client: FlaskClient, ctx: AppContext) -> None:
    otto, anna = make_account("otto"), make_account()
    post = make_post(make_community(owner=otto), anna)
    comment, own = make_comment(post, anna), make_comment(post, otto)

    sign_in(client, make_account("bram"))
    reader = client.get(f"/post/{post.public_id}").text
    sign_in(client, otto)
    moderator = client.get(f"/post/{post.public_id}").text

    for address in (
        f"/post/{post.public_id}/vastzetten",
        f"/post/{post.public_id}/sluiten",
        f"/waarschuwen/post/{post.public_id}",
        f"/blokkeren/post/{post.public_id}",
        f"/waarschuwen/comment/{comment.public_id}",
        f"/blokkeren/comment/{comment.public_id}",
    ):
        assert (address in reader, address in moderator) == (False, True), address
    assert f"/waarschuwen/comment/{own.public_id}" not in moderator
