"""`follow HANDLE --as NAME`: all forms of a handle, for what is known here."""

import pytest
from flask import Flask
from flask.ctx import AppContext

from app.accounts.models.following import FollowState
from app.accounts.queries import find_local_account
from app.core.db import session
from app.forum.models.membership import Membership, MembershipState
from tests.app.commands.conftest import Run
from tests.support.factories import make_account, make_community


@pytest.fixture(autouse=True)
def _people(app: Flask) -> None:
    with app.app_context():
        make_community(owner=make_account("anna"))
        make_account("bo")


@pytest.mark.parametrize(
    "handle",
    [
        "toetsing@ons.test",
        "@toetsing@ons.test",
        "!toetsing@ons.test",
        "http://ons.test/c/toetsing",
        "!Toetsing@ONS.test",
    ],
)
def test_a_group_of_ours_is_joined_at_once(app: Flask, run: Run, handle: str) -> None:
    result = run("follow", handle, "--as", "bo")

    with app.app_context():
        bo = find_local_account("bo")
        assert bo is not None
        states = [row.state for row in session().query(Membership).filter_by(account_id=bo.id)]
    assert result.exit_code == 0, result.output
    assert result.stdout == "toetsing@ons.test: approved\n"
    assert states == [MembershipState.APPROVED]


@pytest.mark.parametrize("handle", ["anna@ons.test", "@anna@ons.test", "http://ons.test/u/anna"])
def test_a_person_of_ours_is_followed_at_once(run: Run, handle: str) -> None:
    result = run("follow", "--as", "bo", handle)

    assert result.exit_code == 0, result.output
    assert result.stdout == f"anna@ons.test: {FollowState.APPROVED}\n"


def test_following_twice_is_no_error(ctx: AppContext, run: Run) -> None:
    run("follow", "!toetsing@ons.test", "--as", "bo")

    again = run("follow", "!toetsing@ons.test", "--as", "bo")

    assert again.stdout == "toetsing@ons.test: approved\n"
