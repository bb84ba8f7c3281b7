"""The server's own person: one, without a sign-in, in nobody's list."""

from flask.ctx import AppContext

from app.accounts.models.handle import HandleKind
from app.accounts.queries import PeopleQuestion, find_handle, list_people
from app.accounts.services.system import get_moderation_account
from app.core.db import unit_of_work
from app.core.pages import PageRequest


def test_there_is_one_and_nobody_can_sign_in_as_it(ctx: AppContext) -> None:
    with unit_of_work():
        first = get_moderation_account()
    with unit_of_work():
        again = get_moderation_account()

    handle = find_handle("moderation")
    assert again is first
    assert first.is_local
    assert (first.name, first.user_id, first.is_bot) == ("moderation", None, False)
    assert handle is not None
    assert handle.kind == HandleKind.RESERVED
    assert list_people(PeopleQuestion(), PageRequest()).items == []
