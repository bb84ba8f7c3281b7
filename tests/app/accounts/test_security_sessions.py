"""A sign-in ends on the server: no copy of a cookie outlives it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from app.accounts.models.login_session import LoginSession
from app.accounts.services import sessions
from app.core.db import db, session
from tests.support.browser import PHRASE, Site, is_signed_in, log_in, submit
from tests.support.clock import FakeClock

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
COOKIES = ("verbindplaats", "onthouden")


def copy_cookies(of: FlaskClient, to: FlaskClient, names: tuple[str, ...] = COOKIES) -> FlaskClient:
    """Give `to` what a thief who saw the cookies of `of` would have."""
    for name in names:
        cookie = of.get_cookie(name, domain="ons.test")
        assert cookie is not None, name
        to.set_cookie(name, cookie.value, domain="ons.test")
    return to


def count_sessions(site: Site) -> int:
    return site.ask(lambda: session().scalar(select(func.count(LoginSession.id))) or 0)


@contextmanager
def statements(site: Site) -> Iterator[list[str]]:
    """Collect the SQL that is run."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    with site.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("names", [("verbindplaats",), ("onthouden",), COOKIES])
def test_a_copied_cookie_is_worth_nothing_after_signing_out(
    client: FlaskClient, site: Site, names: tuple[str, ...]
) -> None:
    site.person("anna")
    log_in(client, "anna@school.example", remember="y")
    thief = copy_cookies(client, site.browser(), names)
    before = is_signed_in(thief)

    submit(client, "/uitloggen", page="/instellingen")

    assert before
    assert not is_signed_in(thief)
    assert count_sessions(site) == 0


def test_signing_out_ends_the_sign_in_of_this_browser_only(client: FlaskClient, site: Site) -> None:
    site.person("anna")
    phone = site.browser()
    log_in(client, "anna@school.example")
    log_in(phone, "anna@school.example")

    submit(client, "/uitloggen", page="/instellingen")

    assert not is_signed_in(client)
    assert is_signed_in(phone)


def test_a_browser_that_only_remembers_signs_out_too(client: FlaskClient, site: Site) -> None:
    site.person("anna")
    log_in(client, "anna@school.example", remember="y")
    thief = copy_cookies(client, site.browser())
    client.delete_cookie("verbindplaats", domain="ons.test")

    submit(client, "/uitloggen", page="/instellingen")

    assert not is_signed_in(client)
    assert not is_signed_in(thief)


def test_who_signs_in_anew_leaves_the_former_sign_in_of_the_browser(
    client: FlaskClient, site: Site
) -> None:
    site.person("anna")
    log_in(client, "anna@school.example", remember="y")
    thief = copy_cookies(client, site.browser())
    fields = {"password": PHRASE, "new_password": "nog een lang woord", "new_password_confirm": ""}
    fields["new_password_confirm"] = fields["new_password"]

    changed = submit(client, "/instellingen/wachtwoord", fields)

    assert changed.status_code == 303
    assert is_signed_in(client)
    assert not is_signed_in(thief)
    assert count_sessions(site) == 1


def test_a_sign_in_lasts_thirty_days(client: FlaskClient, site: Site, clock: FakeClock) -> None:
    site.person("anna")
    log_in(client, "anna@school.example", remember="y")
    clock.advance(timedelta(days=sessions.SESSION_DAYS, seconds=-1))
    early = is_signed_in(client)
    clock.advance(timedelta(seconds=1))

    assert early
    assert not is_signed_in(client)


def test_the_key_of_a_person_is_no_key_of_a_sign_in(client: FlaskClient, site: Site) -> None:
    site.person("anna")
    user = site.user("anna@school.example")
    assert user is not None
    with client.session_transaction(base_url="http://ons.test") as kept:
        kept["_user_id"] = user.fs_uniquifier
        kept["_fresh"] = True

    assert not is_signed_in(client)


def test_the_database_holds_no_key_that_signs_in(client: FlaskClient, site: Site) -> None:
    site.person("anna")
    log_in(client, "anna@school.example")
    with client.session_transaction(base_url="http://ons.test") as kept:
        shown = kept["_user_id"]

    row = site.ask(lambda: session().scalars(select(LoginSession)).one())

    assert len(shown) >= 40
    assert shown not in {row.key_hash, row.user_key, row.public_id}


def test_who_is_signed_in_costs_one_look_and_no_write(client: FlaskClient, site: Site) -> None:
    site.person("anna")
    log_in(client, "anna@school.example")

    with statements(site) as said:
        answer = client.get("/mensen")

    assert answer.status_code == 200
    assert len([one for one in said if "login_session" in one]) == 1
    assert [one for one in said if re.match("INSERT|UPDATE|DELETE", one)] == []


def test_readers_without_a_cookie_cost_no_look(client: FlaskClient, site: Site) -> None:
    site.person("anna")

    with statements(site) as said:
        client.get("/mensen")

    assert said
    assert [one for one in said if "login_session" in one] == []


def test_the_oldest_sign_in_makes_room(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "MAX_SESSIONS", 2)
    site.person("anna")
    site.person("bram")
    other = site.browser()
    log_in(other, "bram@school.example")
    browsers = [site.browser() for _ in range(3)]

    for one in browsers:
        log_in(one, "anna@school.example")

    assert [is_signed_in(one) for one in browsers] == [False, True, True]
    assert is_signed_in(other)


# The list of devices


def test_the_settings_tell_where_somebody_is_signed_in(client: FlaskClient, site: Site) -> None:
    site.person("anna")
    site.person("bram")
    phone = site.browser()
    phone.environ_base["HTTP_USER_AGENT"] = FIREFOX
    log_in(phone, "anna@school.example")
    log_in(site.browser(), "bram@school.example")
    log_in(client, "anna@school.example")

    page = client.get("/instellingen").text

    assert "Firefox op Linux" in page
    assert "Onbekend apparaat" in page
    assert page.count("Dit apparaat") == 1
    assert len(re.findall(r"/instellingen/apparaten/[0-9a-f-]+/uitloggen", page)) == 2


def buttons(page: str) -> list[str]:
    """The addresses of the buttons, newest sign-in first."""
    return re.findall(r"/instellingen/apparaten/[0-9a-f-]+/uitloggen", page)


def test_one_device_is_signed_out_by_its_button(client: FlaskClient, site: Site) -> None:
    site.person("anna")
    phone = site.browser()
    log_in(phone, "anna@school.example", remember="y")
    log_in(client, "anna@school.example")
    [_own, other] = buttons(client.get("/instellingen").text)

    answer = submit(client, other, page="/instellingen")
    again = submit(client, other, page="/instellingen")

    assert (answer.status_code, answer.location) == (303, "/instellingen#apparaten")
    assert again.status_code == 404
    assert not is_signed_in(phone)
    assert is_signed_in(client)


def test_the_button_of_this_device_is_signing_out(client: FlaskClient, site: Site) -> None:
    site.person("anna")
    log_in(client, "anna@school.example", remember="y")
    thief = copy_cookies(client, site.browser())
    [own] = buttons(client.get("/instellingen").text)

    answer = submit(client, own, page="/instellingen")

    assert (answer.status_code, answer.location) == (303, "/")
    assert not is_signed_in(client)
    assert not is_signed_in(thief)


def test_nobody_signs_out_somebody_else(client: FlaskClient, site: Site) -> None:
    site.person("anna")
    log_in(client, "anna@school.example")
    [own] = buttons(client.get("/instellingen").text)
    bram = site.signed_in("bram")

    answer = submit(bram, own, page="/instellingen")

    assert answer.status_code == 404
    assert is_signed_in(client)


def test_an_account_that_goes_takes_its_sign_ins_along(client: FlaskClient, site: Site) -> None:
    site.person("anna")
    log_in(client, "anna@school.example")

    fields = {"confirmation": "anna", "password": PHRASE}
    answer = submit(client, "/instellingen/verwijderen", fields)

    assert answer.status_code == 303
    assert count_sessions(site) == 0
