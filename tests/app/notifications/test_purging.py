"""What was read half a year ago goes; what was not read stays."""

from datetime import timedelta

from flask.ctx import AppContext
from sqlalchemy import select

from app.core.db import session, unit_of_work
from app.notifications.models import Notification
from app.notifications.purging import purge_notifications
from app.notifications.services import mark_all_read
from tests.support.clock import FakeClock
from tests.support.factories import make_account, make_comment, make_community, make_post


def test_a_notification_goes_half_a_year_after_it_was_read(
    ctx: AppContext, clock: FakeClock
) -> None:
    anna, bo = make_account("anna"), make_account("bo")
    post = make_post(make_community(owner=anna), anna)
    make_comment(post, bo, "Gelezen")
    with unit_of_work():
        mark_all_read(anna)
    make_comment(post, bo, "Ongelezen")
    clock.advance(timedelta(days=180))
    with unit_of_work():
        early = purge_notifications(10)
    clock.advance(timedelta(seconds=1))

    with unit_of_work():
        late = purge_notifications(10)

    assert (early, late) == (0, 1)
    assert session().scalars(select(Notification.read_at)).all() == [None]
