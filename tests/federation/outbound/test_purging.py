"""What we said stays as long as what it tells of; the rest for 30 days."""

from datetime import timedelta

from flask.ctx import AppContext
from sqlalchemy import select

from app.core.columns import new_public_id
from app.core.db import session, unit_of_work
from app.forum.services.posts import delete_post, remove_post, restore_post
from federation.models.outbox_activity import OutboxActivity
from federation.outbound.purging import purge_said, purge_told
from federation.transport.actors import local_actor
from tests.support.clock import FakeClock
from tests.support.factories import make_account, make_community, make_post

MONTH = timedelta(days=30)


def told() -> list[str]:
    session().expire_all()
    return sorted(session().scalars(select(OutboxActivity.type)))


def purge() -> None:
    with unit_of_work():
        purge_told(100)
        purge_said(100)


def test_what_tells_of_a_live_text_stays_for_ever(ctx: AppContext, clock: FakeClock) -> None:
    anna = make_account("anna")
    make_post(make_community(owner=anna), anna)
    before = told()
    clock.advance(timedelta(days=400))

    purge()

    assert "Create" in before
    assert told() == before


def test_what_tells_of_a_text_goes_thirty_days_after_the_text(
    ctx: AppContext, clock: FakeClock
) -> None:
    anna = make_account("anna")
    post = make_post(make_community(owner=anna), anna)
    clock.advance(timedelta(days=400))
    with unit_of_work():
        delete_post(post, anna)
    clock.advance(MONTH)
    purge()
    early = told()
    clock.advance(timedelta(seconds=1))

    purge()

    assert "Create" in early
    assert "Delete" in early
    assert told() == []


def test_what_was_brought_back_is_told_again(ctx: AppContext, clock: FakeClock) -> None:
    anna = make_account("anna")
    post = make_post(make_community(owner=anna), anna)
    with unit_of_work():
        remove_post(post, anna, "reclame")
    clock.advance(timedelta(days=20))
    with unit_of_work():
        restore_post(post, anna)
    clock.advance(timedelta(days=20))

    purge()

    assert "Create" in told()


def say(kind: str, about: str) -> None:
    with unit_of_work():
        session().add(
            OutboxActivity(
                public_id=new_public_id(),
                type=kind,
                actor_id=local_actor(None).id,
                object_uri=about,
                body=b"{}",
            )
        )


def test_answers_and_profiles_go_after_thirty_days_but_a_wish_to_follow_stays(
    ctx: AppContext, clock: FakeClock
) -> None:
    for kind in ("Accept", "Reject", "Undo", "Delete", "Add", "Follow"):
        say(kind, "http://elders.test/u/bo")
    say("Update", "http://ons.test/u/anna")
    say("Update", "http://ons.test/post/1")
    say("Announce", "http://ons.test/c/toetsing")
    clock.advance(MONTH)
    purge()
    early = len(told())
    clock.advance(timedelta(seconds=1))

    purge()

    assert early == 9
    assert told() == ["Follow", "Update"]
