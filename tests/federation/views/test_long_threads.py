"""A thread of five hundred answers lists its ids in one query and within fifty milliseconds."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from flask.ctx import AppContext
from sqlalchemy import event, insert
from sqlalchemy.engine import Connection

from app.core.clock import utcnow
from app.core.columns import new_public_id
from app.core.db import db, session
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from tests.federation.views.conftest import Get
from tests.support.factories import make_account, make_community, make_post

COMMENTS = 500
SECONDS = 0.05
ROUNDS = 10


@pytest.fixture
def long_thread(ctx: AppContext) -> Post:
    anna = make_account("anna")
    post = make_post(make_community("toetsing", owner=anna), anna)
    now = utcnow()
    times = dict.fromkeys(("published_at", "received_at", "changed_at", "sort_at"), now)
    rows = [
        {"public_id": new_public_id(), "author_id": anna.id, "post_id": post.id, **times}
        for _ in range(COMMENTS)
    ]
    session().execute(insert(Comment), rows)
    session().commit()
    return post


@pytest.fixture
def statements(ctx: AppContext) -> Iterator[list[str]]:
    """The statements that are run."""
    seen: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


def test_all_ids_come_in_one_answer_from_one_query(
    get: Get, long_thread: Post, statements: list[str]
) -> None:
    statements.clear()

    answer = get(f"{long_thread.uri}/context")

    document = answer.get_json()
    assert document["totalItems"] == COMMENTS + 1
    assert len(document["orderedItems"]) == 500
    assert document["orderedItems"][0] == long_thread.uri
    assert len([one for one in statements if "FROM comment" in one]) == 1


def test_who_has_it_is_told_so(get: Get, long_thread: Post) -> None:
    first = get(f"{long_thread.uri}/context")

    again = get(f"{long_thread.uri}/context", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")


def test_the_list_takes_no_more_than_fifty_milliseconds_of_work(
    get: Get, long_thread: Post
) -> None:
    get(f"{long_thread.uri}/context")
    took = []

    for number in range(ROUNDS):
        started = time.thread_time()
        get(f"{long_thread.uri}/context?round={number}")
        took.append(time.thread_time() - started)

    assert min(took) < SECONDS, took
