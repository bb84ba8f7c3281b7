"""What people decide about their own account."""

import io
import json
import zipfile

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.models.account import AccountState
from app.accounts.models.credential import User
from app.accounts.queries import find_handle
from app.accounts.services.export import add_export_section
from app.core.db import session
from tests.support.browser import PHRASE, Site, is_signed_in, submit

PAGES = [
    "/instellingen",
    "/instellingen/wachtwoord",
    "/instellingen/e-mail",
    "/instellingen/gegevens",
    "/instellingen/verwijderen",
]


@pytest.mark.parametrize("path", PAGES)
def test_settings_are_for_who_is_signed_in(client: FlaskClient, site: Site, path: str) -> None:
    anonymous = client.get(path)
    page = site.signed_in("anna").get(path)

    assert anonymous.status_code in {302, 303}
    assert anonymous.location.startswith("/inloggen?next=/instellingen")
    assert page.status_code == 200


def test_profile_is_kept(site: Site) -> None:
    client = site.signed_in("anna")
    fields = {
        "display_name": "Anna de Vries",
        "role_title": "lector",
        "organisation": "Hogeschool Ergens",
        "expertise": "toetsing, leeruitkomsten ,toetsing,",
        "bio_source": "Hallo *daar*",
    }

    answer = submit(client, "/instellingen", fields)

    account = site.account("anna")
    assert (answer.status_code, answer.location) == (303, "/instellingen")
    assert account is not None
    assert account.shown_name == "Anna de Vries"
    assert account.expertise == ["toetsing", "leeruitkomsten"]
    assert "<em>daar</em>" in account.bio_html
    assert account.is_discoverable is False


def test_a_profile_without_name_is_refused_and_the_text_kept(site: Site) -> None:
    client = site.signed_in("anna")

    answer = submit(client, "/instellingen", {"display_name": " ", "organisation": "Ergens"})

    assert answer.status_code == 422
    assert 'id="display_name-error"' in answer.text
    assert 'value="Ergens"' in answer.text


def test_columns_cannot_be_set_through_the_profile(site: Site) -> None:
    client = site.signed_in("anna")

    submit(
        client,
        "/instellingen",
        {
            "display_name": "Anna",
            "state": "deleted",
            "host": "elders.test",
            "name": "baas",
            "id": "9",
        },
    )

    account = site.account("anna")
    assert account is not None
    assert account.state == AccountState.ACTIVE
    assert account.host is None


def test_language_and_colours_follow_the_person_to_other_browsers(site: Site) -> None:
    client = site.signed_in("anna")

    answer = submit(
        client, "/instellingen/weergave", {"language": "en", "theme": "dark"}, page="/instellingen"
    )

    page = client.get("/instellingen").text
    assert answer.status_code == 303
    assert '<html lang="en" data-theme="dark">' in page
    account = site.account("anna")
    assert account is not None
    assert (account.locale, account.theme) == ("en", "dark")


def test_a_language_that_is_not_there_is_refused(site: Site) -> None:
    client = site.signed_in("anna")

    answer = submit(
        client, "/instellingen/weergave", {"language": "xx", "theme": "dark"}, page="/instellingen"
    )

    assert answer.status_code == 422


def test_download_holds_everything_about_the_person_and_nothing_of_others(site: Site) -> None:
    site.person("bert")
    client = site.signed_in("anna")
    submit(client, "/u/bert/volgen", {"on": "1"}, page="/u/bert")
    add_export_section("berichten", lambda account: [{"titel": f"van {account.name}"}])

    answer = submit(client, "/instellingen/gegevens")

    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        parts = {name: json.loads(archive.read(name)) for name in archive.namelist()}
    assert answer.mimetype == "application/zip"
    assert parts["profiel.json"]["naam"] == "anna@ons.test"
    assert parts["account.json"]["e-mail"] == "anna@school.example"
    assert parts["volgt.json"][0]["wie"] == "bert@ons.test"
    assert parts["berichten.json"] == [{"titel": "van anna"}]
    everything = json.dumps(parts)
    assert "bert@school.example" not in everything
    assert "argon2" not in everything


def test_download_asks_the_password_after_a_while(site: Site) -> None:
    client = site.signed_in("anna")
    with client.session_transaction() as kept:
        kept["fs_paa"] -= 16 * 60

    answer = client.get("/instellingen/gegevens")

    assert answer.location == "/opnieuw-inloggen?next=/instellingen/gegevens"


def test_deleting_needs_the_name_and_the_password(site: Site) -> None:
    client = site.signed_in("anna")
    attempts = [
        {"confirmation": "anna", "password": "verkeerd wachtwoord"},
        {"confirmation": "bert", "password": PHRASE},
        {"confirmation": "", "password": ""},
    ]

    answers = [submit(client, "/instellingen/verwijderen", fields) for fields in attempts]

    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert is_signed_in(client)


def test_deleting_takes_the_person_away_for_good(site: Site) -> None:
    client = site.signed_in("anna")

    answer = submit(
        client, "/instellingen/verwijderen", {"confirmation": "@Anna", "password": PHRASE}
    )

    account = site.account("anna")
    handle = site.ask(lambda: find_handle("anna"))
    assert (answer.status_code, answer.location) == (303, "/")
    assert not is_signed_in(client)
    assert account is not None
    assert account.state == AccountState.DELETED
    assert account.display_name == account.bio_html == ""
    assert handle is not None
    assert handle.retired_at is not None
    assert site.ask(lambda: session().scalar(select(func.count(User.id)))) == 0


def test_the_last_admin_cannot_delete_the_own_account(site: Site) -> None:
    client = site.signed_in("baas", admin=True)

    answer = submit(
        client, "/instellingen/verwijderen", {"confirmation": "baas", "password": PHRASE}
    )

    assert answer.status_code == 409
    assert is_signed_in(client)
