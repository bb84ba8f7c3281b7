"""The page of a post with its answers."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.ctx import AppContext
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.core.db import session, unit_of_work
from app.core.visibility import Visibility
from app.forum.models.attachment import Attachment
from app.forum.models.read_mark import ReadMark
from app.forum.origin import Remote
from app.forum.services import comments, memberships, posts
from tests.support.clock import FakeClock
from tests.support.factories import (
    make_account,
    make_comment,
    make_community,
    make_post,
    sign_in,
)

HOSTILE = '"><script>alert(1)</script>'


def test_a_thread_is_nested_and_can_be_put_in_order_of_time(
    client: FlaskClient, ctx: AppContext, clock: FakeClock
) -> None:
    anna, bram = make_account(), make_account("bram")
    post = make_post(make_community(), anna)
    first = make_comment(post, bram, "Eerste")
    clock.advance(timedelta(minutes=1))
    second = make_comment(post, anna, "Tweede")
    clock.advance(timedelta(minutes=1))
    reply = make_comment(post, anna, "Op de eerste", first)
    path = f"/post/{post.public_id}"

    nested, flat = client.get(path).text, client.get(f"{path}?weergave=plat").text

    assert nested.index("Eerste") < nested.index("Op de eerste") < nested.index("Tweede")
    assert flat.index("Eerste") < flat.index("Tweede") < flat.index("Op de eerste")
    assert '<details class="replies" open><summary>1 reactie</summary>' in nested
    assert "Reactie op Bram" in flat
    assert "3 antwoorden" in nested
    for comment in (first, second, reply):
        assert f'id="comment-{comment.public_id}"' in nested


def test_nesting_leaves_no_element_open(client: FlaskClient, ctx: AppContext) -> None:
    anna = make_account()
    post = make_post(make_community(), anna)
    parent = None
    for _number in range(6):
        parent = make_comment(post, anna, "Dieper", parent)
    make_comment(post, anna, "Weer boven")

    page = client.get(f"/post/{post.public_id}").text

    for element in ("article", "details", "div"):
        assert page.count(f"<{element}") == page.count(f"</{element}>"), element


def test_a_comment_leads_to_its_place(client: FlaskClient, ctx: AppContext) -> None:
    anna = make_account()
    comment = make_comment(make_post(make_community(), anna), anna)

    answer = client.get(f"/comment/{comment.public_id}")

    assert answer.status_code == 302
    assert answer.location == f"/post/{comment.post.public_id}#comment-{comment.public_id}"


@pytest.mark.parametrize(
    "path",
    [
        "/post/onzin",
        "/post/01900000-0000-7000-8000-000000000000",
        "/post/1",
        "/comment/01900000-0000-7000-8000-000000000000",
        "/comment/%27%20OR%201=1",
    ],
)
def test_what_is_not_there_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_html_in_every_field_is_inert(client: FlaskClient, ctx: AppContext) -> None:
    eva = make_account("eva", host="elders.test", display_name=HOSTILE)
    anna = make_account(display_name=HOSTILE)
    community = make_community(owner=anna)
    with unit_of_work():
        community.title = HOSTILE
        post = posts.publish_post(
            eva,
            community,
            posts.PostDraft(
                title=HOSTILE, body_html=f"<p>{HOSTILE}</p><img src=x onerror=alert(1)>"
            ),
            Remote("http://elders.test/post/1"),
        )
        comment = comments.publish_comment(
            anna, post, None, comments.CommentDraft(body_source=HOSTILE)
        )
        gone = comments.publish_comment(
            anna, post, comment, comments.CommentDraft(body_source="Weg")
        )
        session().add(Attachment(post_id=post.id, url="https://x.test/", description=HOSTILE))
        gone.state_reason = HOSTILE
        comments.remove_comment(gone, anna, "reden")
        gone.state_reason = HOSTILE
    sign_in(client, anna)

    for path in (
        f"/post/{post.public_id}",
        f"/post/{post.public_id}?weergave=plat",
        f"/post/{post.public_id}/antwoord",
        f"/post/{post.public_id}/weghalen",
        f"/comment/{comment.public_id}/antwoord",
        f"/comment/{comment.public_id}/bewerken",
        "/c/toetsing",
        "/c/toetsing/beheer",
        "/nieuw?title=" + HOSTILE,
    ):
        page = client.get(path).text
        assert "<script>alert" not in page, path
        assert "<img" not in page, path


def test_tombstones_stay_in_their_place(client: FlaskClient, ctx: AppContext) -> None:
    anna, otto = make_account(), make_account("otto")
    post = make_post(make_community(owner=otto), anna)
    deleted = make_comment(post, anna, "Zelf weggehaald")
    make_comment(post, otto, "Blijft staan", deleted)
    removed = make_comment(post, anna, "Onaardige tekst")
    with unit_of_work():
        comments.delete_comment(deleted, anna)
        comments.remove_comment(removed, otto, "Onaardig")

    page = client.get(f"/post/{post.public_id}").text
    flat = client.get(f"/post/{post.public_id}?weergave=plat").text

    assert "Dit antwoord is verwijderd door de schrijver." in page
    assert "Dit antwoord is weggehaald door een moderator." in page
    assert "Reden: Onaardig" in page
    assert "Blijft staan" in page
    assert "Zelf weggehaald" not in page
    assert "Onaardige tekst" not in page
    assert "Reactie op een weggehaald antwoord" in flat


def test_a_removed_post_says_why_and_can_be_brought_back(
    client: FlaskClient, ctx: AppContext
) -> None:
    otto = make_account("otto")
    post = make_post(make_community(owner=otto), make_account(), title="Reclametekst")
    with unit_of_work():
        posts.remove_post(post, otto, "Reclame")
    path = f"/post/{post.public_id}"

    anonymous = client.get(path).text
    sign_in(client, otto)

    assert "Dit bericht is weggehaald door een moderator." in anonymous
    assert "Reden: Reclame" in anonymous
    assert "Reclametekst" not in anonymous
    assert "Terugzetten" not in anonymous
    assert "Terugzetten" in client.get(path).text


def test_new_answers_are_counted_and_marked_until_they_are_read(
    client: FlaskClient, ctx: AppContext, clock: FakeClock
) -> None:
    anna, bram = make_account(), make_account("bram")
    post = make_post(make_community(), anna)
    sign_in(client, bram)
    path = f"/post/{post.public_id}"
    client.get(path)
    clock.advance(timedelta(minutes=1))
    make_comment(post, anna, "Nieuw een")
    make_comment(post, anna, "Nieuw twee")
    make_comment(post, bram, "Van mijzelf")

    first, second = client.get(path).text, client.get(path).text

    assert "2 nieuw" in first
    assert first.count('class="comment unread"') == 2
    assert "2 nieuw" not in second
    assert 'class="comment unread"' not in second


def test_only_a_change_is_remembered_and_nothing_for_who_is_anonymous(
    client: FlaskClient,
    ctx: AppContext,
    count_statements: Callable,
    reread: Callable[[], None],
) -> None:
    post = make_post(make_community(), make_account())
    path = f"/post/{post.public_id}"

    with count_statements() as anonymous:
        client.get(path)
    sign_in(client, make_account("bram"))
    client.get(path)
    with count_statements() as repeated:
        client.get(path)
    reread()

    assert session().scalar(select(func.count()).select_from(ReadMark)) == 1
    assert all(statement.startswith("SELECT") for statement in anonymous + repeated)


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_a_long_thread_costs_few_statements(
    client: FlaskClient, ctx: AppContext, count_statements: Callable, is_signed_in: bool
) -> None:
    people = [make_account(f"a{number}") for number in range(4)]
    post = make_post(make_community(), people[0])
    parent = None
    for number in range(30):
        parent = make_comment(post, people[number % 4], f"Antwoord {number}", parent)
    if is_signed_in:
        sign_in(client, people[1])
        client.get(f"/post/{post.public_id}")

    with count_statements() as statements:
        assert client.get(f"/post/{post.public_id}").status_code == 200

    assert len(statements) <= 12, "\n".join(statements)


def test_anonymous_readers_are_led_to_the_sign_in_page(
    client: FlaskClient, ctx: AppContext
) -> None:
    anna = make_account()
    post = make_post(make_community(), anna)
    make_comment(post, anna)

    answer = client.get(f"/post/{post.public_id}")

    assert "Set-Cookie" not in answer.headers
    assert "csrf_token" not in answer.text
    assert "formaction" not in answer.text
    assert "Log in om te antwoorden" in answer.text


def test_who_may_do_what_is_offered_and_nothing_else(client: FlaskClient, ctx: AppContext) -> None:
    anna, otto = make_account(), make_account("otto")
    post = make_post(make_community(owner=otto), anna)
    comment = make_comment(post, anna)
    path, below = f"/post/{post.public_id}", f"/comment/{comment.public_id}"

    sign_in(client, anna)
    writer = client.get(path).text
    sign_in(client, otto)
    moderator = client.get(path).text

    assert f"{path}/bewerken" in writer
    assert f"{below}/bewerken" in writer
    assert f"{path}/nuttig" not in writer
    assert f"{path}/weghalen" not in writer
    assert f"{path}/bewerken" not in moderator
    assert f"{path}/nuttig" in moderator
    assert f"{below}/nuttig" in moderator
    for act in ("vastzetten", "sluiten", "weghalen"):
        assert f"{path}/{act}" in moderator
    assert f"{below}/weghalen" in moderator


def test_a_closed_thread_says_so(client: FlaskClient, ctx: AppContext) -> None:
    otto = make_account("otto")
    post = make_post(make_community(owner=otto), make_account())
    with unit_of_work():
        posts.lock_post(post, otto, is_locked=True)
    sign_in(client, make_account("bram"))

    page = client.get(f"/post/{post.public_id}").text

    assert "Dit gesprek is gesloten." in page
    assert "/antwoord" not in page


def test_members_read_what_others_do_not_know_of(client: FlaskClient, ctx: AppContext) -> None:
    otto, bram = make_account("otto"), make_account("bram")
    community = make_community(owner=otto)
    with unit_of_work():
        memberships.join_community(bram, community)
        community.visibility = Visibility.MEMBERS
    post = make_post(community, otto, title="Onder ons")
    path = f"/post/{post.public_id}"

    anonymous = client.get(path).status_code
    sign_in(client, make_account("carla"))
    stranger = client.get(path).status_code
    sign_in(client, bram)
    member = client.get(path)
    sign_in(client, make_account("beatrix", admin=True))
    admin = client.get(path).status_code

    assert (anonymous, stranger, member.status_code, admin) == (404, 404, 200, 200)
    assert "Onder ons" in member.text
    assert "noindex" in member.text
