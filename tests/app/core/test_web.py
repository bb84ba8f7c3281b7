"""One address, whatever a request says: what a forged Host header can and cannot do."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

FORGED = ["kwaad.test", "ons.test@kwaad.test", "<b>kwaad", "a" * 70_000, "", "ons.test:99999999"]


@pytest.mark.parametrize("host", FORGED, ids=lambda host: host[:20])
def test_forged_host_gets_the_page_with_our_own_addresses(client: FlaskClient, host: str) -> None:
    answer = client.get("/", headers={"Host": host})

    assert answer.status_code == 200
    assert '<link rel="canonical" href="http://ons.test/">' in answer.text
    assert "kwaad" not in answer.text


def test_forged_host_does_not_send_a_reader_elsewhere(client: FlaskClient) -> None:
    answer = client.get("/c//toetsing", headers={"Host": "kwaad.test"})

    assert answer.status_code == 308
    assert answer.location in {"/c/toetsing", "http://ons.test/c/toetsing"}


def test_forwarded_names_are_not_believed(client: FlaskClient) -> None:
    forged = {
        "X-Forwarded-Host": "kwaad.test",
        "X-Forwarded-Proto": "gopher",
        "Forwarded": "host=k",
    }

    answer = client.get("/", headers=forged)

    assert 'href="http://ons.test/"' in answer.text
    assert "kwaad" not in answer.text


@pytest.mark.parametrize(
    "path",
    ["/c/%FF", "/u/%ED%A0%80", "/post/%0D%0ASet-Cookie:%20a=b", "/comment/%3E%3B", "/c/\u20ac"],
)
def test_odd_bytes_in_an_address_get_our_own_page(app: Flask, path: str) -> None:
    app.testing = False
    client = app.test_client()

    answer = client.get(path)

    assert answer.status_code == 404
    assert "<main" in answer.text
    assert all(value.isascii() for value in answer.headers.values())
    assert "Set-Cookie" not in answer.headers


def test_what_programs_get_is_as_safe_as_a_page_and_sets_no_cookie(client: FlaskClient) -> None:
    client.set_cookie("verbindplaats", "geen sessie")

    answer = client.post("/inbox", data=b"{}", content_type="text/plain")

    assert answer.status_code == 400
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Set-Cookie" not in answer.headers
