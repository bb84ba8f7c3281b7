"""The order of a thread and the place of every answer in it."""

from datetime import timedelta

from flask.ctx import AppContext

from app.core.db import session, unit_of_work
from app.forum.models.attachment import Attachment
from app.forum.models.comment import Comment
from app.forum.queries.thread import FLAT, NESTED, get_thread
from app.forum.services import comments, reading, votes
from tests.support.clock import FakeClock
from tests.support.factories import make_account, make_comment, make_community, make_post


def shape(post: object, view: str = NESTED) -> list[tuple[str, int, int, int]]:
    thread = get_thread(post, None, view)
    return [
        (line.body_html[3:-4], line.level, line.reply_count, line.closes) for line in thread.lines
    ]


def test_answers_stand_under_what_they_answer_oldest_first(
    ctx: AppContext, clock: FakeClock
) -> None:
    anna = make_account()
    post = make_post(make_community(), anna)

    def say(body: str, parent: Comment | None = None) -> Comment:
        clock.advance(timedelta(minutes=1))
        return make_comment(post, anna, body, parent)

    a = say("a")
    b = say("b")
    a1 = say("a1", a)
    say("b1", b)
    say("a2", a)
    say("a11", a1)

    assert shape(post) == [
        ("a", 0, 3, 0),
        ("a1", 1, 1, 0),
        ("a11", 2, 0, 1),
        ("a2", 1, 0, 1),
        ("b", 0, 1, 0),
        ("b1", 1, 0, 1),
    ]
    flat = get_thread(post, None, FLAT).lines
    assert [line.body_html[3:-4] for line in flat] == ["a", "b", "a1", "b1", "a2", "a11"]
    assert [line.parent.public_id if line.parent else None for line in flat[:3]] == [
        None,
        None,
        a.public_id,
    ]


def test_an_answer_that_lost_its_parent_stands_on_top(ctx: AppContext) -> None:
    anna = make_account()
    post, other = make_post(make_community(), anna), make_post(make_community("b"), anna)
    stray = make_comment(post, anna, "stray")
    with unit_of_work():
        stray.parent_id = make_comment(other, anna, "elders").id

    assert shape(post) == [("stray", 0, 0, 0)]
    assert get_thread(post, None, FLAT).lines[0].parent is None


def test_what_is_gone_shows_no_text_and_no_files(ctx: AppContext) -> None:
    anna, otto = make_account(), make_account("otto")
    post = make_post(make_community(owner=otto), anna)
    kept, gone = make_comment(post, anna, "a"), make_comment(post, anna, "b")
    with unit_of_work():
        for row in (kept, gone):
            session().add(Attachment(comment_id=row.id, url="https://elders.test/a.pdf"))
        session().add(Attachment(post_id=post.id, url="https://elders.test/b.pdf"))
        comments.remove_comment(gone, otto, "Onaardig")

    thread = get_thread(post, None)

    assert [attachment.url for attachment in thread.attachments] == ["https://elders.test/b.pdf"]
    assert [len(line.attachments) for line in thread.lines] == [1, 0]
    assert (thread.lines[1].body_html, thread.lines[1].reason) == ("", "Onaardig")


def test_a_reader_finds_back_what_was_new_and_what_was_useful(
    ctx: AppContext, clock: FakeClock
) -> None:
    anna, bram = make_account(), make_account("bram")
    post = make_post(make_community(), anna)
    old = make_comment(post, anna, "oud")
    with unit_of_work():
        reading.mark_read(bram.id, post.id, 1)
        votes.cast_vote(bram, post)
        votes.cast_vote(bram, old)
    clock.advance(timedelta(minutes=1))
    new = make_comment(post, anna, "nieuw")
    make_comment(post, bram, "van bram")

    thread = get_thread(post, bram)
    anonymous = get_thread(post, None)

    assert [line.is_unread for line in thread.lines] == [False, True, False]
    assert [line.is_voted for line in thread.lines] == [True, False, False]
    assert thread.is_post_voted
    assert (thread.unread_count, thread.comments_seen) == (1, 1)
    assert thread.first_unread is not None
    assert thread.first_unread.public_id == new.public_id
    assert anonymous.first_unread is None
    assert (anonymous.unread_count, anonymous.is_post_voted) == (0, False)


def test_reading_again_moves_the_mark(ctx: AppContext, clock: FakeClock) -> None:
    anna = make_account()
    post = make_post(make_community(), anna)

    for count in (0, 3):
        clock.advance(timedelta(minutes=1))
        with unit_of_work():
            reading.mark_read(anna.id, post.id, count)

    assert get_thread(post, anna).comments_seen == 3
