"""`doctor`: settings without secrets, one line per check, status 1 when one is bad."""

import pytest
from flask import Flask

from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from federation.models.peer import Peer
from tests.app.commands.conftest import Run, said_in_one_line


def lines(output: str) -> dict[str, str]:
    """The findings, by subject."""
    found = [line.split(" ", 1) for line in output.splitlines() if line.startswith(("ok ", "BAD"))]
    return {rest.strip().split(":")[0]: verdict for verdict, rest in found}


def test_a_server_that_nobody_can_reach_is_bad_and_the_rest_is_good(run: Run) -> None:
    result = run("doctor")

    found = lines(result.stdout)
    assert result.exit_code == 1
    assert found.pop("reachable") == "BAD"
    assert set(found.values()) == {"ok"}
    assert set(found) == {
        "settings",
        "database",
        "queue",
        "mail",
        "clock",
        "disk",
        "signing",
        "documents",
        "quarantine",
        "deliveries",
    }


def test_settings_are_told_and_secrets_are_not(
    run: Run, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    monkeypatch.setenv("VERBINDPLAATS_MAIL_URL", "smtp://anna:geheim@mail.example:25")

    result = run("doctor")

    assert "base_url = http://ons.test\n" in result.stdout
    assert "mail_url = set\n" in result.stdout
    assert "geheim" not in result.output
    assert app.config["VERBINDPLAATS"].secret_key not in result.output


def test_a_name_that_means_nothing_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERBINDPLAATS_FEDERATON", "off")

    result = run("doctor")

    assert "BAD settings: these names mean nothing: VERBINDPLAATS_FEDERATON" in result.stdout


def test_a_setting_that_cannot_work_is_told_in_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VERBINDPLAATS_LOCALE", "fr")

    assert "VERBINDPLAATS_LOCALE" in said_in_one_line(run("doctor"))


def test_a_check_that_cannot_run_is_a_finding(app: Flask, run: Run) -> None:
    with app.app_context(), unit_of_work():
        session().add(Peer(host="127.0.0.1:1", known_since=utcnow(), heard_at=utcnow()))

    result = run("doctor")

    assert lines(result.stdout)["clock"] == "BAD"
    assert "Traceback" not in result.output


def test_a_broker_that_is_away_is_a_finding(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERBINDPLAATS_BROKER_URL", "redis://127.0.0.1:1/0")

    result = run("doctor")

    assert lines(result.stdout)["queue"] == "BAD"


def test_keys_of_another_secret_are_a_finding(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert lines(run("doctor").stdout)["signing"] == "ok"
    monkeypatch.setenv("VERBINDPLAATS_SECRET_KEY", "t" * 48)

    result = run("doctor")

    assert lines(result.stdout)["signing"] == "BAD"
