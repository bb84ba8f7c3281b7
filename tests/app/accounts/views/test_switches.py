"""Language and colours for everybody."""

import pytest
from flask.testing import FlaskClient

from tests.support.browser import Site, read_token


def test_language_is_kept_in_a_cookie_of_its_own(client: FlaskClient) -> None:
    answer = client.post("/taal", data={"language": "en", "next": "/mensen?q=x"})

    cookies = answer.headers.getlist("Set-Cookie")
    assert (answer.status_code, answer.location) == (303, "/mensen?q=x")
    assert len(cookies) == 1
    assert cookies[0].startswith("taal=en;")
    assert "HttpOnly" in cookies[0]
    assert '<html lang="en"' in client.get("/mensen").text


def test_colours_are_kept_in_a_cookie_of_its_own(client: FlaskClient) -> None:
    client.post("/thema", data={"theme": "dark"})

    assert 'data-theme="dark"' in client.get("/mensen").text


@pytest.mark.parametrize(
    ("path", "fields"), [("/taal", {"language": "xx"}), ("/thema", {"theme": "<b>"}), ("/taal", {})]
)
def test_other_values_are_refused(client: FlaskClient, path: str, fields: dict[str, str]) -> None:
    answer = client.post(path, data=fields)

    assert answer.status_code == 422
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
    ],
)
def test_pages_elsewhere_cannot_switch(client: FlaskClient, headers: dict[str, str]) -> None:
    answer = client.post("/taal", data={"language": "en"}, headers=headers)

    assert answer.status_code == 403


@pytest.mark.parametrize("target", ["//evil.test", "https://evil.test", "/\\evil.test", ""])
def test_switching_never_leads_away(client: FlaskClient, target: str) -> None:
    answer = client.post("/taal", data={"language": "en", "next": target})

    assert answer.location == "/"


def test_the_choice_stays_with_the_person(site: Site) -> None:
    client = site.signed_in("anna")
    token = read_token(client, "/instellingen")

    client.post("/thema", data={"theme": "light", "csrf_token": token})

    account = site.account("anna")
    assert account is not None
    assert account.theme == "light"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("en-GB,en;q=0.8", "en"), ("nl-BE", "nl"), ("fr", "nl"), ("", "nl"), (";;q=x,", "nl")],
)
def test_browser_wish_counts_when_nobody_chose(
    client: FlaskClient, accepted: str, language: str
) -> None:
    page = client.get("/mensen", headers={"Accept-Language": accepted}).text

    assert f'<html lang="{language}"' in page
