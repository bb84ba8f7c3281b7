"""What moderation shows of people: on their page, in reports about them, in the log."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.ctx import AppContext
from flask.testing import FlaskClient

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import unit_of_work
from app.forum.models.ban import Ban
from app.forum.models.community import Community
from app.forum.services import bans
from tests.support.browsing import token_of
from tests.support.factories import make_account, make_community, sign_in

Reread = Callable[[], None]


@pytest.fixture
def otto(ctx: AppContext) -> Account:
    return make_account("otto", display_name="Otto")


@pytest.fixture
def anna(ctx: AppContext) -> Account:
    return make_account(display_name="Anna")


@pytest.fixture
def community(otto: Account) -> Community:
    return make_community(owner=otto)


def ban(by: Account, account: Account, community: Community | None, days: int = 0) -> Ban:
    end = utcnow() + timedelta(days=days) if days else None
    with unit_of_work():
        return bans.ban_person(by, account, community, bans.BanTerms("Reclame", end))


def test_the_page_of_a_person_offers_a_report_and_admins_a_ban(
    client: FlaskClient, otto: Account, anna: Account
) -> None:
    beatrix = make_account("beatrix", admin=True)
    report, judge = f"/melden/persoon/{anna.public_id}", f"/beheer/blokkeren/{anna.public_id}"

    anonymous = client.get("/u/anna").text
    sign_in(client, otto)
    reader = client.get("/u/anna").text
    sign_in(client, beatrix)
    admin = client.get("/u/anna").text
    made = ban(beatrix, anna, None)
    banned = client.get("/u/anna").text
    sign_in(client, anna)
    own = client.get("/u/anna").text

    assert (report in anonymous, report in reader, report in own) == (False, True, False)
    assert (judge in reader, judge in admin, judge in banned) == (False, True, False)
    assert f"/blokkades/{made.public_id}/opheffen" in banned


def test_a_person_is_reported_to_the_moderators_or_the_administrators(
    client: FlaskClient, community: Community, otto: Account, anna: Account, reread: Reread
) -> None:
    sign_in(client, make_account("bram"))
    path = f"/melden/persoon/{anna.public_id}"
    data = {"reason": "rules", "csrf_token": token_of(client, path)}

    done = [client.post(one, data=data) for one in (path, f"{path}?groep=toetsing")]
    unknown = client.post(f"/melden/persoon/{community.public_id}", data=data)

    assert [one.status_code for one in done] == [303, 303]
    assert unknown.status_code == 404
    reread()
    sign_in(client, otto)
    assert client.get("/moderatie").text.count("Persoon: Anna") == 1


def test_the_log_names_people_only_to_those_who_look_after_the_place(
    client: FlaskClient, community: Community, otto: Account
) -> None:
    carla = make_account("carla", display_name="Carla de Vries")
    ban(otto, carla, community, days=7)

    anonymous = client.get("/modlog").text
    sign_in(client, make_account("bram"))
    reader = client.get("/modlog").text
    sign_in(client, otto)
    moderator = client.get("/modlog").text

    for page in (anonymous, reader, moderator):
        assert "blokkeerde iemand" in page
        assert "Reclame" in page
    assert ["Carla" in page for page in (anonymous, reader, moderator)] == [False, False, True]
