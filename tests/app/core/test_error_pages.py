"""Errors are pages of the site for people, problem+json for machines, and never a traceback."""

import errno
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from app.core.db import unit_of_work
from app.core.errors import (
    AppError,
    ConflictError,
    GoneError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
    SignInNeededError,
    TooManyError,
    UnavailableError,
)

TITLES = {
    400: "Dit verzoek klopt niet",
    403: "Dit mag je niet",
    404: "Deze pagina bestaat niet",
    405: "Dit kan hier niet",
    409: "Dit verzoek klopt niet",
    410: "Deze pagina is weg",
    413: "Dit is te groot",
    415: "Dit verzoek klopt niet",
    429: "Even rustig aan",
    500: "Er ging iets mis",
    502: "Er ging iets mis",
    503: "Even niet beschikbaar",
}
ACTIVITY = "application/activity+json"


@pytest.fixture
def site(make_app: Callable[..., Flask]) -> FlaskClient:
    """The application as it is in life, with an address for every way to fail."""
    app = make_app(testing=False)

    def fail(status: int) -> str:
        abort(status)

    def crash() -> str:
        raise RuntimeError("geheim")

    app.add_url_rule("/faal/<int:status>", "fail", fail)
    app.add_url_rule("/crash", "crash", crash)
    app.config["ERRORS"] = {}

    def raise_error(name: str) -> str:
        raise app.config["ERRORS"][name]

    app.add_url_rule("/fout/<name>", "raise_error", raise_error)
    return app.test_client()


@pytest.mark.parametrize("status", TITLES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_an_error_is_a_page_of_the_site_in_the_readers_language(
    site: FlaskClient, status: int, language: str
) -> None:
    answer = site.get(f"/faal/{status}", headers={"Accept-Language": language})

    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    assert f'<html lang="{language}"' in answer.text
    assert "data-error-page" in answer.text
    assert "<nav" in answer.text
    assert (f"<h1>{TITLES[status]}</h1>" in answer.text) is (language == "nl")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("status", TITLES)
def test_a_machine_gets_a_problem_it_can_read(site: FlaskClient, status: int) -> None:
    answer = site.get(f"/faal/{status}", headers={"Accept": ACTIVITY})

    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert answer.get_json(force=True)["status"] == status


def test_what_is_ours_to_mend_is_not_blamed_on_the_reader(site: FlaskClient) -> None:
    assert "Het ligt aan ons" in site.get("/faal/500").text
    assert "Het ligt aan ons" not in site.get("/faal/415").text


@pytest.mark.parametrize("path", ["/crash", "/faal/500"])
def test_a_fault_of_ours_is_told_without_its_cause(site: FlaskClient, path: str) -> None:
    answer = site.get(path)

    assert answer.status_code == 500
    assert "geheim" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFoundError("Weg."), 404),
        (GoneError("Weg."), 410),
        (NotAllowedError("Mag niet."), 403),
        (InvalidInputError("title", "Te lang."), 422),
        (ConflictError("Al gedaan."), 409),
        (TooManyError("Rustig."), 429),
        (UnavailableError("Later."), 503),
    ],
)
def test_an_error_of_ours_says_its_own_text_and_never_its_cause(
    site: FlaskClient, error: AppError, status: int
) -> None:
    error.cause = "geheime-oorzaak"
    site.application.config["ERRORS"]["x"] = error

    page = site.get("/fout/x")
    problem = site.get("/fout/x", headers={"Accept": ACTIVITY})

    assert (page.status_code, problem.status_code) == (status, status)
    assert error.text in page.text
    assert problem.get_json(force=True)["detail"] == error.text
    assert "geheime-oorzaak" not in page.text + problem.text


def test_who_must_sign_in_is_sent_there_and_comes_back(site: FlaskClient) -> None:
    site.application.config["ERRORS"]["x"] = SignInNeededError("Log eerst in.")

    page = site.get("/fout/x?a=1")
    machine = site.get("/fout/x", headers={"Accept": ACTIVITY})

    assert page.status_code == 303
    assert page.location == "/inloggen?next=/fout/x?a%3D1"
    assert machine.status_code == 401


def test_another_method_is_told_which_ones_there_are(site: FlaskClient) -> None:
    answer = site.delete("/forum")

    assert answer.status_code in {400, 405}
    assert site.put("/health").status_code in {400, 405}


def test_a_body_that_is_too_large_is_refused_in_words(site: FlaskClient) -> None:
    answer = site.post("/inloggen", data={"email": "a" * (3 * 1024 * 1024)})

    assert answer.status_code == 413
    assert "Dit is te groot" in answer.text


def test_headers_that_help_are_kept(site: FlaskClient) -> None:
    class Busy(HTTPException):
        code = 503

        def get_headers(self, *_: object) -> list[tuple[str, str]]:
            return [("Retry-After", "30"), ("X-Cause", "geheim")]

    site.application.config["ERRORS"]["x"] = Busy()

    answer = site.get("/fout/x")

    assert answer.headers["Retry-After"] == "30"
    assert "X-Cause" not in answer.headers


def test_when_not_even_a_page_can_be_made_there_still_is_one(
    site: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> str:
        raise OperationalError("SELECT", {}, Exception("geheim"))

    monkeypatch.setattr("app.core.error_pages.render_template", fail)

    answer = site.get("/faal/404")

    assert answer.status_code == 404
    assert "<h1>Er ging iets mis</h1>" in answer.text
    assert "geheim" not in answer.text


def test_a_database_that_is_gone_gives_a_page_and_no_traceback(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app(testing=False)
    settings = app.config["VERBINDPLAATS"]
    if settings.sqlite_path is None or settings.database_url:
        pytest.skip("needs the embedded database")
    settings.sqlite_path.write_bytes(b"this is no database" * 1000)

    answer = app.test_client().get("/forum")

    assert answer.status_code == 500
    assert "Er ging iets mis" in answer.text
    assert "Traceback" not in answer.text


def test_a_database_that_stays_locked_is_no_fault_of_the_reader(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.core.db.BUSY_TIMEOUT_MS", 10)
    app = make_app(testing=False)
    settings = app.config["VERBINDPLAATS"]
    if settings.sqlite_path is None or settings.database_url:
        pytest.skip("needs the embedded database")
    app.add_url_rule("/schrijf", "write", write)

    with closing(sqlite3.connect(settings.sqlite_path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        locked = app.test_client().get("/schrijf")
    free = app.test_client().get("/schrijf")

    assert (locked.status_code, locked.headers["Retry-After"]) == (503, "60")
    assert "<h1>Even niet beschikbaar</h1>" in locked.text
    assert free.status_code == 200


def test_a_full_disk_is_no_fault_of_the_reader(site: FlaskClient) -> None:
    site.application.config["ERRORS"]["vol"] = OSError(errno.ENOSPC, "geheim")
    site.application.config["ERRORS"]["kapot"] = OSError(errno.EBADF, "geheim")

    full, broken = site.get("/fout/vol"), site.get("/fout/kapot")

    assert (full.status_code, broken.status_code) == (503, 500)
    assert "geheim" not in full.text + broken.text


def write() -> str:
    with unit_of_work():
        return "geschreven"
