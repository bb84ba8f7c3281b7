"""The page of a community and what people do there."""

from collections.abc import Callable

import pytest
from flask.ctx import AppContext
from flask.testing import FlaskClient

from app.core.db import unit_of_work
from app.forum.models.membership import MembershipState
from app.forum.queries.communities import find_community, get_membership, list_moderators
from app.forum.services import posts
from tests.support.browsing import token_of
from tests.support.factories import make_account, make_community, make_post, sign_in

HOSTILE = '"><script>alert(1)</script>'


def test_a_community_shows_what_it_is_and_how_to_follow_it(
    client: FlaskClient, ctx: AppContext
) -> None:
    otto = make_account("otto")
    community = make_community(owner=otto)
    first = make_post(community, otto, title="Vastgezet bericht")
    make_post(community, otto, title="Gewoon bericht")
    with unit_of_work():
        posts.pin_post(first, otto, is_pinned=True)

    page = client.get("/c/toetsing").text

    assert page.count("Vastgezet bericht") == 1
    assert page.index("Vastgezet bericht") < page.index("Gewoon bericht")
    assert "@toetsing@ons.test" in page
    assert "Volg vanaf je eigen server" in page
    assert "@otto@ons.test" in page
    assert 'href="/c/toetsing/feed.atom"' in page
    assert 'rel="alternate" type="application/feed+json"' in page


def test_a_community_from_elsewhere_says_so(client: FlaskClient, ctx: AppContext) -> None:
    make_community("rekenen", host="elders.test:8080")

    page = client.get("/c/rekenen@elders.test:8080").text

    assert "Groep op de server van elders.test:8080" in page
    assert 'href="http://elders.test:8080/c/rekenen"' in page


@pytest.mark.parametrize("name", ["onbekend", "toetsing@elders.test", "%00", "toetsing@"])
def test_an_unknown_community_is_not_found(client: FlaskClient, ctx: AppContext, name: str) -> None:
    make_community("anders")

    assert client.get(f"/c/{name}").status_code == 404


def test_a_member_is_offered_to_look_up_a_community_elsewhere_that_nobody_met(
    client: FlaskClient, ctx: AppContext
) -> None:
    sign_in(client, make_account("anna"))

    page = client.get("/c/onbekend@ergens.test", follow_redirects=True)

    assert page.status_code == 200
    assert page.request.args["q"] == "!onbekend@ergens.test"
    assert "Staat dit op een andere server?" in page.text


def test_a_hostile_title_and_description_are_inert(client: FlaskClient, ctx: AppContext) -> None:
    community = make_community()
    with unit_of_work():
        community.title = HOSTILE
    make_post(community, make_account(display_name=HOSTILE), title=HOSTILE, body=HOSTILE)

    for path in ("/", "/forum", "/c/toetsing"):
        assert "<script>alert" not in client.get(path).text


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_a_community_costs_few_statements(
    client: FlaskClient, ctx: AppContext, count_statements: Callable, is_signed_in: bool
) -> None:
    otto = make_account("otto")
    community = make_community(owner=otto)
    for number in range(8):
        author = make_account(f"a{number}")
        post = make_post(community, author)
        if number > 5:
            with unit_of_work():
                posts.pin_post(post, otto, is_pinned=True)
    if is_signed_in:
        sign_in(client, make_account("bram"))

    with count_statements() as statements:
        assert client.get("/c/toetsing").status_code == 200

    assert len(statements) <= 12, "\n".join(statements)


def test_following_and_leaving(
    client: FlaskClient, ctx: AppContext, reread: Callable[[], None]
) -> None:
    community, bram = make_community(), make_account("bram")
    sign_in(client, bram)
    token = token_of(client, "/c/toetsing")

    followed = client.post("/c/toetsing/volgen", data={"on": "1", "csrf_token": token})
    reread()
    membership = get_membership(bram, community)
    assert membership is not None
    state = membership.state
    page = client.get("/c/toetsing").text
    left = client.post(
        "/c/toetsing/volgen", data={"on": "0", "csrf_token": token, "next": "/forum"}
    )
    reread()

    assert (followed.status_code, followed.location) == (303, "/c/toetsing")
    assert state == MembershipState.APPROVED
    assert "Je volgt dit" in page
    assert (left.status_code, left.location) == (303, "/forum")
    assert get_membership(bram, community) is None


def test_following_elsewhere_waits_for_the_other_server(
    client: FlaskClient, ctx: AppContext
) -> None:
    make_community("rekenen", host="elders.test")
    sign_in(client, make_account("bram"))
    here = "/c/rekenen@elders.test"

    client.post(f"{here}/volgen", data={"on": "1", "csrf_token": token_of(client, here)})
    page = client.get(here).text

    assert "Je aanvraag is onderweg" in page
    assert "Aangevraagd" in page


def test_following_needs_a_token_and_an_account(client: FlaskClient, ctx: AppContext) -> None:
    make_community()

    anonymous = client.post("/c/toetsing/volgen", data={"on": "1"})
    sign_in(client, make_account("bram"))
    without_token = client.post("/c/toetsing/volgen", data={"on": "1"})

    assert anonymous.status_code == 400
    assert without_token.status_code == 400


def test_an_admin_makes_a_community(
    client: FlaskClient, ctx: AppContext, reread: Callable[[], None]
) -> None:
    admin = make_account("beatrix", admin=True)
    sign_in(client, admin)
    page = "/forum/nieuwe-groep"
    data = {
        "name": "rekenen",
        "title": "Rekenen",
        "description": "Over **rekenen**",
        "language": "nl",
        "requires_membership": "y",
        "csrf_token": token_of(client, page),
    }

    answer = client.post(page, data=data)
    reread()
    community = find_community("rekenen")

    assert (answer.status_code, answer.location) == (303, "/c/rekenen")
    assert community is not None
    assert community.requires_membership
    assert list_moderators(community) == [admin]


def test_bad_input_names_the_field_and_keeps_the_text(client: FlaskClient, ctx: AppContext) -> None:
    make_community("bezet")
    sign_in(client, make_account("beatrix", admin=True))
    page = "/forum/nieuwe-groep"
    token = token_of(client, page)

    taken = client.post(
        page,
        data={
            "name": "bezet",
            "title": "Mijn groep",
            "language": "nl",
            "description": HOSTILE,
            "csrf_token": token,
        },
    )
    empty = client.post(page, data={"csrf_token": token})

    assert (taken.status_code, empty.status_code) == (422, 422)
    assert "al in gebruik" in taken.text
    assert 'value="Mijn groep"' in taken.text
    assert "<script>alert" not in taken.text
    assert 'id="name-error"' in taken.text
    assert "Geef de groep een adres." in empty.text


def test_making_a_community_is_for_admins(client: FlaskClient, ctx: AppContext) -> None:
    sign_in(client, make_account("bram"))

    assert client.get("/forum/nieuwe-groep").status_code == 403


def test_the_owner_changes_the_settings(
    client: FlaskClient, ctx: AppContext, reread: Callable[[], None]
) -> None:
    otto = make_account("otto")
    community = make_community(owner=otto)
    sign_in(client, otto)
    page = "/c/toetsing/beheer"
    data = {
        "title": "Toetsen",
        "description": "Nieuw",
        "language": "en",
        "is_posting_restricted": "y",
        "csrf_token": token_of(client, page),
    }

    answer = client.post(page, data=data)
    bad = client.post(page, data={**data, "title": ""})
    reread()

    assert answer.status_code == 303
    assert (community.title, community.language) == ("Toetsen", "en")
    assert community.is_posting_restricted
    assert bad.status_code == 422
    assert ">Nieuw</textarea>" in bad.text.replace("\n", "").replace("\r", "")


def test_the_owner_makes_and_unmakes_moderators(
    client: FlaskClient, ctx: AppContext, reread: Callable[[], None]
) -> None:
    otto, anna = make_account("otto"), make_account()
    community = make_community(owner=otto)
    sign_in(client, otto)
    token = token_of(client, "/c/toetsing/beheer")

    def change(handle: str, on: str) -> int:
        data = {"handle": handle, "on": on, "csrf_token": token}
        return client.post("/c/toetsing/moderators", data=data).status_code

    made, unknown = change("@anna", "1"), change("niemand@elders.test", "1")
    reread()
    moderators = list_moderators(community)
    itself, unmade = change("otto", "0"), change("anna@ons.test", "0")
    reread()

    assert (made, unknown, itself, unmade) == (303, 422, 422, 303)
    assert moderators == [otto, anna]
    assert list_moderators(community) == [otto]


def test_settings_are_for_who_looks_after_the_community(
    client: FlaskClient, ctx: AppContext
) -> None:
    make_community(owner=make_account("otto"))
    anonymous = client.get("/c/toetsing/beheer")
    sign_in(client, make_account("bram"))

    assert anonymous.status_code == 303
    assert client.get("/c/toetsing/beheer").status_code == 403
