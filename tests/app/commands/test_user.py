"""`verbindplaats user`, run as a person runs it."""

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from app.commands.user import user
from tests.support.browser import PHRASE, Site, is_signed_in, log_in


@pytest.fixture
def site(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Site:
    settings = app.config["VERBINDPLAATS"]
    monkeypatch.setenv("VERBINDPLAATS_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("VERBINDPLAATS_BASE_URL", settings.base_url)
    monkeypatch.setenv("VERBINDPLAATS_SECRET_KEY", settings.secret_key)
    monkeypatch.setenv("VERBINDPLAATS_DATABASE_URL", settings.database_url)
    return Site(app)


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(user, arguments, input=typed)


def test_somebody_with_a_password_can_sign_in_at_once(site: Site) -> None:
    result = run("add", "anna", "--email", "Anna@School.example", "--password-stdin", typed=PHRASE)

    client = site.browser()
    assert result.exit_code == 0, result.output
    assert result.stdout == "anna@ons.test\n"
    assert log_in(client, "anna@school.example").status_code == 303
    assert client.get("/beheer/mensen").status_code == 403


def test_options_may_stand_before_the_name(site: Site) -> None:
    result = run(
        "add", "--admin", "--password-stdin", "--email", "b@x.example", "bea", typed=PHRASE + "\n"
    )

    client = site.browser()
    assert result.exit_code == 0, result.output
    assert log_in(client, "b@x.example").status_code == 303
    assert client.get("/beheer/mensen").status_code == 200


def test_without_password_a_link_lets_in(site: Site) -> None:
    run("add", "bea", "--email", "b@x.example", "--admin")

    result = run("link", "bea")

    client = site.browser()
    link = result.stdout.strip()
    assert result.exit_code == 0
    assert link.startswith("http://ons.test/eerste/")
    assert client.get(link.removeprefix("http://ons.test")).status_code == 303
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("arguments", "typed"),
    [
        (("add", "admin", "--email", "a@x.example"), ""),
        (("add", "Anna-Bea", "--email", "a@x.example"), ""),
        (("add", "anna", "--email", "geen adres"), ""),
        (("add", "anna", "--email", "a@x.example", "--password-stdin"), "kort\n"),
        (("add", "anna", "--email", "a@x.example", "--password-stdin"), ""),
        (("link", "niemand"), ""),
    ],
)
def test_what_cannot_be_done_is_said_on_standard_error(
    site: Site, arguments: tuple[str, ...], typed: str
) -> None:
    result = run(*arguments, typed=typed)

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("error: ")
    assert site.account("anna") is None


def test_a_name_is_taken_once(site: Site) -> None:
    first = run("add", "anna", "--email", "a@x.example")

    second = run("add", "anna", "--email", "b@x.example")

    assert first.exit_code == 0
    assert second.exit_code == 1
    assert site.user("b@x.example") is None
