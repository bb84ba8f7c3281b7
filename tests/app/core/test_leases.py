"""One holder at a time, for a minute at most."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from flask.ctx import AppContext

from app.core.clock import utcnow
from app.core.db import db, session, unit_of_work
from app.core.leases import LEASE, Lease, free_all_leases, give_back_lease, take_lease
from app.core.mail import Mail, MailState
from app.worker import run_worker
from tests.support.clock import FakeClock


def test_the_second_holder_is_told_no(ctx: AppContext) -> None:
    assert take_lease("lane", "one")
    assert not take_lease("lane", "two")
    assert take_lease("other lane", "two")


def test_a_holder_may_renew(ctx: AppContext, clock: FakeClock) -> None:
    take_lease("lane", "one")
    clock.advance(timedelta(seconds=50))

    renewed = take_lease("lane", "one")
    clock.advance(timedelta(seconds=50))

    assert renewed
    assert not take_lease("lane", "two")


def test_a_lease_lasts_a_minute_at_most(ctx: AppContext, clock: FakeClock) -> None:
    take_lease("lane", "one")
    clock.advance(timedelta(seconds=60))
    early = take_lease("lane", "two")
    clock.advance(timedelta(microseconds=1))

    late = take_lease("lane", "two")

    assert timedelta(seconds=60) >= LEASE
    assert (early, late) == (False, True)


def test_only_the_holder_can_give_back(ctx: AppContext) -> None:
    take_lease("lane", "one")
    give_back_lease("lane", "two")
    kept = take_lease("lane", "two")

    give_back_lease("lane", "one")

    assert not kept
    assert take_lease("lane", "two")


def test_of_many_who_ask_for_a_new_lane_at_once_one_gets_it(app: Flask, ctx: AppContext) -> None:
    start = threading.Barrier(6)
    taken: list[bool] = []

    def ask(name: str) -> None:
        with app.app_context():
            start.wait(10)
            taken.append(take_lease("lane", name))

    threads = [threading.Thread(target=ask, args=(f"worker{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(taken) == [False] * 5 + [True]


def leave_work_behind() -> None:
    """What a worker that was killed leaves: a lane, and a row it was busy with."""
    take_lease("lane", "killed")
    with unit_of_work():
        session().add(
            Mail(
                recipient="anna@school.test",
                subject="Hallo",
                body_text="Hallo",
                state=MailState.WAITING,
                lease_until=utcnow() + LEASE,
            )
        )


def leased_mails() -> int:
    session().expire_all()
    return session().query(Mail).filter(Mail.lease_until.is_not(None)).count()


def test_a_start_frees_every_lane_and_every_row(ctx: AppContext) -> None:
    leave_work_behind()

    with unit_of_work():
        free_all_leases()

    assert leased_mails() == 0
    assert take_lease("lane", "new")


class NothingToDo:
    """A worker of Celery that ends at once."""

    exitcode = 0

    def __init__(self, **_wanted: object) -> None:
        pass

    def start(self) -> None:
        pass


@pytest.mark.parametrize(("is_alone", "left"), [(True, 0), (False, 1)])
def test_only_a_worker_that_is_alone_frees_what_others_hold(
    app: Flask, ctx: AppContext, monkeypatch: pytest.MonkeyPatch, is_alone: bool, left: int
) -> None:
    leave_work_behind()
    monkeypatch.setattr("celery.Celery.Worker", NothingToDo)

    with pytest.raises(SystemExit):
        run_worker(app.config["VERBINDPLAATS"], is_alone=is_alone, with_scheduler=False)

    session().rollback()
    assert leased_mails() == left
    assert session().get_one(Lease, "lane").holder == (None if is_alone else "killed")
    db.session.remove()
