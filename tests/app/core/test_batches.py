"""Some rows at a time: no more than asked, and only those meant."""

import pytest
from flask.ctx import AppContext
from sqlalchemy import select

from app.accounts.models.invitation import Invitation
from app.accounts.services.admission import make_invitation
from app.core.batches import delete_some, update_some
from app.core.db import session, unit_of_work

IS_MEANT = Invitation.email != "blijft@school.test"


@pytest.fixture
def invited(ctx: AppContext) -> None:
    with unit_of_work():
        for name in ("blijft", "een", "twee", "drie"):
            make_invitation(None, f"{name}@school.test")


@pytest.mark.usefixtures("invited")
def test_some_rows_go_until_none_is_left_that_is_meant() -> None:
    counts = []
    for _ in range(3):
        with unit_of_work():
            counts.append(delete_some(Invitation.id, IS_MEANT, 2))

    assert counts == [2, 1, 0]
    assert session().scalars(select(Invitation.email)).all() == ["blijft@school.test"]


@pytest.mark.usefixtures("invited")
def test_some_rows_change_and_lose_their_turn() -> None:
    changed = {"email": "blijft@school.test"}
    counts = []
    for _ in range(3):
        with unit_of_work():
            counts.append(update_some(Invitation.id, IS_MEANT, changed, 2))

    assert counts == [2, 1, 0]
    assert set(session().scalars(select(Invitation.email))) == {"blijft@school.test"}
