"""Who is looking, when nobody asks through a browser."""

import pytest
from flask import Flask
from flask.ctx import AppContext

from app.accounts.current import (
    current_account,
    is_admin,
    page_context,
    require_account,
    select_locale,
)
from app.core.errors import SignInNeededError
from tests.support.browser import Site


def test_outside_a_request_nobody_looks_in_the_language_of_the_server(ctx: AppContext) -> None:
    assert current_account() is None
    assert is_admin() is False
    assert select_locale() == "nl"
    assert page_context() == {}


def test_needing_somebody_is_an_error_when_nobody_is_there(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(SignInNeededError):
        require_account()


def test_a_page_carries_a_token_only_for_who_has_a_session(site: Site) -> None:
    anonymous = site.browser().get("/mensen").text
    person = site.signed_in("anna").get("/mensen").text

    assert "csrf_token" not in anonymous
    assert "csrf_token" in person


def test_only_admins_are_led_to_the_admin_pages(site: Site) -> None:
    person = site.signed_in("anna").get("/instellingen").text
    admin = site.signed_in("baas", admin=True).get("/instellingen").text

    assert "/beheer/mensen" not in person
    assert "/beheer/mensen" in admin
