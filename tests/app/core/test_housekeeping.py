"""Forgetting, in batches, every six hours; and what of mail is forgotten."""

import logging
from datetime import timedelta

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import select

from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.core.housekeeping import BATCH, EVERY, install_purgers, tidy_up
from app.core.mail import Mail, MailState
from app.core.mail_purging import purge_mails
from app.core.site import SiteFact
from app.factory import PURGERS
from tests.support.clock import FakeClock


class Heap:
    """Something that grows; remembers how much was asked of it in each transaction."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.asked: list[int] = []

    def purge(self, limit: int) -> int:
        assert session().info["in_unit_of_work"]
        taken = min(limit, self.size)
        self.size -= taken
        self.asked.append(limit)
        return taken


def test_a_heap_is_cleared_in_batches_until_nothing_is_left(app: Flask, ctx: AppContext) -> None:
    heap = Heap(2 * BATCH + 1)
    install_purgers(app, {"heap": heap.purge})

    tidy_up()

    assert heap.size == 0
    assert heap.asked == [BATCH] * 3


def test_it_is_done_once_in_six_hours(app: Flask, ctx: AppContext, clock: FakeClock) -> None:
    heap = Heap(0)
    install_purgers(app, {"heap": heap.purge})

    tidy_up()
    clock.advance(EVERY - timedelta(seconds=1))
    tidy_up()
    before = len(heap.asked)
    clock.advance(timedelta(seconds=1))
    tidy_up()

    assert (before, len(heap.asked)) == (1, 2)


def test_a_clock_that_was_set_back_does_not_stop_it(
    app: Flask, ctx: AppContext, clock: FakeClock
) -> None:
    heap = Heap(0)
    install_purgers(app, {"heap": heap.purge})
    tidy_up()
    clock.advance(-timedelta(days=365))

    tidy_up()

    assert len(heap.asked) == 2


def test_one_that_fails_undoes_its_batch_and_keeps_no_other_from_its_work(
    app: Flask, ctx: AppContext, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_limit: int) -> int:
        session().add(SiteFact(name="half", value="done"))
        session().flush()
        raise RuntimeError("broken")

    heap = Heap(3)
    install_purgers(app, {"broken": fail, "heap": heap.purge})

    with caplog.at_level(logging.ERROR):
        tidy_up()

    assert heap.size == 0
    assert session().get(SiteFact, "half") is None
    assert "purging of broken failed" in caplog.text


@pytest.mark.parametrize("name", PURGERS)
def test_every_purger_of_the_application_runs_on_an_empty_database(
    ctx: AppContext, name: str
) -> None:
    with unit_of_work():
        assert PURGERS[name](10) == 0


def keep(state: MailState, days: int) -> None:
    at = utcnow() - timedelta(days=days)
    with unit_of_work():
        session().add(
            Mail(
                recipient=f"{state}{days}@school.test",
                subject="Hallo",
                body_text="Hallo",
                state=state,
                made_at=at,
                sent_at=at if state == MailState.SENT else None,
            )
        )


def test_mails_go_when_nobody_asks_for_them_any_more(ctx: AppContext, clock: FakeClock) -> None:
    for state, days in (
        (MailState.SENT, 29),
        (MailState.SENT, 31),
        (MailState.KEPT, 89),
        (MailState.KEPT, 91),
        (MailState.FAILED, 89),
        (MailState.FAILED, 91),
        (MailState.WAITING, 400),
    ):
        keep(state, days)

    with unit_of_work():
        count = purge_mails(100)

    left = session().scalars(select(Mail.recipient).order_by(Mail.id)).all()
    assert count == 3
    assert [address.removesuffix("@school.test") for address in left] == [
        "sent29",
        "kept89",
        "failed89",
        "waiting400",
    ]


def test_a_batch_is_no_larger_than_was_asked(ctx: AppContext, clock: FakeClock) -> None:
    for _ in range(3):
        keep(MailState.SENT, 31)

    with unit_of_work():
        counts = [purge_mails(2), purge_mails(2)]

    assert counts == [2, 1]
