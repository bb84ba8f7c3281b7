"""The pages of remote groups and threads say how far they were read, and how a request stands."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from app.accounts.models.account import Account
from app.core.db import session, unit_of_work
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.origin import Remote
from app.forum.queries.communities import get_membership
from app.forum.services import memberships, posts
from federation.dereference.chase import Chase
from federation.models.backfill import BackfillState, CommunityBackfill, ThreadCheck
from federation.models.delivery import Delivery
from federation.transport.client import activity_client
from tests.support.clock import FakeClock
from tests.support.factories import make_account, make_community, make_post, sign_in
from tests.support.fediverse import FakeFediverse

PAGE = "/c/tuin@elders.test"


@pytest.fixture
def anna(app: Flask, client: FlaskClient, ctx: object, clock: FakeClock) -> Account:
    account = make_account("anna")
    sign_in(client, account)
    return account


@pytest.fixture
def tuin(app: Flask, anna: Account) -> Community:
    """A group elsewhere that anna asked to follow."""
    group = FakeFediverse(app).group("tuin", "elders.test")
    Chase(activity_client()).bring(group.uri)
    community = session().scalars(select(Community)).one()
    with unit_of_work():
        memberships.join_community(anna, community)
    return community


def test_a_request_on_its_way_says_so(client: FlaskClient, tuin: Community) -> None:
    page = client.get(PAGE).text

    assert "Wacht op antwoord van elders.test" in page
    assert "De andere server heeft nog niet geantwoord." in page
    assert "vragen we het opnieuw" in page
    assert 'data-poll="4" data-poll-also="gesprekken"' in page


def test_the_last_answer_of_the_other_server_is_shown(client: FlaskClient, tuin: Community) -> None:
    delivery = session().scalars(select(Delivery)).one()
    delivery.last_status, delivery.attempts = 502, 2
    session().commit()

    page = client.get(PAGE).text

    assert "Laatste antwoord: foutcode 502." in page
    assert "We proberen het opnieuw:" in page


def test_a_refusal_is_told_on_the_page(client: FlaskClient, anna: Account, tuin: Community) -> None:
    membership = get_membership(anna, tuin)
    assert membership is not None
    with unit_of_work():
        memberships.refuse_membership(membership)

    assert "heeft je verzoek geweigerd" in client.get(PAGE).text
    assert "laat je niet meedoen" in client.get("/meldingen").text


def test_when_all_is_well_nothing_is_said(
    client: FlaskClient, anna: Account, tuin: Community
) -> None:
    membership = get_membership(anna, tuin)
    assert membership is not None
    with unit_of_work():
        memberships.approve_membership(membership)
        row = session().scalars(select(CommunityBackfill)).one()
        row.state, row.finished_at = BackfillState.DONE, row.started_at

    assert "groep-stand" not in client.get(PAGE).text


def test_a_reading_that_failed_is_told(client: FlaskClient, anna: Account, tuin: Community) -> None:
    row = session().scalars(select(CommunityBackfill)).one()
    row.state = BackfillState.FAILED
    session().commit()

    assert "Ophalen lukt nu niet" in client.get(PAGE).text


def test_the_first_look_at_a_group_followed_long_ago_has_it_read(
    client: FlaskClient, tuin: Community
) -> None:
    session().execute(delete(CommunityBackfill))
    session().commit()

    client.get(PAGE)

    session().rollback()
    assert session().scalars(select(CommunityBackfill.state)).one() == BackfillState.WAITING


def test_readers_without_an_account_see_no_state_and_start_nothing(
    app: Flask, tuin: Community
) -> None:
    session().execute(delete(CommunityBackfill))
    session().commit()

    page = app.test_client().get(PAGE, base_url="http://ons.test").text

    session().rollback()
    assert "groep-stand" not in page
    assert session().scalars(select(CommunityBackfill)).all() == []


@pytest.fixture
def thread(tuin: Community) -> Post:
    """A thread in that group by somebody there."""
    bob = make_account("bob", host="elders.test")
    origin = Remote("http://elders.test/post/1")
    with unit_of_work():
        return posts.publish_post(bob, tuin, posts.PostDraft(title="Snoeien"), origin)


def test_opening_a_stale_thread_has_it_read_once(
    client: FlaskClient, thread: Post, clock: FakeClock
) -> None:
    page = f"/post/{thread.public_id}"

    first, second = client.get(page).text, client.get(page).text

    assert "We halen de reacties op bij elders.test." in first
    assert "We halen de reacties op bij elders.test." in second
    session().rollback()
    row = session().scalars(select(ThreadCheck)).one()
    with unit_of_work():
        row.state, row.checked_at = BackfillState.DONE, row.asked_at
    assert "gesprek-stand" not in client.get(page).text
    clock.advance(timedelta(minutes=16))
    assert "of er nieuwe reacties zijn" in client.get(page).text


def test_anonymous_readers_and_threads_of_ours_ask_nothing(
    app: Flask, client: FlaskClient, anna: Account, thread: Post
) -> None:
    own = make_post(make_community("toetsing"), anna)

    app.test_client().get(f"/post/{thread.public_id}", base_url="http://ons.test")
    client.get(f"/post/{own.public_id}")

    session().rollback()
    assert session().scalars(select(ThreadCheck)).all() == []
