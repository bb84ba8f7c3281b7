"""What waits for a moderator: who meets it where, and the two buttons."""

from collections.abc import Callable

import pytest
from flask.ctx import AppContext
from flask.testing import FlaskClient

from app.accounts.models.account import Account
from app.core.db import unit_of_work
from app.core.visibility import State
from app.forum.models.community import Community
from app.forum.queries.comments import get_comment
from app.forum.queries.communities import find_community
from app.forum.queries.posts import get_post
from app.forum.services import comments, posts
from tests.support.browsing import token_of
from tests.support.factories import make_account, make_comment, make_community, make_post, sign_in

MARKER = "Merkteken-7461"
HOSTILE = '"><script>alert(1)</script>'
ACTIVITY = {"Accept": "application/activity+json"}


@pytest.fixture
def otto(ctx: AppContext) -> Account:
    return make_account("otto")


@pytest.fixture
def anna(ctx: AppContext) -> Account:
    return make_account()


@pytest.fixture
def community(otto: Account) -> Community:
    return make_community(owner=otto, is_premoderated=True)


def test_nobody_else_meets_what_waits_anywhere(
    client: FlaskClient, community: Community, otto: Account, anna: Account
) -> None:
    thread = make_post(community, otto)
    post = make_post(community, anna, title=MARKER, body=MARKER)
    comment = make_comment(thread, anna, body=MARKER)
    places = [
        "/",
        "/forum?soort=alles",
        "/c/toetsing",
        "/c/toetsing/feed.atom",
        "/u/anna",
        f"/zoeken?q={MARKER}",
        f"/post/{thread.public_id}",
        f"/post/{thread.public_id}?weergave=plat",
    ]
    hidden = [
        f"/post/{post.public_id}",
        f"/post/{post.public_id}/replies",
        f"/post/{post.public_id}/context",
        f"/comment/{comment.public_id}",
        f"/comment/{comment.public_id}/replies",
    ]

    for reader in (None, make_account("bram")):
        if reader is not None:
            sign_in(client, reader)
        for path in places:
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert f">{MARKER}" not in answer.text, path
            assert comment.public_id not in answer.text, path
        for path in hidden:
            assert client.get(path).status_code == 404, path
            assert client.get(path, headers=ACTIVITY).status_code == 404, path


def test_other_readers_cannot_act_on_what_waits(
    client: FlaskClient, community: Community, otto: Account, anna: Account
) -> None:
    post = make_post(community, anna)
    comment = make_comment(make_post(community, otto), anna)
    sign_in(client, make_account("bram"))
    token = token_of(client, "/c/toetsing/nieuw")

    for kind, thing in (("post", post), ("comment", comment)):
        for act in ("plaatsen", "weghalen", "terugzetten", "nuttig", "antwoord", "verwijderen"):
            data = {"csrf_token": token, "reason": "Zomaar", "body": "Zo", "on": "1"}
            answer = client.post(f"/{kind}/{thing.public_id}/{act}", data=data)
            assert answer.status_code == 404, (kind, act)
        report = client.get(f"/melden/{kind}/{thing.public_id}")
        assert report.status_code == 404


def test_the_writer_reads_that_it_waits_and_can_change_it(
    client: FlaskClient,
    community: Community,
    otto: Account,
    anna: Account,
    reread: Callable[[], None],
) -> None:
    thread = make_post(community, otto)
    comment = make_comment(thread, anna, body=MARKER)
    sign_in(client, anna)
    token = token_of(client, "/c/toetsing/nieuw")
    data = {
        "kind": "question",
        "community": "toetsing",
        "title": "Mijn eerste vraag",
        "body": MARKER,
        "language": "nl",
        "csrf_token": token,
    }

    sent = client.post("/nieuw", data=data)
    page = client.get(sent.location).text
    in_thread = client.get(f"/post/{thread.public_id}").text
    edited = client.post(f"{sent.location}/bewerken", data={**data, "title": "Mijn betere vraag"})

    assert sent.status_code == edited.status_code == 303
    assert "Wacht op goedkeuring. Alleen jij en de moderators zien dit." in page
    assert MARKER in page
    assert "plaatsen" not in page
    assert "noindex" in page
    assert in_thread.count("Wacht op goedkeuring") == 1
    assert f'id="comment-{comment.public_id}"' in in_thread
    assert f"/comment/{comment.public_id}/nuttig" not in in_thread
    reread()
    post = get_post(sent.location.rpartition("/")[2])
    assert (post.title, post.state) == ("Mijn betere vraag", State.HELD)


def test_a_moderator_approves_with_one_button(
    client: FlaskClient,
    community: Community,
    otto: Account,
    anna: Account,
    reread: Callable[[], None],
) -> None:
    thread = make_post(community, otto)
    post, comment = make_post(community, anna), make_comment(thread, anna, body=MARKER)
    sign_in(client, otto)
    pages = [client.get(f"/post/{one.public_id}").text for one in (post, thread)]
    token = token_of(client, f"/post/{post.public_id}")

    for kind, thing in (("post", post), ("comment", comment)):
        without = client.post(f"/{kind}/{thing.public_id}/plaatsen")
        answer = client.post(f"/{kind}/{thing.public_id}/plaatsen", data={"csrf_token": token})
        assert (without.status_code, answer.status_code) == (400, 303)

    assert f'formaction="/post/{post.public_id}/plaatsen"' in pages[0]
    assert f'formaction="/comment/{comment.public_id}/plaatsen"' in pages[1]
    reread()
    assert get_post(post.public_id).is_published
    assert get_comment(comment.public_id).is_published
    client.delete_cookie("verbindplaats", domain="ons.test")
    assert MARKER in client.get(f"/post/{thread.public_id}").text


def test_a_moderator_refuses_with_a_reason_that_the_writer_reads(
    client: FlaskClient,
    community: Community,
    otto: Account,
    anna: Account,
    reread: Callable[[], None],
) -> None:
    post = make_post(community, anna, title=HOSTILE)
    path = f"/post/{post.public_id}"
    sign_in(client, otto)
    token = token_of(client, f"{path}/weghalen")

    empty = client.post(f"{path}/weghalen", data={"csrf_token": token, "reason": " "})
    done = client.post(f"{path}/weghalen", data={"csrf_token": token, "reason": HOSTILE})
    moderators = client.get(path).text
    sign_in(client, anna)
    writers = client.get(path).text

    assert (empty.status_code, done.status_code) == (422, 303)
    assert "Waarom plaats je dit niet?" in empty.text
    assert f'formaction="{path}/plaatsen"' in moderators
    assert "Een moderator heeft dit niet geplaatst." in writers
    assert "/bewerken" not in writers
    for page in (empty.text, moderators, writers):
        assert "<script>alert" not in page
    reread()
    assert get_post(post.public_id).state == State.REFUSED


def test_a_refused_answer_tells_its_writer_why_and_nobody_else_that_it_was_there(
    client: FlaskClient, community: Community, otto: Account, anna: Account
) -> None:
    thread = make_post(community, otto)
    comment = make_comment(thread, anna, body=MARKER)
    with unit_of_work():
        comments.refuse_comment(comment, otto, "Dit is reclame")

    public = client.get(f"/post/{thread.public_id}").text
    sign_in(client, anna)
    own = client.get(f"/post/{thread.public_id}").text

    assert comment.public_id not in public
    assert "reclame" not in public
    assert "Een moderator heeft dit niet geplaatst. Reden: Dit is reclame" in own
    assert f"/comment/{comment.public_id}/bewerken" not in own


def test_the_settings_page_switches_waiting_on_and_off(
    client: FlaskClient, otto: Account, reread: Callable[[], None]
) -> None:
    make_community(owner=otto)
    sign_in(client, otto)
    path = "/c/toetsing/beheer"
    data = {"title": "Toetsing", "language": "nl", "csrf_token": token_of(client, path)}

    found = []
    for switches in ({"is_premoderated": "y", "requires_membership": "y"}, {}):
        assert client.post(path, data={**data, **switches}).status_code == 303
        reread()
        row = find_community("toetsing")
        found.append((row.is_premoderated, row.requires_membership))

    assert found == [(True, True), (False, False)]
    assert "Moderators keuren het eerste bericht van nieuwkomers goed" in client.get(path).text


def test_an_unread_mark_does_not_betray_what_waits(
    client: FlaskClient, community: Community, otto: Account, anna: Account
) -> None:
    bram = make_account("bram")
    thread = make_post(community, otto)
    sign_in(client, bram)
    client.get(f"/post/{thread.public_id}")
    comment = make_comment(thread, anna)

    before = client.get("/c/toetsing").text
    with unit_of_work():
        comments.approve_comment(comment, otto)
    after = client.get("/c/toetsing").text

    assert 'class="row post-row unread' not in before
    assert 'class="row post-row unread' in after


def test_votes_on_what_waits_are_refused(
    client: FlaskClient, community: Community, otto: Account, anna: Account
) -> None:
    post = make_post(community, anna)
    sign_in(client, otto)
    token = token_of(client, f"/post/{post.public_id}")

    answer = client.post(f"/post/{post.public_id}/nuttig", data={"on": "1", "csrf_token": token})

    assert answer.status_code == 409
    with unit_of_work():
        posts.approve_post(post, otto)
    assert post.vote_count == 0
