"""One-time links and invitations."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app.accounts.models.account import Account
from app.accounts.services import sign_in
from app.core.db import session
from tests.support.browser import Site, is_signed_in
from tests.support.clock import FakeClock


def make_link(site: Site, account: Account) -> str:
    link = site.change(lambda: sign_in.make_sign_in_link(session().merge(account)))
    return link.removeprefix("http://ons.test")


def first_admin(site: Site) -> Account:
    new = sign_in.NewSignIn("baas@school.example", is_admin=True)
    return site.change(lambda: sign_in.add_person("baas", new))


def test_link_signs_in_once_and_asks_for_a_password(client: FlaskClient, site: Site) -> None:
    link = make_link(site, first_admin(site))

    answer = client.get(link)
    again = site.browser().get(link)

    assert (answer.status_code, answer.location) == (303, "/instellingen/wachtwoord")
    assert is_signed_in(client)
    assert client.get("/instellingen/wachtwoord").status_code == 200
    assert again.status_code == 404


def test_link_expires_after_half_an_hour(client: FlaskClient, site: Site, clock: FakeClock) -> None:
    link = make_link(site, first_admin(site))
    clock.advance(timedelta(minutes=31))

    assert client.get(link).status_code == 404


def test_a_new_link_ends_the_earlier_one(client: FlaskClient, site: Site) -> None:
    account = first_admin(site)
    first = make_link(site, account)
    second = make_link(site, account)

    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 303


@pytest.mark.parametrize("token", ["x", "a.b.c", "WzEsInh5eiJd.aaaaaa.bbbbbb", "%00"])
def test_forged_links_are_not_found(client: FlaskClient, site: Site, token: str) -> None:
    first_admin(site)

    assert client.get(f"/eerste/{token}").status_code == 404


def test_looking_ahead_does_not_spend_the_link(client: FlaskClient, site: Site) -> None:
    link = make_link(site, first_admin(site))

    client.head(link)
    client.get(link, headers={"Sec-Purpose": "prefetch"})

    assert client.get(link).status_code == 303


def test_suspended_person_has_no_use_of_a_link(client: FlaskClient, site: Site) -> None:
    site.person("baas", admin=True)
    account = site.person("anna")
    link = make_link(site, account)
    site.change(lambda: sign_in.suspend(session().merge(account)))

    assert client.get(link).status_code == 404


def test_used_and_unknown_invitations_are_not_found(
    client: FlaskClient, site: Site, clock: FakeClock
) -> None:
    code = site.invite()
    clock.advance(timedelta(days=31))

    assert client.get(f"/uitnodiging/{code}").status_code == 404
    assert client.get("/uitnodiging/onbekend").status_code == 404


def test_invitation_fills_in_the_form(client: FlaskClient, site: Site) -> None:
    code = site.invite("bea@school.example")

    page = client.get(f"/uitnodiging/{code}", follow_redirects=True)

    assert f'value="{code}"' in page.text
    assert 'value="bea@school.example"' in page.text


@pytest.mark.parametrize("path", ["/wachtwoord-vergeten", "/bevestigen"])
def test_without_a_mail_server_nobody_waits_for_a_mail(client: FlaskClient, path: str) -> None:
    assert "Deze server verstuurt geen mail." in client.get(path).text
    assert "Stuur de mail nog een keer" not in client.get("/inloggen").text
