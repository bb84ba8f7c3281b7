"""`/health`: alive means that the database answers; whoever asks, by whatever name."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient


@pytest.mark.parametrize(
    "host", ["ons.test", "10.0.0.7:8000", "localhost", "elders.example", "x_y"]
)
def test_it_answers_on_any_host_name(client: FlaskClient, host: str) -> None:
    answer = client.get("/health", headers={"Host": host})

    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["status"] == "ok"


def test_it_sets_no_cookie_and_is_asked_of_the_database_each_time(client: FlaskClient) -> None:
    answer = client.get("/health")

    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_without_a_database_it_does_not_say_ok(make_app: Callable[..., Flask]) -> None:
    app = make_app(testing=False)
    settings = app.config["VERBINDPLAATS"]
    if settings.sqlite_path is None or settings.database_url:
        pytest.skip("needs the embedded database")
    settings.sqlite_path.write_bytes(b"this is no database" * 1000)

    answer = app.test_client().get("/health")

    assert answer.status_code >= 500
    assert '"ok"' not in answer.text
