"""Invitations that nobody took up go; those that brought somebody stay."""

from datetime import timedelta

from flask.ctx import AppContext
from sqlalchemy import select

from app.accounts.models.invitation import Invitation
from app.accounts.purging import purge_invitations
from app.accounts.services.admission import VALID_DAYS, make_invitation, use_invitation
from app.core.db import session, unit_of_work
from tests.support.clock import FakeClock
from tests.support.factories import make_account


def test_an_invitation_goes_thirty_days_after_it_expired(ctx: AppContext, clock: FakeClock) -> None:
    anna = make_account("anna")
    with unit_of_work():
        make_invitation(anna, "nooit@school.test")
        used = make_invitation(anna, "bo@school.test")
        use_invitation(used, anna)
    clock.advance(timedelta(days=VALID_DAYS + 30))
    with unit_of_work():
        early = purge_invitations(10)
    clock.advance(timedelta(seconds=1))

    with unit_of_work():
        late = purge_invitations(10)

    assert (early, late) == (0, 1)
    assert session().scalars(select(Invitation.email)).all() == ["bo@school.test"]
