"""Threads of remote groups: what is missing is found in the list their home keeps."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.core.visibility import State
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.queries.posts import find_post_by_uri
from app.forum.services import comments, posts
from app.forum.services.drafts import CommentDraft
from federation.dereference.thread_requests import is_check_due, request_check
from federation.models.backfill import BackfillState, ThreadCheck
from tests.federation.dereference.conftest import follow
from tests.support.clock import FakeClock
from tests.support.fediverse import Answer, Json, note
from tests.support.lemmy import LemmyGroup, collection

ReadAll = Callable[[], int]


def texts() -> set[str]:
    session().expire_all()
    return set(session().scalars(select(Comment.body_html)))


def check_of(thread: Json) -> ThreadCheck:
    session().expire_all()
    post = find_post_by_uri(thread["id"])
    assert post is not None
    return session().scalars(select(ThreadCheck).where(ThreadCheck.post_id == post.id)).one()


def look_at(thread: Json) -> bool:
    """Somebody with an account opens the thread."""
    with unit_of_work():
        post = find_post_by_uri(thread["id"])
        assert post is not None
        return request_check(post)


@pytest.fixture
def thread(lemmy: LemmyGroup, anna: Account, read_all: ReadAll) -> Json:
    """A thread of a followed group, read with its one answer."""
    found = lemmy.thread("Snoeien")
    lemmy.comment(found)
    lemmy.refresh()
    follow(anna, lemmy)
    read_all()
    return found


def test_what_has_not_changed_costs_one_request(
    lemmy: LemmyGroup, thread: Json, clock: FakeClock, read_all: ReadAll
) -> None:
    clock.advance(timedelta(minutes=16))
    before = lemmy.fediverse.fetches

    assert look_at(thread)
    read_all()

    assert lemmy.fediverse.fetches == before + 1
    assert check_of(thread).checked_at > utcnow() - timedelta(seconds=5)


def test_what_got_lost_is_found_with_what_it_answers(
    lemmy: LemmyGroup, thread: Json, clock: FakeClock, read_all: ReadAll
) -> None:
    lost = lemmy.comment(thread, content="<p>verloren</p>")
    lemmy.comment(thread, lost, content="<p>daaronder</p>")
    lemmy.refresh()
    clock.advance(timedelta(minutes=16))

    look_at(thread)
    read_all()

    assert {"<p>verloren</p>", "<p>daaronder</p>"} <= texts()


def test_many_readers_of_one_thread_are_one_request(
    lemmy: LemmyGroup, thread: Json, clock: FakeClock, read_all: ReadAll
) -> None:
    clock.advance(timedelta(minutes=16))

    asked = [look_at(thread) for _ in range(50)]
    read_all()
    clock.advance(timedelta(minutes=4))
    again = look_at(thread)

    assert (sum(asked), again) == (1, False)


def test_what_was_checked_within_a_quarter_of_an_hour_is_left_alone(
    lemmy: LemmyGroup, thread: Json, clock: FakeClock
) -> None:
    post = find_post_by_uri(thread["id"])
    assert post is not None

    clock.advance(timedelta(minutes=14))
    assert not is_check_due(post)
    clock.advance(timedelta(minutes=2))
    assert is_check_due(post)


def test_the_list_a_post_names_goes_first(
    lemmy: LemmyGroup, anna: Account, read_all: ReadAll
) -> None:
    context = f"{lemmy.server.root}/threads/9"
    found = lemmy.thread("Snoeien", context=context)
    answer = lemmy.comment(found, content="<p>gevonden</p>")
    lemmy.refresh()
    lemmy.put("/threads/9", collection(context, [found["id"], answer]))
    lemmy.server.answers.pop(f"{found['id'].removeprefix(lemmy.server.root)}/context")

    follow(anna, lemmy)
    read_all()

    assert texts() == {"<p>gevonden</p>"}
    assert check_of(found).context_uri == context
    post = find_post_by_uri(found["id"])
    assert post is not None
    assert post.context_uri == context


def test_answers_are_walked_where_there_is_no_list_of_all(
    lemmy: LemmyGroup, anna: Account, read_all: ReadAll
) -> None:
    root = lemmy.server.root
    found = lemmy.thread("Snoeien", replies=f"{root}/r/0")
    first = lemmy.comment(found, replies=f"{root}/r/1")
    second = lemmy.comment(found, first, replies=f"{root}/r/2")
    lemmy.refresh()
    page = {"type": "CollectionPage", "items": [first["id"]], "next": f"{root}/r/0?page=2"}
    lemmy.put("/r/0", {"type": "Collection", "id": f"{root}/r/0", "first": page})
    lemmy.put("/r/0?page=2", {"type": "CollectionPage", "id": f"{root}/r/0?page=2", "items": []})
    lemmy.put("/r/1", {"type": "Collection", "id": f"{root}/r/1", "items": [second]})

    follow(anna, lemmy)
    read_all()

    depths = session().scalars(select(Comment.depth).order_by(Comment.depth)).all()
    assert depths == [1, 2]


def test_a_video_lists_its_answers_as_comments(
    lemmy: LemmyGroup, anna: Account, read_all: ReadAll
) -> None:
    root = lemmy.server.root
    found = lemmy.thread("Film", type="Video", comments=f"{root}/r/0")
    answer = lemmy.comment(found)
    lemmy.refresh()
    lemmy.put("/r/0", collection(f"{root}/r/0", [answer["id"]]))

    follow(anna, lemmy)
    read_all()

    assert len(texts()) == 1


def test_what_lives_elsewhere_is_asked_for_at_its_own_home(
    lemmy: LemmyGroup, thread: Json, clock: FakeClock, read_all: ReadAll
) -> None:
    bob = lemmy.fediverse.person("bob", "victim.test")
    true = lemmy.fediverse.put(note(bob, "<p>echt</p>", inReplyTo=thread["id"], cc=[lemmy.uri]))
    forged = {**true, "content": "<p>vals</p>"}
    invented = {**note(bob, "<p>verzonnen</p>", inReplyTo=thread["id"])}
    path = thread["id"].removeprefix(lemmy.server.root)
    lemmy.put(f"{path}/context", collection(f"{thread['id']}/context", [forged, invented]))
    clock.advance(timedelta(minutes=16))

    look_at(thread)
    read_all()

    assert "<p>echt</p>" in texts()
    assert not {"<p>vals</p>", "<p>verzonnen</p>"} & texts()


def test_our_own_answer_in_the_list_has_arrived(
    lemmy: LemmyGroup, thread: Json, anna: Account, clock: FakeClock, read_all: ReadAll
) -> None:
    post = find_post_by_uri(thread["id"])
    assert post is not None
    with unit_of_work():
        ours = comments.publish_comment(anna, post, None, CommentDraft(body_source="Zo."))
    assert ours.echoed_at is None
    path = thread["id"].removeprefix(lemmy.server.root)
    lemmy.put(f"{path}/context", collection(f"{thread['id']}/context", [ours.uri]))
    clock.advance(timedelta(minutes=16))

    look_at(thread)
    read_all()

    session().expire_all()
    assert ours.echoed_at is not None


def test_a_thread_that_is_gone_at_its_home_goes_here(
    lemmy: LemmyGroup, thread: Json, clock: FakeClock, read_all: ReadAll
) -> None:
    path = thread["id"].removeprefix(lemmy.server.root)
    lemmy.server.answers[path] = Answer(status=410)
    lemmy.server.answers.pop(f"{path}/context")
    for _ in range(2):  # first the list is missed, then the post itself
        clock.advance(timedelta(minutes=16))
        look_at(thread)
        read_all()

    session().expire_all()
    post = find_post_by_uri(thread["id"])
    assert post is not None
    assert post.state == State.DELETED


def test_a_closed_thread_is_read_all_the_same(
    lemmy: LemmyGroup, thread: Json, anna: Account, clock: FakeClock, read_all: ReadAll
) -> None:
    post = find_post_by_uri(thread["id"])
    assert post is not None
    post.is_locked = True
    session().commit()
    lemmy.comment(thread, content="<p>van voor het sluiten</p>")
    lemmy.refresh()
    clock.advance(timedelta(minutes=16))

    look_at(thread)
    read_all()

    assert "<p>van voor het sluiten</p>" in texts()


def test_a_server_that_asks_for_time_gets_it(
    lemmy: LemmyGroup, thread: Json, clock: FakeClock, read_all: ReadAll
) -> None:
    path = thread["id"].removeprefix(lemmy.server.root)
    answer = lemmy.server.answers[f"{path}/context"]
    busy = Answer(status=429, headers={"Retry-After": "120"})
    lemmy.server.answers[f"{path}/context"] = busy
    clock.advance(timedelta(minutes=16))

    look_at(thread)
    read_all()

    row = check_of(thread)
    assert (row.state, row.reason) == (BackfillState.WAITING, "status-429")
    assert row.next_attempt_at >= utcnow() + timedelta(seconds=115)
    lemmy.server.answers[f"{path}/context"] = answer
    clock.advance(timedelta(seconds=130))
    read_all()
    row = check_of(thread)
    assert (row.state, row.reason) == (BackfillState.DONE, None)


def test_an_answer_to_somebody_on_a_silent_server_keeps_no_other_waiting(
    lemmy: LemmyGroup, thread: Json, clock: FakeClock, read_all: ReadAll
) -> None:
    lemmy.fediverse.server("stil.test").down = 503
    lemmy.comment(thread, {"id": "http://stil.test/notes/1"})
    lemmy.comment(thread, content="<p>gewoon</p>")
    lemmy.refresh()
    clock.advance(timedelta(minutes=16))

    look_at(thread)
    read_all()

    row = check_of(thread)
    assert "<p>gewoon</p>" in texts()
    assert (row.state, row.etag) == (BackfillState.DONE, None)  # asked in full the next time


def test_our_own_threads_are_not_asked_for_elsewhere(
    lemmy: LemmyGroup, thread: Json, anna: Account
) -> None:
    remote = find_post_by_uri(thread["id"])
    assert remote is not None
    with unit_of_work():
        ours = posts.publish_post(anna, remote.community, posts.PostDraft(title="Van ons"))

        assert not request_check(ours)
    assert not is_check_due(ours)
    assert isinstance(ours, Post)
