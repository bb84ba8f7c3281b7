"""What the forum adds to the profile and to the search page."""

from flask.ctx import AppContext
from flask.testing import FlaskClient

from app.core.visibility import Visibility
from tests.support.factories import make_account, make_community, make_post, sign_in


def test_a_profile_shows_what_this_reader_may_read(client: FlaskClient, ctx: AppContext) -> None:
    otto = make_account("otto")
    make_post(make_community(), otto, title="Openbare vraag")
    make_post(
        make_community("besloten", owner=otto, visibility=Visibility.MEMBERS),
        otto,
        title="Onder ons",
    )

    anonymous = client.get("/u/otto").text
    sign_in(client, otto)
    himself = client.get("/u/otto").text

    assert "Openbare vraag" in anonymous
    assert "Onder ons" not in anonymous
    assert "Onder ons" in himself


def test_members_find_what_is_theirs(client: FlaskClient, ctx: AppContext) -> None:
    otto = make_account("otto")
    closed = make_community("besloten", owner=otto, visibility=Visibility.MEMBERS)
    make_post(closed, otto, title="Olifanten tellen")

    anonymous = client.get("/zoeken?q=olifanten").text
    sign_in(client, otto)
    member = client.get("/zoeken?q=olifanten").text

    assert "tellen" not in anonymous
    assert "tellen" in member
