"""Journeys of people who come in: real pages, real tokens, real mails."""

import re
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.models.credential import User
from app.accounts.models.invitation import Invitation
from app.accounts.services import admission, sign_in
from app.core.db import session
from tests.support.browser import PHRASE, Site, is_signed_in, log_in, read_token, submit

OTHER_PHRASE = "een ander lang wachtwoord"


def count_users(site: Site) -> int:
    return site.ask(lambda: session().scalar(select(func.count(User.id))) or 0)


def registration(**changes: str) -> dict[str, str]:
    return {
        "name": "bea",
        "display_name": "Bea de Boer",
        "email": "bea@school.example",
        "password": PHRASE,
        "password_confirm": PHRASE,
        "code": "",
        **changes,
    }


# Registering


def test_invited_person_registers_confirms_by_link_and_signs_in(
    client: FlaskClient, site: Site
) -> None:
    code = site.invite("bea@school.example")
    page = client.get(f"/uitnodiging/{code}")

    answer = submit(client, "/registreren", registration(code=code))
    refused = log_in(client, "bea@school.example")
    [link] = site.links_to("bea@school.example")
    confirmed = client.get(link)
    welcomed = log_in(client, "bea@school.example")

    assert page.location == f"/registreren?code={code}&email=bea@school.example"
    assert (answer.status_code, answer.location) == (303, "/inloggen")
    assert refused.status_code == 422
    assert confirmed.location == "/inloggen"
    assert (welcomed.status_code, welcomed.location) == (303, "/")
    assert is_signed_in(client)
    invitation = site.ask(lambda: session().scalars(select(Invitation)).one())
    account = site.account("bea")
    assert account is not None
    assert account.shown_name == "Bea de Boer"
    assert invitation.used_by_id == account.id


def test_an_invitation_works_for_one_person_only(client: FlaskClient, site: Site) -> None:
    code = site.invite()
    submit(client, "/registreren", registration(code=code))

    second = submit(
        client, "/registreren", registration(code=code, name="cor", email="cor@school.example")
    )

    assert second.status_code == 422
    assert site.account("cor") is None


def test_an_invitation_for_somebody_else_is_refused(client: FlaskClient, site: Site) -> None:
    code = site.invite("anna@school.example")

    answer = submit(client, "/registreren", registration(code=code))

    assert answer.status_code == 422
    assert 'id="code-error"' in answer.text


def test_address_of_a_known_domain_registers_without_invitation(
    client: FlaskClient, site: Site
) -> None:
    site.change(lambda: admission.add_email_domain("School.example"))

    answer = submit(client, "/registreren", registration(email="Bea@SCHOOL.example"))

    assert answer.status_code == 303
    assert site.user("bea@school.example") is not None


def test_a_subdomain_of_a_known_domain_is_not_admitted(client: FlaskClient, site: Site) -> None:
    site.change(lambda: admission.add_email_domain("school.example"))

    answer = submit(client, "/registreren", registration(email="bea@student.school.example"))

    assert answer.status_code == 422


def test_without_invitation_or_domain_the_field_is_named_and_the_text_kept(
    client: FlaskClient, site: Site
) -> None:
    answer = submit(client, "/registreren", registration())

    assert answer.status_code == 422
    assert 'id="code-error"' in answer.text
    assert 'value="Bea de Boer"' in answer.text
    assert count_users(site) == 0


@pytest.mark.parametrize("name", ["admin", "Bea van Dam", "bea-boer", "", "x" * 31, "béa", "anna"])
def test_names_that_cannot_be_had_are_refused(client: FlaskClient, site: Site, name: str) -> None:
    site.person("anna")

    answer = submit(client, "/registreren", registration(name=name, code=site.invite()))

    assert answer.status_code == 422
    assert 'id="name-error"' in answer.text


@pytest.mark.parametrize(
    "email",
    ['"a@x"@y.example', "a%b@us.example", "a,b@us.example", "a\r\nb@us.example", "a", "a@b@c"],
)
def test_addresses_that_mislead_mail_servers_are_refused(
    client: FlaskClient, site: Site, email: str
) -> None:
    answer = submit(client, "/registreren", registration(email=email, code=site.invite()))

    assert answer.status_code == 422
    assert count_users(site) == 0


def test_columns_cannot_be_set_through_the_form(client: FlaskClient, site: Site) -> None:
    forged = {"active": "1", "confirmed_at": "2026-01-01", "roles": "admin", "fs_uniquifier": "x"}

    submit(client, "/registreren", registration(code=site.invite(), **forged))

    user = site.user("bea@school.example")
    assert user.confirmed_at is None
    assert user.roles == []
    assert user.fs_uniquifier != "x"


def test_markup_in_every_field_comes_back_as_text(client: FlaskClient, site: Site) -> None:
    attack = '"><script>alert(1)</script>'

    answer = submit(client, "/registreren", dict.fromkeys(registration(), attack))

    assert answer.status_code == 422
    assert "<script>alert" not in answer.text


# Who exists is not told


def test_registering_a_known_address_looks_like_a_new_one(client: FlaskClient, site: Site) -> None:
    site.person("anna")
    known = site.browser()

    new_answer = submit(client, "/registreren", registration(code=site.invite()))
    known_answer = submit(
        known,
        "/registreren",
        registration(code=site.invite(), email="anna@school.example", name="cor"),
    )

    assert known_answer.status_code == new_answer.status_code == 303
    assert known_answer.location == new_answer.location
    assert known_answer.text == new_answer.text
    assert site.account("cor") is None
    assert len(site.links_to("anna@school.example")) == 1


@pytest.mark.parametrize("path", ["/inloggen", "/wachtwoord-vergeten", "/bevestigen"])
def test_known_and_unknown_addresses_get_the_same_answer(
    client: FlaskClient, site: Site, path: str
) -> None:
    site.person("anna")
    answers = []

    for email in ("anna@school.example", "niet@school.example"):
        browser = site.browser()
        answer = submit(browser, path, {"email": email, "password": "verkeerd wachtwoord"})
        body = answer.text if answer.status_code == 422 else browser.get(path).text
        body = re.sub(r'name="csrf_token" value="[^"]+"', "", body)
        answers.append((answer.status_code, answer.location, body.replace(email, "ADRES")))

    assert answers[0] == answers[1]


def test_answers_take_a_whole_number_of_steps(client: FlaskClient, site: Site) -> None:
    site.person("anna")
    site.app.config["SIGN_IN_STEP_SECONDS"] = 0.2
    waits = []

    for email in ("anna@school.example", "niet@school.example"):
        token = read_token(client, "/wachtwoord-vergeten")
        started = time.monotonic()
        client.post("/wachtwoord-vergeten", data={"email": email, "csrf_token": token})
        waits.append(time.monotonic() - started)

    assert min(waits) >= 0.2


# Signing in and out


def test_wrong_password_is_refused(client: FlaskClient, site: Site) -> None:
    site.person("anna")

    answer = log_in(client, "anna@school.example", "verkeerd wachtwoord")

    assert answer.status_code == 422
    assert not is_signed_in(client)


def test_unconfirmed_person_is_told_only_after_the_right_password(
    client: FlaskClient, site: Site
) -> None:
    site.person("anna", confirmed=False)

    wrong = log_in(client, "anna@school.example", "verkeerd wachtwoord")
    right = log_in(client, "anna@school.example")

    assert wrong.status_code == right.status_code == 422
    assert wrong.text.count("<li>") == right.text.count("<li>")
    assert wrong.text != right.text
    assert not is_signed_in(client)


def test_signing_out_takes_the_session_cookie_away(client: FlaskClient, site: Site) -> None:
    site.person("anna")
    log_in(client, "anna@school.example", remember="y")

    answer = submit(client, "/uitloggen", page="/instellingen")

    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get_cookie("verbindplaats", domain="ons.test") is None
    assert client.get_cookie("onthouden", domain="ons.test") is None
    assert not is_signed_in(client)


def test_a_token_from_before_signing_in_is_worth_nothing_after(
    client: FlaskClient, site: Site
) -> None:
    site.person("anna")
    token = read_token(client, "/inloggen")
    log_in(client, "anna@school.example")

    answer = client.post("/instellingen/overal-uitloggen", data={"csrf_token": token})

    assert answer.status_code == 400
    assert is_signed_in(client)


def test_signing_out_by_get_does_nothing(client: FlaskClient, site: Site) -> None:
    site.person("anna")
    log_in(client, "anna@school.example")

    answer = client.get("/uitloggen")

    assert answer.status_code == 405
    assert is_signed_in(client)


def test_signing_out_everywhere_ends_other_sessions(client: FlaskClient, site: Site) -> None:
    site.person("anna")
    phone = site.browser()
    log_in(client, "anna@school.example")
    log_in(phone, "anna@school.example", remember="y")

    answer = submit(client, "/instellingen/overal-uitloggen", page="/instellingen")

    assert answer.location == "/inloggen"
    assert not is_signed_in(client)
    assert not is_signed_in(phone)


def test_session_cookie_is_for_this_site_only(client: FlaskClient, site: Site) -> None:
    cookies = client.get("/inloggen").headers.getlist("Set-Cookie")

    assert len(cookies) == 1
    assert "HttpOnly" in cookies[0]
    assert "SameSite=Lax" in cookies[0]
    assert "Secure" not in cookies[0]
    assert "Domain" not in cookies[0]


def test_pages_for_reading_set_no_cookie(client: FlaskClient, site: Site) -> None:
    site.person("anna")

    for path in ("/mensen", "/u/anna", "/mensen?q=x"):
        assert client.get(path).headers.getlist("Set-Cookie") == []


def test_on_https_cookies_are_secure(make_app: Callable[..., Flask]) -> None:
    client = make_app("https://ons.test").test_client()

    cookie = client.get("https://ons.test/inloggen").headers["Set-Cookie"]

    assert "Secure" in cookie


@pytest.mark.parametrize(
    "path", ["/inloggen", "/registreren", "/wachtwoord-vergeten", "/bevestigen", "/uitloggen"]
)
def test_forms_without_token_are_refused(client: FlaskClient, site: Site, path: str) -> None:
    site.person("anna")

    answer = client.post(path, data={"email": "anna@school.example", "password": PHRASE})

    assert answer.status_code == 400


@pytest.mark.parametrize(
    "target",
    [
        "//evil.test",
        "/\\evil.test",
        "\\/evil.test",
        "\\\\evil.test",
        "/\t/evil.test",
        "/\r\n/evil.test",
        "https:evil.test",
        "https:/evil.test",
        "https://evil.test/",
        "//evil%5c.ons.test",
        "http://evil\\.ons.test",
        "javascript:alert(1)",
        "@evil.test",
        "/" + "x" * 5000,
    ],
)
def test_sign_in_never_leads_away(client: FlaskClient, site: Site, target: str) -> None:
    site.person("anna")
    token = read_token(client, "/inloggen")

    in_query = client.post(
        "/inloggen",
        query_string={"next": target},
        data={"email": "anna@school.example", "password": PHRASE, "csrf_token": token},
    )
    submit(client, "/uitloggen", page="/instellingen")
    in_form = log_in(client, "anna@school.example", next=target)

    for answer in (in_query, in_form):
        assert answer.status_code == 422 or stays_here(answer.location)


def stays_here(location: str | None) -> bool:
    return location is not None and re.fullmatch(r"/(?![/\\\\])[^\\\\\s]*", location) is not None


def test_sign_in_leads_back_to_the_page_somebody_came_from(client: FlaskClient, site: Site) -> None:
    site.person("anna")
    sent_away = client.get("/instellingen")
    page = client.get(sent_away.location)

    answer = log_in(client, "anna@school.example", next="/instellingen")

    assert sent_away.location == "/inloggen?next=/instellingen"
    assert 'name="next" type="hidden" value="/instellingen"' in page.text
    assert answer.location == "/instellingen"


def test_too_many_tries_from_one_address_are_refused(client: FlaskClient, site: Site) -> None:
    token = read_token(client, "/inloggen")
    fields = {"email": "x@school.example", "password": "verkeerd", "csrf_token": token}

    statuses = [
        client.post("/inloggen", data={**fields, "email": f"x{i}@school.example"}).status_code
        for i in range(21)
    ]

    assert statuses == [422] * 20 + [429]


def test_one_address_gets_at_most_five_reset_mails_an_hour(client: FlaskClient, site: Site) -> None:
    site.person("anna")
    token = read_token(client, "/wachtwoord-vergeten")
    fields = {"email": "anna@school.example", "csrf_token": token}

    statuses = [
        client.post(
            "/wachtwoord-vergeten",
            data=fields,
            environ_overrides={"REMOTE_ADDR": f"192.0.2.{i}"},
        ).status_code
        for i in range(6)
    ]

    assert statuses == [303] * 5 + [429]


# Passwords and addresses


def test_forgotten_password_is_replaced_and_ends_all_sessions(
    client: FlaskClient, site: Site
) -> None:
    site.person("anna")
    phone = site.browser()
    log_in(phone, "anna@school.example")
    submit(client, "/wachtwoord-vergeten", {"email": "anna@school.example"})
    [link] = site.links_to("anna@school.example")
    new = {"password": OTHER_PHRASE, "password_confirm": OTHER_PHRASE}

    answer = submit(client, link, new)
    again = client.get(link)

    assert (answer.status_code, answer.location) == (303, "/inloggen")
    assert again.location == "/wachtwoord-vergeten"
    assert not is_signed_in(phone)
    assert log_in(client, "anna@school.example").status_code == 422
    assert log_in(client, "anna@school.example", OTHER_PHRASE).status_code == 303


def test_an_expired_reset_link_is_refused(client: FlaskClient, site: Site) -> None:
    site.person("anna")
    submit(client, "/wachtwoord-vergeten", {"email": "anna@school.example"})
    [link] = site.links_to("anna@school.example")
    site.app.config["SECURITY_RESET_PASSWORD_WITHIN"] = timedelta(seconds=-1)

    answer = client.get(link)

    assert answer.location == "/wachtwoord-vergeten"


def test_links_in_mails_use_our_own_address_whatever_the_host_header(
    client: FlaskClient, site: Site
) -> None:
    site.person("anna")
    token = read_token(client, "/wachtwoord-vergeten")

    client.post(
        "/wachtwoord-vergeten",
        data={"email": "anna@school.example", "csrf_token": token},
        headers={"X-Forwarded-Host": "evil.test"},
    )

    [mail] = site.mails_to("anna@school.example")
    assert "evil.test" not in mail.body_text
    assert "http://ons.test/wachtwoord-vergeten/" in mail.body_text


def test_changing_the_password_keeps_this_session_and_ends_others(
    client: FlaskClient, site: Site
) -> None:
    site.person("anna")
    phone = site.browser()
    log_in(client, "anna@school.example")
    log_in(phone, "anna@school.example")

    answer = submit(
        client,
        "/instellingen/wachtwoord",
        {
            "password": PHRASE,
            "new_password": OTHER_PHRASE,
            "new_password_confirm": OTHER_PHRASE,
        },
    )

    assert (answer.status_code, answer.location) == (303, "/instellingen")
    assert is_signed_in(client)
    assert not is_signed_in(phone)


def test_new_address_counts_after_the_link_in_the_mail(client: FlaskClient, site: Site) -> None:
    site.person("anna")
    log_in(client, "anna@school.example")

    asked = submit(client, "/instellingen/e-mail", {"email": "anna@nieuw.example"})
    before = site.user("anna@school.example")
    [link] = site.links_to("anna@nieuw.example")
    answer = client.get(link)

    assert asked.status_code == 303
    assert before is not None
    assert answer.location == "/instellingen"
    assert site.user("anna@nieuw.example").id == before.id


def test_changing_the_address_asks_the_password_after_a_while(
    client: FlaskClient, site: Site
) -> None:
    site.person("anna")
    log_in(client, "anna@school.example")
    with client.session_transaction() as kept:
        kept["fs_paa"] -= 16 * 60
        kept.pop("fs_gexp", None)

    asked = client.get("/instellingen/e-mail")
    verified = submit(
        client, "/opnieuw-inloggen", {"password": PHRASE, "next": "/instellingen/e-mail"}
    )

    assert asked.location == "/opnieuw-inloggen?next=/instellingen/e-mail"
    assert verified.location == "/instellingen/e-mail"
    assert client.get("/instellingen/e-mail").status_code == 200


def test_suspension_ends_the_session_at_once(client: FlaskClient, site: Site) -> None:
    account = site.person("anna")
    site.person("baas", admin=True)
    log_in(client, "anna@school.example")

    site.change(lambda: sign_in.suspend(session().merge(account)))

    assert not is_signed_in(client)
    assert log_in(client, "anna@school.example").status_code == 422


def test_a_hash_made_with_older_settings_is_renewed_at_sign_in(
    client: FlaskClient, site: Site
) -> None:
    site.person("anna")
    before = site.user("anna@school.example").password
    site.app.extensions["security"].pwd_context.update(argon2__time_cost=2)

    answer = log_in(client, "anna@school.example")

    assert answer.status_code == 303
    assert site.user("anna@school.example").password != before
