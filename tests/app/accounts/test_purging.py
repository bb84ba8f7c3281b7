"""Invitations that nobody took up and sign-ins that ended go; the others stay."""

from datetime import timedelta

from flask.ctx import AppContext
from sqlalchemy import select

from app.accounts.devices import Device
from app.accounts.models.invitation import Invitation
from app.accounts.models.login_session import LoginSession
from app.accounts.purging import purge_invitations, purge_sessions
from app.accounts.services.admission import VALID_DAYS, make_invitation, use_invitation
from app.accounts.services.sessions import SESSION_DAYS, start_session
from app.accounts.services.sign_in import end_sessions, get_user
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


def test_a_sign_in_goes_when_it_ran_out_or_the_password_changed(
    ctx: AppContext, clock: FakeClock
) -> None:
    anna, bram, cora = make_account("anna"), make_account("bram"), make_account("cora")
    with unit_of_work():
        start_session(get_user(anna), Device())
        clock.advance(timedelta(days=SESSION_DAYS))
        start_session(get_user(bram), Device("Firefox"))
        start_session(get_user(cora), Device())
        end_sessions(get_user(cora))

    with unit_of_work():
        gone = purge_sessions(10)

    assert gone == 2
    assert session().scalars(select(LoginSession.browser)).all() == ["Firefox"]
