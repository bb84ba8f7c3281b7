"""Somebody here follows a group of a Lemmy elsewhere, reads what it has, and misses nothing."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.ctx import AppContext
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models.account import Account
from app.core.db import session
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.notifications.models import Notification
from federation.dereference.history_tasks import read_history, reconcile
from federation.dereference.tasks import fetch_due
from federation.inbound.tasks import apply_inbox
from federation.outbound.deliver import deliver_all_due
from tests.support.browsing import token_of
from tests.support.clock import FakeClock
from tests.support.factories import make_account, sign_in
from tests.support.fediverse import FakeFediverse, Json, activity
from tests.support.lemmy import LemmyGroup

POSTS, COMMENTS = 60, 300
PAGE = "/c/tuin@lemmy.test"
ARTICLE = '<article class="comment'


@pytest.fixture
def lemmy(app: Flask, ctx: AppContext, clock: FakeClock) -> LemmyGroup:
    """A group with sixty threads and three hundred answers, every third an answer to an answer."""
    group = LemmyGroup(FakeFediverse(app))
    for number in range(POSTS):
        thread = group.thread(f"Draad {number}", age=timedelta(hours=number + 1))
        parent = None
        for place in range(COMMENTS // POSTS):
            made = group.comment(thread, parent if place % 3 == 2 else None)
            parent = made
    group.refresh()
    return group


@pytest.fixture
def anna(app: Flask, ctx: AppContext, client: FlaskClient) -> Account:
    account = make_account("anna")
    sign_in(client, account)
    return account


@pytest.fixture
def work(app: Flask, ctx: AppContext, clock: FakeClock) -> Callable[[], None]:
    """Let the workers do all that is due, second after second."""

    def run() -> None:
        for _ in range(300):
            deliver_all_due()
            busy = bool(apply_inbox())
            fetch_due()
            if not read_history() and not busy:
                session().rollback()
                return
            clock.advance(timedelta(seconds=1))

    return run


def press(client: FlaskClient, page: str, path: str, **fields: str) -> str:
    """Press a button on a page; return where that leads."""
    token = token_of(client, page)
    answer = client.post(path, data={"csrf_token": token, **fields})
    assert answer.status_code == 303, answer.status
    return str(answer.headers["Location"])


def test_our_person_follows_reads_all_and_a_gap_heals_at_night(
    client: FlaskClient,
    lemmy: LemmyGroup,
    anna: Account,
    clock: FakeClock,
    work: Callable[[], None],
) -> None:
    follow = find_and_follow(client, lemmy)
    accept(lemmy, follow)
    work()

    # its outbox shows the newest fifty, as Lemmy's does
    assert read_all_pages(client) == {f"Draad {number}" for number in range(50)}
    check_threads(client)

    lose_some(lemmy)
    clock.advance(timedelta(hours=14))
    reconcile()
    work()

    assert "Onderweg verloren" in client.get(PAGE).text
    healed = session().scalars(select(Post).where(Post.title == "Draad 3")).one()
    shown = client.get(f"/post/{healed.public_id}").text
    assert "onderweg verloren" in shown
    assert shown.count(ARTICLE) == COMMENTS // POSTS + 2


def find_and_follow(client: FlaskClient, lemmy: LemmyGroup) -> Json:
    """Look the group up, follow it, and return the Follow that its server got."""
    waiting = press(client, "/zoeken", "/opzoeken", q="!tuin@lemmy.test")
    fetch_due()
    assert client.get(waiting).headers["Location"] == PAGE
    press(client, PAGE, f"{PAGE}/volgen", on="1")
    asking = client.get(PAGE).text
    assert "Wacht op antwoord van lemmy.test" in asking
    assert "We halen op wat er al stond" in asking
    deliver_all_due()
    assert "heeft het ontvangen, maar nog niet geantwoord" in client.get(PAGE).text
    follow: Json = json.loads(next(b for _, b, _ in lemmy.server.posted if b'"Follow"' in b))
    return follow


def accept(lemmy: LemmyGroup, follow: Json) -> None:
    """Let the group say yes."""
    lemmy.fediverse.deliver(activity("Accept", lemmy.actor, follow), lemmy.actor)


def check_threads(client: FlaskClient) -> None:
    """All answers stand in their threads, nobody was told, all is found, and nothing waits."""
    assert len(session().scalars(select(Comment.id)).all()) == 50 * COMMENTS // POSTS
    assert session().scalars(select(Notification)).all() == []
    page = client.get(PAGE).text
    assert "We halen op" not in page
    assert "Wacht op antwoord" not in page
    for post in session().scalars(select(Post)).all():
        assert client.get(f"/post/{post.public_id}").text.count(ARTICLE) == COMMENTS // POSTS
    assert "Draad 7" in client.get("/zoeken?q=Draad+7").text


def lose_some(lemmy: LemmyGroup) -> None:
    """Write two answers and a thread of which we hear nothing."""
    lost = lemmy.comment(lemmy.threads[3], content="<p>onderweg verloren</p>")
    lemmy.comment(lemmy.threads[3], lost)
    lemmy.thread("Onderweg verloren", age=timedelta(minutes=1))
    lemmy.refresh()


def read_all_pages(client: FlaskClient) -> set[str]:
    """Turn all pages of the group and return the titles that stand there."""
    titles: set[str] = set()
    url: str | None = PAGE
    while url:
        text = client.get(url).text
        titles |= set(re.findall(r"Draad \d+", text))
        older = re.search(r'href="(/c/tuin@lemmy\.test\?voor=[^"]+)"', text)
        url = older[1].replace("&amp;", "&") if older else None
    return titles
