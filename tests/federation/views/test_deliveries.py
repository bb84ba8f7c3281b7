"""Administrators see what waits and what failed, try it again or let it go."""

from datetime import timedelta

import pytest
from flask.ctx import AppContext
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.core.clock import utcnow
from app.core.db import unit_of_work
from federation.models.delivery import DeliveryState
from federation.models.outbox_activity import Lane
from federation.models.peer import Dialect
from federation.outbound.journal import Answer
from federation.outbound.outcomes import record_answers
from tests.federation.outbound.rows import add_delivery, add_peer, delivery, peer
from tests.support.browsing import TOKEN
from tests.support.factories import make_account, sign_in

HOST = "a.test"


@pytest.fixture
def admin(ctx: AppContext, client: FlaskClient) -> FlaskClient:
    sign_in(client, make_account("carla", admin=True))
    return client


def press(admin: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Press a button, with the token of a page that shows it."""
    found = TOKEN.search(admin.get("/beheer/servers").text)
    assert found is not None
    return admin.post(path, data={**fields, "csrf_token": found[1]})


def test_the_list_says_per_server_what_waits_and_what_it_refuses(admin: FlaskClient) -> None:
    add_peer(HOST, last_error="status 503", failing_since=utcnow(), scheme="rfc9421")
    for lane in (Lane.CONTROL, Lane.VOTES, Lane.VOTES):
        add_delivery(HOST, f"t{lane}", lane)

    page = admin.get("/beheer/bezorging").text

    assert "dringend: 1, berichten: 0, stemmen: 2" in page
    assert "status 503" in page
    assert "Antwoordt niet sinds" in page


def test_a_server_that_refuses_nearly_all_is_pointed_out(admin: FlaskClient) -> None:
    add_peer(HOST)
    now = utcnow()
    for number in range(25):
        fields = {"state": DeliveryState.DROPPED, "last_status": 400, "done_at": now}
        add_delivery(HOST, f"t{number}", **fields)

    pages = admin.get("/beheer/bezorging").text, admin.get("/beheer/servers").text

    assert "Weigert bijna alles" in pages[0]
    assert "100 procent van 25" in pages[0]
    assert "Eén server weigert bijna alles wat we sturen." in pages[1]
    assert f'href="/beheer/bezorging/{HOST}"' in pages[1]


def test_a_few_refusals_among_many_are_nothing_special(admin: FlaskClient) -> None:
    add_peer(HOST)
    for number in range(25):
        is_good = number < 5
        state = DeliveryState.DONE if is_good else DeliveryState.DROPPED
        add_delivery(HOST, f"t{number}", state=state, last_status=202 if is_good else 400)

    page = admin.get("/beheer/bezorging").text
    assert "Weigert bijna alles" not in page
    assert "80 procent van 25" in page


@pytest.mark.parametrize(
    ("taken", "state", "share"),
    [(0, "Antwoordt, maar nam de laatste dag niets aan", "1 van de 1"), (1, "Werkt", "1 van de 2")],
)
def test_of_a_few_answers_no_share_is_told_and_who_took_nothing_does_not_work(
    admin: FlaskClient, taken: int, state: str, share: str
) -> None:
    add_peer(HOST)
    add_delivery(HOST, "t1", state=DeliveryState.DROPPED, last_status=400)
    for number in range(taken):
        add_delivery(HOST, f"t{number}", state=DeliveryState.DONE, last_status=202)

    page = admin.get("/beheer/bezorging").text

    assert state in page
    assert ("Werkt" in page) == (state == "Werkt")
    assert share in page
    assert "procent" not in page


def test_the_page_of_a_server_shows_every_attempt(admin: FlaskClient) -> None:
    add_peer(HOST)
    waiting, failed = add_delivery(HOST, "http://ons.test/post/1"), add_delivery(HOST, "two")
    with unit_of_work():
        record_answers(
            [
                Answer(waiting, HOST, status=503, error="<b>busy</b>"),
                Answer(failed, HOST, status=400, error="no", scheme="cavage"),
            ]
        )

    page = admin.get(f"/beheer/bezorging/{HOST}").text

    assert "503 &lt;b&gt;busy&lt;/b&gt;" in " ".join(page.split())
    assert "400 (cavage) no" in " ".join(page.split())
    assert "http://ons.test/post/1" in page


def test_an_unknown_server_has_no_page(admin: FlaskClient) -> None:
    assert admin.get("/beheer/bezorging/nobody.test").status_code == 404


@pytest.mark.parametrize("state", [DeliveryState.DROPPED, DeliveryState.EXPIRED])
def test_what_was_given_up_goes_again_when_an_admin_says_so(
    admin: FlaskClient, state: DeliveryState
) -> None:
    add_peer(HOST, retry_at=utcnow() + timedelta(hours=6))
    long_ago = utcnow() - timedelta(days=20)
    row_id = add_delivery(HOST, state=state, done_at=utcnow(), made_at=long_ago)

    answer = press(admin, f"/beheer/bericht/{row_id}/opnieuw")

    assert answer.headers["Location"] == f"/beheer/bezorging/{HOST}"
    row = delivery(row_id)
    assert row.state == DeliveryState.WAITING
    assert row.made_at > long_ago
    assert (peer(HOST).retry_at or utcnow()) <= utcnow()


def test_what_arrived_does_not_go_again(admin: FlaskClient) -> None:
    row_id = add_delivery(HOST, state=DeliveryState.DONE)

    press(admin, f"/beheer/bericht/{row_id}/opnieuw")

    assert delivery(row_id).state == DeliveryState.DONE


def test_all_that_waits_for_a_server_goes_now(admin: FlaskClient) -> None:
    later = utcnow() + timedelta(hours=5)
    add_peer(HOST, retry_at=later, failing_since=utcnow())
    waiting = add_delivery(HOST, "one", next_attempt_at=later)
    expired = add_delivery(HOST, "two", state=DeliveryState.EXPIRED)
    refused = add_delivery(HOST, "three", state=DeliveryState.DROPPED)

    press(admin, f"/beheer/bezorging/{HOST}/opnieuw")

    assert delivery(waiting).next_attempt_at <= utcnow()
    assert delivery(expired).state == DeliveryState.WAITING
    assert delivery(refused).state == DeliveryState.DROPPED


def test_what_waits_can_be_let_go(admin: FlaskClient) -> None:
    row_id = add_delivery(HOST)

    press(admin, f"/beheer/bericht/{row_id}/laten-vallen")

    assert delivery(row_id).state == DeliveryState.DROPPED
    assert delivery(row_id).last_error == "dropped-by-hand"


@pytest.mark.parametrize(
    ("chosen", "kept"), [("microblog", Dialect.MICROBLOG), ("", None), ("nonsense", None)]
)
def test_an_admin_says_what_a_server_is(
    admin: FlaskClient, chosen: str, kept: Dialect | None
) -> None:
    add_peer(HOST, set_dialect=Dialect.FORUM)

    press(admin, f"/beheer/bezorging/{HOST}/soort", dialect=chosen)

    assert peer(HOST).set_dialect == kept


@pytest.mark.parametrize(
    "path", ["bezorging/a.test/opnieuw", "bezorging/a.test/soort", "bericht/1/opnieuw"]
)
def test_a_page_of_another_site_can_press_no_button(admin: FlaskClient, path: str) -> None:
    add_peer(HOST)
    add_delivery(HOST)

    assert admin.post(f"/beheer/{path}").status_code == 400
