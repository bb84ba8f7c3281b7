"""Log lines are JSON, one per event, and hold nothing that opens a door."""

import json
import logging
import sys
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.core.db import session, unit_of_work
from app.core.log import JsonFormatter, set_up_logging
from app.core.mail import Mail


def line_of(record: logging.LogRecord) -> dict[str, object]:
    text = JsonFormatter().format(record)
    assert "\n" not in text
    found: dict[str, object] = json.loads(text)
    return found


def make_record(message: str, *arguments: object, **extra: object) -> logging.LogRecord:
    record = logging.LogRecord("app.test", logging.WARNING, __file__, 1, message, arguments, None)
    record.__dict__.update(extra)
    return record


def test_an_event_is_one_json_object_with_time_level_and_origin() -> None:
    line = line_of(make_record("peer %s is slow\nand old", "elders.test"))

    assert line["message"] == "peer elders.test is slow\nand old"
    assert (line["level"], line["logger"]) == ("warning", "app.test")
    assert str(line["at"])[10] == "T"


def test_a_reason_is_kept_and_other_extras_are_not() -> None:
    line = line_of(make_record("refused", reason="signature-missing", detail="geheim"))

    assert line["reason"] == "signature-missing"
    assert "geheim" not in json.dumps(line)


def test_a_traceback_is_part_of_the_line() -> None:
    try:
        raise ValueError("broken")
    except ValueError:
        record = make_record("it failed", exc_info=sys.exc_info())

    assert "ValueError: broken" in str(line_of(record)["traceback"])


def test_lines_of_a_request_share_its_name(app: Flask) -> None:
    with app.test_request_context("/"):
        app.preprocess_request()
        first, second = line_of(make_record("one")), line_of(make_record("two"))

    assert first["request"] == second["request"]
    assert len(str(first["request"])) == 16


@pytest.fixture
def restored_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.usefixtures("restored_logging")
def test_setting_up_twice_says_everything_once(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging()
    set_up_logging()

    logging.getLogger("app.test").info("hallo")

    assert [json.loads(line)["message"] for line in capsys.readouterr().err.splitlines()] == [
        "hallo"
    ]


def store_twice() -> None:
    """Break a rule of the database with a mail that lets somebody in."""
    with unit_of_work():
        for _ in range(2):
            session().add(
                Mail(
                    public_id="same",
                    recipient="anna@school.test",
                    subject="Inloggen",
                    body_text="http://ons.test/eerste/geheime-link",
                    state="kept",
                )
            )


@pytest.mark.usefixtures("restored_logging")
def test_an_unexpected_error_tells_no_mail_and_no_link(
    make_app: Callable[..., Flask], capsys: pytest.CaptureFixture[str]
) -> None:
    app = make_app(testing=False)
    app.add_url_rule("/stuk", "stuk", store_twice)
    set_up_logging()

    answer = app.test_client().get("/stuk?token=geheim-token")

    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    said = json.dumps(lines)
    assert answer.status_code == 500
    assert IntegrityError.__name__ in said
    assert "geheim" not in said
    assert "anna@school.test" not in said
