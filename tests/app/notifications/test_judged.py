"""People are told what moderators did to them, and what became of what they reported."""

from datetime import timedelta

import pytest
from flask.ctx import AppContext
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.forum.models.community import Community
from app.forum.services import bans
from app.moderation.services import reports, warnings
from app.notifications.models import Notification
from app.notifications.queries import count_unread
from tests.support.factories import make_account, make_comment, make_community, make_post, sign_in

HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
def otto(ctx: AppContext) -> Account:
    return make_account("otto", display_name="Otto de Moderator")


@pytest.fixture
def community(otto: Account) -> Community:
    return make_community(owner=otto)


def kinds(account: Account) -> list[str]:
    rows = select(Notification.kind).where(Notification.account_id == account.id)
    return [str(kind) for kind in session().scalars(rows.order_by(Notification.id))]


def test_the_person_is_told_of_warning_ban_and_end_and_never_by_whom(
    client: FlaskClient, community: Community, otto: Account
) -> None:
    anna = make_account()
    post = make_post(community, anna)
    comment = make_comment(post, anna)
    with unit_of_work():
        warnings.warn_person(otto, comment, f"Te grof {HOSTILE}")
        warnings.warn_person(otto, comment, "Nog eens")
        end = utcnow() + timedelta(days=7)
        ban = bans.ban_person(otto, anna, community, bans.BanTerms("Reclame", end))
        bans.lift_ban(otto, ban, "Spijt")
    told = kinds(anna), count_unread(anna)
    sign_in(client, anna)

    page = client.get("/meldingen").text.partition("<main")[2].partition("</main>")[0]

    assert told == (["warned", "warned", "banned", "unbanned"], 4)
    assert kinds(otto) == []
    for sentence in (
        "Een moderator van Toetsing waarschuwt je",
        "Te grof",
        "Je mag niet meedoen in Toetsing tot",
        "Reclame",
        "Je mag weer meedoen in Toetsing",
        f'href="/comment/{comment.public_id}"',
    ):
        assert sentence in page, sentence
    assert "Otto" not in page
    assert "<script>alert" not in page


def test_a_ban_on_the_server_says_so(client: FlaskClient, ctx: AppContext) -> None:
    anna, admin = make_account(), make_account("beatrix", admin=True)
    with unit_of_work():
        bans.ban_person(admin, anna, None, bans.BanTerms("Reclame"))
    sign_in(client, anna)

    assert "Je mag niet meer meedoen op deze server" in client.get("/meldingen").text


def test_who_reported_sees_what_became_of_it(
    client: FlaskClient, community: Community, otto: Account
) -> None:
    anna, bram = make_account(), make_account("bram")
    post = make_post(community, anna, title="Over toetsen")
    comment = make_comment(post, anna)
    with unit_of_work():
        handled = reports.make_report(bram, post, "Het is reclame")
        reports.make_report(bram, comment, "Te grof")
        reports.report_person(bram, anna, None, "Lastig")
        reports.resolve_report(handled, otto, "Gelezen, mag blijven")
    sign_in(client, bram)

    page = client.get("/meldingen").text.partition("<main")[2].partition("</main>")[0]

    assert kinds(bram) == ["handled"]
    assert "Je melding is afgehandeld" in page
    assert page.count("Gelezen, mag blijven") == 2
    assert page.count(">wacht<") == 2
    assert "Antwoord in: Over toetsen" in page
    assert "Otto" not in page


def test_who_deals_with_the_own_report_is_not_told(community: Community, otto: Account) -> None:
    post = make_post(community, make_account())

    with unit_of_work():
        report = reports.make_report(otto, post, "Spam")
        reports.resolve_report(report, otto, "Gelezen")

    assert "handled" not in kinds(otto)
